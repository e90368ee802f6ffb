import type { Client } from '@temporalio/client';
import { TASK_QUEUE } from '../workflows/types.js';

/** `temporal.api.enums.v1.TaskQueueType` of the public API. */
const WORKFLOW_TASKS = 1;

/**
 * Whether a worker polls for workflows, or did a few minutes ago: so long the server remembers one. Asks for no other
 * tasks, because a worker whose slots are all taken does not poll for those.
 */
export async function workerPolls(client: Client): Promise<boolean> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: TASK_QUEUE },
    taskQueueType: WORKFLOW_TASKS,
  });
  return (pollers ?? []).length > 0;
}
