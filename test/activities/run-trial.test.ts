/** The trial as an activity, under a real worker: what is counted against a trial, and what only against its workers. */
import { MockActivityEnvironment } from '@temporalio/testing';
import type { WorkerContext } from '../../src/activities/context.js';
import { badInput } from '../../src/activities/failures.js';
import { createRunTrial } from '../../src/activities/run-trial.js';
import type { ChatModel } from '../../src/model/types.js';
import { SandboxError, type SandboxProvider } from '../../src/sandbox/types.js';
import { createMemoryStore } from '../../src/store/memory.js';
import type { ArtifactStore } from '../../src/store/types.js';
import { runTrials } from '../../src/workflows/index.js';
import { formatItems } from '../../src/workflows/items.js';
import { type BatchResult, TASK_QUEUE } from '../../src/workflows/types.js';
import { faultySandboxes } from '../support/faulty-sandbox.js';
import { answer, finish, ScriptedModel, shell } from '../support/scripted-model.js';
import { type TestTemporal, testTemporal, uniqueId, until } from '../support/temporal.js';
import { type FakeSandboxes, fakeInput, fakeSandboxes, rewarding } from '../trial/fakes.js';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await testTemporal();
});
afterAll(() => temporal.close());

interface World {
  sandbox: SandboxProvider;
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
    complete: async (_request, options) => {
      asked += 1;
      if (asked === 1) return answer(shell('ls'), 'call');
      return new Promise((_resolve, reject) => {
        options?.signal?.addEventListener('abort', () => reject(options.signal!.reason), { once: true });
      });
    },
  };
  const store = createMemoryStore();
  const handle = await temporal.withWorkers(
    { runTrial: activityOf({ sandbox: first, model: hanging, store }) },
    async () => {
      const started = await start();
      await until(() => asked === 2);
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
  // One answer on the worker that went away, one on the other.
  expect(result.spend).toMatchObject({ trials: 1, promptTokens: 200, completionTokens: 20 });
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

/** Works for one command, then finishes; each answer costs 100 tokens in and 10 out. */
const working: ChatModel = {
  complete: async ({ messages }) =>
    answer(messages.some(({ role }) => role === 'assistant') ? finish() : shell('ls'), 'call'),
};

test('a trial counts once, however often it was retried, and what its broken tries spent is metered', async () => {
  const sandbox = faultySandboxes(fakeSandboxes(rewarding('1')), (_, attempt) =>
    attempt <= 2 ? 'dies' : null,
  );
  const store = createMemoryStore();
  const activities = { runTrial: activityOf({ sandbox, model: working, store }) };
  const run = () =>
    temporal.withWorkers(activities, async () => (await start()).result() as Promise<BatchResult>);
  const result = await run();
  expect(result.outcomes).toBe('P');
  // Three tries of two answers each: the sandbox goes with the second command, which is the verifier's first.
  expect(result.spend).toMatchObject({ trials: 1, invalid: 0, promptTokens: 600, completionTokens: 60 });
  // Whoever asks again gets the result, and the same bill, paid before.
  const { outcomes, seconds, spend } = result;
  expect(await run()).toMatchObject({ outcomes, seconds, spend, before: { ...spend, invalid: 0 } });
  expect(sandbox.injected).toHaveLength(2);
});

test('what a try had spent whose worker was killed is metered once', async () => {
  const activity = activityOf({ sandbox: fakeSandboxes(rewarding('1')), model: finishing() });
  const usage = { promptTokens: 70, cachedTokens: 0, completionTokens: 7, estimated: false };
  for (const heartbeatDetails of [{ broken: 0, cut: { id: 'killed', usage } }, null, undefined]) {
    const report = new MockActivityEnvironment({ heartbeatDetails }).run(activity, fakeInput().spec);
    await expect(report).resolves.toMatchObject({
      outcome: 'passed',
      promptTokens: 170,
      completionTokens: 17,
    });
  }
});

test('an invalid trial is charged for all of its tries, and tried anew when it is asked for again', async () => {
  let broken = true;
  const sandbox = faultySandboxes(fakeSandboxes(rewarding('1')), () => (broken ? 'dies' : null));
  const activities = { runTrial: activityOf({ sandbox, model: working }) };
  await temporal.withWorkers(activities, async () => {
    const first = (await (await start()).result()) as BatchResult;
    expect(first).toMatchObject({ outcomes: 'I', spend: { trials: 1, invalid: 1, promptTokens: 600 } });
    broken = false;
    const second = (await (await start()).result()) as BatchResult;
    expect(second).toMatchObject({ outcomes: 'P', spend: { trials: 1, invalid: 0, promptTokens: 800 } });
  });
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
