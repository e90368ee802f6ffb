/** The trial as an activity, under a real worker: what is counted against a trial, and what only against its workers. */
import type { WorkerContext } from '../../src/activities/context.js';
import { badInput } from '../../src/activities/failures.js';
import { createRunTrial } from '../../src/activities/run-trial.js';
import type { ChatModel } from '../../src/model/types.js';
import { SandboxError } from '../../src/sandbox/types.js';
import { createMemoryStore } from '../../src/store/memory.js';
import type { ArtifactStore } from '../../src/store/types.js';
import { runTrials } from '../../src/workflows/index.js';
import { formatItems } from '../../src/workflows/items.js';
import { type BatchResult, TASK_QUEUE } from '../../src/workflows/types.js';
import { finish, ScriptedModel } from '../support/scripted-model.js';
import { type TestTemporal, testTemporal, uniqueId, until } from '../support/temporal.js';
import { type FakeSandboxes, fakeInput, fakeSandboxes, rewarding } from '../trial/fakes.js';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await testTemporal();
});
afterAll(() => temporal.close());

interface World {
  sandbox: FakeSandboxes;
  model: ChatModel;
  store?: ArtifactStore;
  unchanged?: () => Promise<void>;
}

/** A worker's `runTrial` in which everything but the activity and the agent is the test's own. */
function activityOf({ sandbox, model, store = createMemoryStore(), unchanged = async () => {} }: World) {
  const { contract, suite, harness } = fakeInput();
  return createRunTrial({
    store,
    sandbox: async () => sandbox,
    model: () => model,
    contract: async () => ({ contract, suite, texts: async () => [], unchanged }),
    harness: async () => harness,
    secrets: () => [],
  } as unknown as WorkerContext);
}

function start() {
  const { spec } = fakeInput();
  return temporal.client.workflow.start(runTrials, {
    taskQueue: TASK_QUEUE,
    workflowId: uniqueId('trial'),
    args: [
      {
        contract: spec.contract,
        purpose: spec.purpose,
        tasks: [spec.task],
        arms: [{ name: 'seed', harness: spec.harness }],
        items: formatItems([{ arm: 0, task: 0, attempt: 1 }]),
        concurrency: 1,
        trialSeconds: 60,
        allowance: {},
      },
    ],
  });
}

function failing(times: number): FakeSandboxes {
  let starts = 0;
  return fakeSandboxes(rewarding('1'), () => {
    starts += 1;
    if (starts <= times) throw new SandboxError('the kernel said no', 'start');
  });
}

const finishing = () => new ScriptedModel([finish()]);

test('a worker that shuts down gives its trial up cleanly, and that is not held against the trial', async () => {
  const first = fakeSandboxes(rewarding('1'));
  let asked = 0;
  const hanging: ChatModel = {
    complete: (_request, options) =>
      new Promise((_resolve, reject) => {
        asked += 1;
        options?.signal?.addEventListener('abort', () => reject(options.signal!.reason), { once: true });
      }),
  };
  const store = createMemoryStore();
  const handle = await temporal.withWorkers(
    { runTrial: activityOf({ sandbox: first, model: hanging, store }) },
    async () => {
      const started = await start();
      await until(() => asked === 1);
      return started;
    },
  );
  expect(first.alive).toBe(0);

  // On another worker the infrastructure breaks it twice, which is not yet enough for it to be invalid.
  const second = failing(2);
  const result = await temporal.withWorkers(
    { runTrial: activityOf({ sandbox: second, model: finishing(), store }) },
    () => handle.result() as Promise<BatchResult>,
  );
  expect(result.outcomes).toBe('P');
  expect(second.alive).toBe(0);
});

test('what the infrastructure breaks three times is invalid, with the reason', async () => {
  const result = await temporal.withWorkers(
    { runTrial: activityOf({ sandbox: failing(9), model: finishing() }) },
    async () => (await start()).result() as Promise<BatchResult>,
  );
  expect(result.outcomes).toBe('I');
  expect(result.problems).toEqual([expect.stringContaining('the kernel said no')]);
});

test('a task that is not what was frozen ends the batch before a sandbox is started', async () => {
  const sandbox = fakeSandboxes(rewarding('1'));
  const unchanged = async () => {
    throw badInput([{ file: '/suite/first', field: '(files)', found: 'b', expected: 'a' }]);
  };
  const failed = temporal.withWorkers(
    { runTrial: activityOf({ sandbox, model: finishing(), unchanged }) },
    async () => (await start()).result(),
  );
  await expect(failed).rejects.toMatchObject({ cause: { cause: { type: 'BadInput' } } });
  expect(sandbox.specs).toHaveLength(0);
});
