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
import { noUsage } from '../../src/model/price.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { TRIALS, trialKey } from '../../src/trial/key.js';
import { InvalidTrial, keepInvalid } from '../../src/trial/run.js';
import type { GateVerdict, SplitComparison } from '../../src/validation/types.js';
import type { RoundRecord, RoundRecordInput, StoredRound } from '../../src/workflows/types.js';
import { fakeSuite, fakeTask } from '../suite/fixtures.js';
import { fakeContract } from '../trial/fakes.js';

const seed = seedHarness();
const better = { ...seed, name: 'better' };
let dir: string;
let context: WorkerContext;
const tasks = [fakeTask('first')];
const contract = fakeContract(tasks);
let contractDigest: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'record-round-'));
  context = createContext({ stateDir: dir, store: createMemoryStore(), env: {}, searchAttributes: false });
  contractDigest = await putCanonical(context.store, contract);
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

/** An invalid trial of this purpose, and of the seed unless another harness is named. */
async function keepBroken(purpose: string, reason: string, harness = harnessDigest(seed)) {
  const spec = { contract: contractDigest, harness, task: 'first', purpose, attempt: 1 };
  const error = new InvalidTrial(reason, false, {
    startedAt: new Date(0),
    seconds: 1,
    usage: noUsage,
    agent: null,
    trace: null,
    verifierOutput: null,
  });
  const deps = { store: context.store, redact: <T>(value: T) => value };
  await keepInvalid(deps, { spec, tryId: 'try-1', contract, suite: fakeSuite(tasks) }, error);
  return spec;
}

async function record(
  promoted: typeof better | null,
  reason: string,
  verdict: Partial<GateVerdict> = {},
): Promise<RoundRecord> {
  const input: RoundRecordInput = {
    prepared: { name: 'mine', contract: contractDigest, registry: join(dir, 'registry') },
    round: 1,
    heldOut: { digest: 'd'.repeat(64), tasks: 2, renewals: 0 },
    incumbent: await putCanonical(context.store, seed),
    history: null,
    verdict: {
      decision: promoted ? 'promoted' : 'undecided',
      arm: promoted ? 'r1-p1' : null,
      members: [],
      reason,
      candidates: [],
      comparison: null,
      ...verdict,
    },
    proposals: [],
    promoted: promoted && (await putCanonical(context.store, promoted)),
    evidence: null,
    observed: null,
  };
  return new MockActivityEnvironment().run(createRecordRound(context), input) as Promise<RoundRecord>;
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

test('the record lists every trial of the round that stayed invalid, with its arm and reason, and no others', async () => {
  for (const purpose of ['mine/r1/screen', 'mine/r1/observe']) await keepBroken(purpose, `no ${purpose}`);
  await keepBroken('mine/r1/confirm', 'no space', harnessDigest(better));
  await keepBroken('mine/r11/observe', 'another round');
  await keepBroken('mine/final', 'no round at all');
  await keepBroken('yours/r1/observe', 'another evolution');
  const mended = await keepBroken('mine/r1/mended', 'passed when it was run again');
  await context.store.putKeyed(TRIALS, trialKey(mended, tasks[0]!.digest), { outcome: 'passed' });

  const { record: digest } = await record(null, 'undecided');
  const { invalid } = await context.store.getJson<StoredRound>({ sha256: digest });
  const line = { task: 'first', attempt: 1 };
  expect(invalid).toEqual([
    { ...line, arm: 'merge', harness: harnessDigest(better), purpose: 'mine/r1/confirm', reason: 'no space' },
    ...['mine/r1/observe', 'mine/r1/screen'].map((purpose) => {
      return { ...line, arm: 'incumbent', harness: harnessDigest(seed), purpose, reason: `no ${purpose}` };
    }),
  ]);
});

test('a promotion whose passes took next to no steps is flagged for a person: in answer, record and ledger', async () => {
  const steps = async (harness: string, toolCalls: number) => {
    for (let attempt = 1; attempt <= 8; attempt++) {
      const spec = { contract: contractDigest, harness, task: 'first', purpose: 'mine/r1/confirm', attempt };
      await context.store.putKeyed(TRIALS, trialKey(spec, tasks[0]!.digest), {
        outcome: 'passed',
        toolCalls,
      });
    }
  };
  await steps(harnessDigest(seed), 14);
  await steps(harnessDigest(better), 1);
  const split: SplitComparison = { tasks: 1, trials: 16, incumbent: null, candidate: null, difference: null };
  const candidate = {
    arm: 'r1-p1',
    decision: 'promoted',
    stage: 'confirm',
    reason: '',
    heldInDelta: null,
  } as const;
  const { record: digest, flags } = await record(better, 'it helps.', {
    members: ['r1-p1'],
    candidates: [candidate],
    comparison: { arm: 'r1-p1', heldIn: split, heldOut: split, p: 0.01, looks: 1 },
  });
  expect(flags).toEqual([
    expect.stringContaining('100.0 % of its passes took at most 2 tool calls'),
    expect.stringContaining("took 1 tool calls in the median, the incumbent's 14"),
  ]);
  expect(await context.store.getJson<StoredRound>({ sha256: digest })).toMatchObject({ flags });
  expect((await ledger()).at(-1)!.reason).toMatch(/^it helps\. For a person: 100\.0 % of its passes/);
});
