import { proxyActivities } from '@temporalio/workflow';

const { noop } = proxyActivities({ startToCloseTimeout: '1 minute', taskQueue: 'bare' });

/** The least that a fan-out can cost: `count` activities that do nothing, all at once. */
export async function bare(count, input) {
  await Promise.all(Array.from({ length: count }, () => noop(input)));
}
