/** Whatever an endpoint does wrong, over the wire: the trial is tried again, then invalid with the reason, never failed. */
import { MockActivityEnvironment } from '@temporalio/testing';
import type { WorkerContext } from '../../src/activities/context.js';
import { createRunTrial } from '../../src/activities/run-trial.js';
import { createChatModel } from '../../src/model/create.js';
import { startSimulation } from '../../src/simulation/server.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { TRIALS } from '../../src/trial/key.js';
import type { TrialReport } from '../../src/workflows/types.js';
import { tinySuite } from '../simulation/suite.js';
import { fakeContract, fakeInput, fakeSandboxes, rewarding } from '../trial/fakes.js';

const tiny = tinySuite(1);
let simulation: Awaited<ReturnType<typeof startSimulation>>;
beforeAll(async () => {
  simulation = await startSimulation({ suiteDir: tiny.dir });
});
afterAll(async () => {
  await simulation.close();
  tiny.remove();
});

/** One try of a trial with this model; `broken`: times that it was broken before. */
function tryOnce(name: string, store = createMemoryStore(), broken = 0, baseUrl = simulation.url) {
  const { suite, harness, spec } = fakeInput();
  const endpoint = { baseUrl, timeoutSeconds: name.includes('slow') ? 0.3 : 30 };
  const contract = fakeContract(suite.tasks, { model: { name, endpoint } });
  const context = {
    store,
    sandbox: async () => fakeSandboxes(rewarding('0')),
    model: (config: typeof contract.model) => createChatModel(config, { OPENAI_API_KEY: 'simulated' }),
    contract: async () => ({ contract, suite, texts: async () => [], unchanged: async () => {} }),
    harness: async () => harness,
    secrets: () => [],
  } as unknown as WorkerContext;
  const activity = createRunTrial(context, { maxElapsedMs: 5, firstDelayMs: 1 });
  const environment = new MockActivityEnvironment({ heartbeatDetails: { broken } });
  return environment.run(activity, spec) as Promise<TrialReport>;
}

const DNS = `http://${'x'.repeat(64)}.invalid/v1`;

test.each([
  ['500', 'model (server): ', undefined],
  ['503', 'model (server): ', undefined],
  ['429', 'model (rate-limit): ', undefined],
  ['cut', 'model (connection): ', undefined],
  ['slow', 'model (timeout): ', undefined],
  ['garbage', 'model (protocol): ', undefined],
  ['inside', 'model (server): ', undefined],
  ['context', 'model (context-length): A request of about ', undefined],
  ['a host that nobody knows', 'model (connection): ', DNS],
])('%s', async (fault, reason, baseUrl) => {
  const store = createMemoryStore();
  const model = baseUrl ? 'sim-steady' : `sim-steady@${fault}`;
  await expect(tryOnce(model, store, 0, baseUrl)).rejects.toMatchObject({
    type: 'InvalidTrial',
    nonRetryable: false,
  });
  expect(await tryOnce(model, store, 2, baseUrl)).toMatchObject({
    outcome: 'invalid',
    reason: expect.stringContaining(reason),
  });
  for await (const key of store.listKeyed(TRIALS)) throw new Error(`${key} was scored`);
});

test.each(['quota', '401'])('%s is the fault of no trial: a person has to act', async (fault) => {
  await expect(tryOnce(`sim-steady@${fault}`)).rejects.toMatchObject({ type: 'NeedsPerson' });
});
