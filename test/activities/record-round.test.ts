/** Decisions in the ledger: each once, and each that differs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { putCanonical } from '../../src/activities/artifacts.js';
import { createContext, type WorkerContext } from '../../src/activities/context.js';
import { createRecordRound } from '../../src/activities/record-round.js';
import { harnessDigest } from '../../src/harness/digest.js';
import { seedHarness } from '../../src/harness/seed.js';
import { createMemoryStore } from '../../src/store/memory.js';
import type { RoundRecordInput } from '../../src/workflows/types.js';

const seed = seedHarness();
const better = { ...seed, name: 'better' };
let dir: string;
let context: WorkerContext;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'record-round-'));
  context = createContext({ stateDir: dir, store: createMemoryStore(), env: {}, searchAttributes: false });
  const registry = context.registry(join(dir, 'registry'));
  await registry.putVersion(seed);
  await registry.record({
    id: 'seed',
    at: new Date(0).toISOString(),
    actor: 'test',
    action: 'seed',
    harness: harnessDigest(seed),
    parent: null,
    ref: 'champion',
    reason: 'start',
    evidence: {},
    evolution: null,
    round: null,
  });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function record(promoted: typeof better | null, reason: string) {
  const input: RoundRecordInput = {
    prepared: { name: 'mine', contract: 'c'.repeat(64), registry: join(dir, 'registry') },
    round: 1,
    incumbent: await putCanonical(context.store, seed),
    history: null,
    verdict: {
      decision: promoted ? 'promoted' : 'undecided',
      arm: promoted ? 'r1-p1' : null,
      members: [],
      reason,
      candidates: [],
      comparison: null,
    },
    proposals: [],
    promoted: promoted && (await putCanonical(context.store, promoted)),
    evidence: null,
    observed: null,
  };
  return new MockActivityEnvironment().run(createRecordRound(context), input);
}

const ledger = () => context.registry(join(dir, 'registry')).ledger();
const champion = async () => (await context.registry(join(dir, 'registry')).refs()).champion;

test('the same decision is written once, however often it is recorded', async () => {
  const first = await record(better, 'it helps');
  expect(await record(better, 'it helps')).toEqual(first);
  expect((await ledger()).map(({ action }) => action)).toEqual(['seed', 'promotion']);
});

test('a round that the budget ended and that promotes when run again moves the champion', async () => {
  await record(null, 'the budget is used up');
  expect(await champion()).toBe(harnessDigest(seed));
  await record(better, 'it helps');
  expect(await champion()).toBe(harnessDigest(better));
  expect((await ledger()).map(({ action }) => action)).toEqual(['seed', 'rejection', 'promotion']);
});

test('the same promotion on other figures is no conflict; one of a harness that is champion no more needs a person', async () => {
  await record(better, 'it helps');
  await record(better, 'it helps, by other figures');
  expect(await champion()).toBe(harnessDigest(better));
  await expect(record({ ...seed, name: 'other' }, 'it helps as well')).rejects.toMatchObject({
    type: 'NeedsPerson',
    message: expect.stringContaining('champion'),
  });
});
