import { finalByCategory } from '../../src/cli/categories.js';
import type { Contract } from '../../src/contract/types.js';
import { createMemoryStore } from '../../src/store/memory.js';
import type { ArtifactStore } from '../../src/store/types.js';
import { INVALID_TRIALS, TRIALS, trialKey } from '../../src/trial/key.js';
import type { Outcome } from '../../src/trial/types.js';
import type { FinalMeasurement } from '../../src/workflows/types.js';

const contract = {
  tasks: [
    { name: 'b1', digest: 'd-b1', category: 'b' },
    { name: 'a1', digest: 'd-a1', category: 'a' },
    { name: 'a2', digest: 'd-a2', category: 'a' },
    { name: 'rest', digest: 'd-rest', category: 'c' },
  ],
  split: { heldIn: ['b1', 'a1'], heldOut: ['a2'] },
} as unknown as Contract;
const result = {
  name: 'e',
  contract: 'c',
  seedHarness: 'old',
  champion: 'new',
  final: {} as FinalMeasurement | null,
};

let store: ArtifactStore;
beforeEach(() => {
  store = createMemoryStore();
});

async function trials(harness: string, task: string, ...outcomes: Outcome[]): Promise<void> {
  for (const [i, outcome] of outcomes.entries()) {
    const spec = { contract: 'c', harness, task, purpose: 'e/final', attempt: i + 1 };
    const area = outcome === 'invalid' ? INVALID_TRIALS : TRIALS;
    await store.putKeyed(area, trialKey(spec, `d-${task}`), { outcome });
  }
}

test('attempts of the last measurement are added up by category, invalid ones left out', async () => {
  await trials('old', 'a1', 'failed', 'passed');
  await trials('new', 'a1', 'passed', 'passed');
  await trials('old', 'a2', 'invalid', 'agent-timeout');
  await trials('new', 'a2', 'passed', 'invalid');
  await trials('old', 'b1', 'passed', 'passed');
  await trials('new', 'b1', 'failed', 'passed');
  expect(await finalByCategory(store, contract, result)).toEqual([
    { category: 'a', tasks: 2, before: { passed: 1, attempts: 3 }, after: { passed: 3, attempts: 3 } },
    { category: 'b', tasks: 1, before: { passed: 2, attempts: 2 }, after: { passed: 1, attempts: 2 } },
  ]);
});

test('without a last measurement there is nothing to show', async () => {
  await trials('old', 'a1', 'passed');
  expect(await finalByCategory(store, contract, { ...result, final: null })).toEqual([]);
});
