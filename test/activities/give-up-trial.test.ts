/** A trial that no worker brought to an end is seen and paid for like any other that is invalid. */
import { MockActivityEnvironment } from '@temporalio/testing';
import type { WorkerContext } from '../../src/activities/context.js';
import { createGiveUpTrial } from '../../src/activities/give-up-trial.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { invalidTrials } from '../../src/trial/invalid.js';
import { executeTrial } from '../../src/trial/run.js';
import { fakeDeps, fakeInput } from '../trial/fakes.js';

const { spec, contract, suite } = fakeInput();

function giveUp(store = createMemoryStore()) {
  const context = { store, contract: async () => ({ contract, suite }), secrets: () => [] };
  const usage = { promptTokens: 70, cachedTokens: 0, completionTokens: 7, estimated: false };
  const input = { spec, reason: 'heartbeat timeout', details: { broken: 1, cut: { id: 'killed', usage } } };
  const activity = createGiveUpTrial(context as unknown as WorkerContext);
  return new MockActivityEnvironment().run(activity, input);
}

test('it is kept with its reason, and what it was last heard to have spent is charged once', async () => {
  const store = createMemoryStore();
  const report = { outcome: 'invalid', reason: 'heartbeat timeout', promptTokens: 70, completionTokens: 7 };
  expect(await giveUp(store)).toMatchObject(report);
  expect(await giveUp(store)).toMatchObject(report);
  const known = { digest: spec.contract, tasks: contract.tasks };
  expect(await invalidTrials(store, known, 'r1/')).toMatchObject([
    { result: { task: spec.task, purpose: 'r1/observe', reason: 'heartbeat timeout' }, again: null },
  ]);
  expect(await invalidTrials(store, known, 'r2/')).toEqual([]);
  expect(await invalidTrials(store, { ...known, digest: 'd'.repeat(64) }, 'r1/')).toEqual([]);
});

test('a result that was stored before its worker went away counts', async () => {
  const deps = fakeDeps();
  await executeTrial(deps, fakeInput());
  expect(await giveUp(deps.store)).toMatchObject({ outcome: 'passed', promptTokens: 1070 });
});
