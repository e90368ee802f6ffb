/** Batches of trials: what is asked for is run once, what goes wrong in one place loses nothing elsewhere. */

import { Context } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { measurementProgress } from '../../src/client/evolutions.js';
import type { TrialSpec } from '../../src/trial/types.js';
import { runTrials } from '../../src/workflows/index.js';
import { formatItems } from '../../src/workflows/items.js';
import { pauseSignal, progressQuery, resumeSignal, stopSignal } from '../../src/workflows/steering.js';
import {
  type BatchResult,
  type GiveUpInput,
  TASK_QUEUE,
  type TrialBatch,
  type TrialReport,
} from '../../src/workflows/types.js';
import { PASSED, report } from '../support/fake-activities.js';
import { gate, type TestTemporal, testTemporal, uniqueId, until } from '../support/temporal.js';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await testTemporal();
});
afterAll(() => temporal.close());

function batch(count: number, overrides: Partial<TrialBatch> = {}): TrialBatch {
  return {
    contract: 'c'.repeat(64),
    purpose: 'test/batch',
    tasks: ['one'],
    arms: [{ name: 'seed', harness: 'h'.repeat(64) }],
    items: formatItems(Array.from({ length: count }, (_, i) => ({ arm: 0, task: 0, attempt: i + 1 }))),
    concurrency: 4,
    trialSeconds: 60,
    allowance: {},
    ...overrides,
  };
}

type RunTrial = (spec: TrialSpec) => Promise<TrialReport>;

/** Starts a batch with this activity and lets `work` play with it. */
function withBatch<T>(
  input: TrialBatch,
  runTrial: RunTrial,
  work: (handle: WorkflowHandle<typeof runTrials>) => Promise<T>,
  workflowId = uniqueId('batch'),
): Promise<T> {
  return temporal.withWorkers({ runTrial }, async () =>
    work(
      await temporal.client.workflow.start(runTrials, { taskQueue: TASK_QUEUE, workflowId, args: [input] }),
    ),
  );
}

const run = (input: TrialBatch, runTrial: RunTrial = async () => PASSED) =>
  withBatch(input, runTrial, (handle) => handle.result() as Promise<BatchResult>);

test('a batch of nothing is done at once', async () => {
  expect(await run(batch(0))).toMatchObject({ outcomes: '', seconds: [], spend: { trials: 0 } });
});

test('outcomes stand in the order of the items, whatever ends first', async () => {
  const outcomes = ['passed', 'failed', 'agent-timeout', 'invalid'] as const;
  const result = await run(batch(4), async ({ attempt }) => {
    await new Promise((resolve) => setTimeout(resolve, (4 - attempt) * 30));
    return report(outcomes[attempt - 1]!, 'the disk is gone');
  });
  expect(result.outcomes).toBe('PFTI');
  expect(result.spend).toMatchObject({ trials: 4, invalid: 1 });
  expect(result.problems).toEqual(['the disk is gone']);
});

test('a batch beyond 500 trials runs in parts, each trial once, and progress counts them all', async () => {
  const seen: number[] = [];
  const hold = gate();
  const name = uniqueId('parts');
  const result = await withBatch(
    batch(505, { concurrency: 100 }),
    async ({ attempt }) => {
      seen.push(attempt);
      if (attempt === 503) await hold.opened;
      return report(attempt % 2 ? 'passed' : 'failed');
    },
    async (handle) => {
      await until(async () => (await measurementProgress(temporal.client, name))?.done === 504);
      hold.open();
      return handle.result() as Promise<BatchResult>;
    },
    `run/${name}`,
  );
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 505 }, (_, i) => i + 1));
  expect(result.outcomes).toBe('PF'.repeat(252).concat('P'));
  expect(result.seconds).toHaveLength(505);
  expect(result.spend.trials).toBe(505);
});

test('the allowance ends a batch in its middle; what is in flight counts', async () => {
  const result = await run(batch(10, { allowance: { trials: 3 } }));
  expect(result.outcomes).toBe('PPPBBBBBBB');
  const byTokens = await run(batch(10, { allowance: { tokens: 300 }, concurrency: 1 }));
  // What the third would cost is known, and does not fit any more.
  expect(byTokens.outcomes).toBe('PPBBBBBBBB');
  const byDollars = await run(batch(6, { allowance: { usd: 0.5 }, concurrency: 1 }), async () => ({
    ...PASSED,
    costUsd: 0.25,
  }));
  expect(byDollars.outcomes).toBe('PPBBBB');
  const late = await run(batch(2, { allowance: { until: Date.now() - 1 } }));
  expect(late.outcomes).toBe('BB');
});

test('when one trial fails for good, those under way end first, nothing more begins, and the cause is told', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const both = gate();
  const runTrial: RunTrial = async ({ attempt }) => {
    begun.push(attempt);
    if (begun.length === 2) both.open();
    await both.opened;
    if (attempt === 1) throw ApplicationFailure.nonRetryable('the suite changed', 'BadInput');
    await new Promise((resolve) => setTimeout(resolve, 300));
    ended.push(attempt);
    return PASSED;
  };
  await expect(run(batch(6, { concurrency: 2 }), runTrial)).rejects.toMatchObject({
    cause: { cause: { type: 'BadInput', message: 'the suite changed' } },
  });
  expect(begun.sort()).toEqual([1, 2]);
  expect(ended).toEqual([2]);
});

test('a lane that waits for a person does not hold back the failure of another', async () => {
  const runTrial: RunTrial = async ({ attempt }) => {
    if (attempt === 1) throw ApplicationFailure.nonRetryable('no key', 'NeedsPerson');
    await new Promise((resolve) => setTimeout(resolve, 300));
    throw ApplicationFailure.nonRetryable('the suite changed', 'BadInput');
  };
  await expect(run(batch(2), runTrial)).rejects.toMatchObject({ cause: { cause: { type: 'BadInput' } } });
});

test('a trial that no worker brings to an end is given up as invalid, never failed, and never the end of the batch', async () => {
  let tries = 0;
  const givenUp: GiveUpInput[] = [];
  const activities = {
    runTrial: async ({ attempt }: TrialSpec) => {
      if (attempt === 2) return PASSED;
      tries += 1;
      throw ApplicationFailure.create({
        type: 'WorkerShutdown',
        message: 'went away',
        nextRetryDelay: '1 ms',
      });
    },
    giveUpTrial: async (input: GiveUpInput) => {
      givenUp.push(input);
      return { ...report('invalid', input.reason), promptTokens: 7 };
    },
  };
  const result = await temporal.withWorkers(activities, () =>
    temporal.client.workflow.execute(runTrials, {
      taskQueue: TASK_QUEUE,
      workflowId: uniqueId('batch'),
      args: [batch(2)],
    }),
  );
  expect(result).toMatchObject({ outcomes: 'IP', spend: { trials: 2, invalid: 1, promptTokens: 107 } });
  expect(result.problems).toEqual([expect.stringContaining('went away')]);
  expect(givenUp).toMatchObject([{ spec: { task: 'one', attempt: 1, purpose: 'test/batch' } }]);
  expect(tries).toBeGreaterThan(3);
});

test('cancelling waits until the trials under way have cleaned up', async () => {
  const cleaned: number[] = [];
  let begun = 0;
  const runTrial: RunTrial = async ({ attempt }) => {
    begun += 1;
    const beat = setInterval(() => Context.current().heartbeat(), 100);
    try {
      await Context.current().cancelled;
    } catch (error) {
      await new Promise((resolve) => setTimeout(resolve, attempt * 100));
      cleaned.push(attempt);
      throw error;
    } finally {
      clearInterval(beat);
    }
    return PASSED;
  };
  await withBatch(batch(6, { concurrency: 3 }), runTrial, async (handle) => {
    await until(() => begun === 3);
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: expect.any(CancelledFailure) });
    expect(cleaned.sort()).toEqual([1, 2, 3]);
  });
  expect(begun).toBe(3);
});

test('people pause, resume and stop a batch with plain signals, sensible or not', async () => {
  const begun: number[] = [];
  const hold = gate();
  const runTrial: RunTrial = async ({ attempt }) => {
    begun.push(attempt);
    await hold.opened;
    return PASSED;
  };
  const result = await withBatch(batch(8, { concurrency: 2 }), runTrial, async (handle) => {
    await until(() => begun.length === 2);
    // What a person forgets on the command line arrives as no argument at all.
    await handle.signal('pause');
    hold.open();
    await until(async () => (await handle.query(progressQuery)).done === 2);
    expect(await handle.query(progressQuery)).toMatchObject({ paused: 'on request', running: 0 });
    await handle.signal(pauseSignal, 'lunch');
    await until(async () => (await handle.query(progressQuery)).paused === 'lunch');
    expect(begun).toHaveLength(2);
    await handle.signal(resumeSignal);
    await handle.signal(stopSignal);
    return handle.result() as Promise<BatchResult>;
  });
  expect(result.outcomes.startsWith('PP')).toBe(true);
  expect(result.outcomes.endsWith('B')).toBe(true);
});

test('stopping while trials wait for a person ends the batch, with those trials not run', async () => {
  const runTrial: RunTrial = async () => {
    throw ApplicationFailure.nonRetryable('no key', 'NeedsPerson');
  };
  const result = await withBatch(batch(3), runTrial, async (handle) => {
    await until(async () => (await handle.query(progressQuery)).paused === 'no key');
    await handle.signal(stopSignal);
    return handle.result() as Promise<BatchResult>;
  });
  expect(result).toMatchObject({ outcomes: 'BBB', spend: { trials: 0 } });
});

test('a failure from before the resume does not pause again', async () => {
  const late = gate();
  let mended = false;
  const calls: number[] = [];
  const runTrial: RunTrial = async ({ attempt }) => {
    calls.push(attempt);
    if (mended) return PASSED;
    if (attempt === 2) await late.opened;
    throw ApplicationFailure.nonRetryable('no key', 'NeedsPerson');
  };
  const result = await withBatch(batch(2), runTrial, async (handle) => {
    await until(async () => calls.length === 2 && (await handle.query(progressQuery)).paused !== null);
    mended = true;
    await handle.signal(resumeSignal);
    await until(async () => (await handle.query(progressQuery)).done === 1);
    late.open();
    return handle.result() as Promise<BatchResult>;
  });
  expect(result.outcomes).toBe('PP');
});

test.each([
  ['nothing at all', undefined, 'workflow input'],
  ['a list', [], 'workflow input'],
  ['items of another form', batch(1, { items: '1-2-3' }), 'items'],
  ['items that name no task', batch(1, { items: '0.7.1' }), 'items'],
  ['no arms', { contract: 'c' }, 'purpose'],
  ['arms of another form', { ...batch(1), arms: ['seed'] }, 'arms'],
  ['a word for yes', batch(1, { noteFiles: 'yes' as never }), 'noteFiles'],
  ['no concurrency', batch(1, { concurrency: 0 }), 'concurrency'],
])('%s is refused at once, with the field', async (_, input, field) => {
  const prepareMeasurement = async () => {
    throw ApplicationFailure.nonRetryable('workflow input: (document): found nothing', 'BadInput');
  };
  const failed = temporal.withWorkers({ runTrial: async () => PASSED, prepareMeasurement }, () =>
    temporal.client.workflow.execute(runTrials, {
      taskQueue: TASK_QUEUE,
      workflowId: uniqueId('bad'),
      args: input === undefined ? ([] as never) : [input as TrialBatch],
    }),
  );
  await expect(failed).rejects.toThrow();
  const error = await failed.catch((caught) => caught);
  const innermost = error.cause.cause ?? error.cause;
  expect(innermost).toMatchObject({ type: 'BadInput', message: expect.stringContaining(field) });
});
