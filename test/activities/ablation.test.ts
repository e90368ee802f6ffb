/** Leave one out on a real ledger: what was promoted is found, made again without an edit, and pruned once. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import {
  createLeaveOut,
  createPrepareAblation,
  createRecordAblation,
} from '../../src/activities/ablation.js';
import { putCanonical } from '../../src/activities/artifacts.js';
import { createContext, type WorkerContext } from '../../src/activities/context.js';
import { createRecordRound } from '../../src/activities/record-round.js';
import { harnessDigest } from '../../src/harness/digest.js';
import { mergeEdits } from '../../src/harness/merge.js';
import type { Harness } from '../../src/harness/schema.js';
import { seedHarness } from '../../src/harness/seed.js';
import type { Edit } from '../../src/harness/types.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { loadSuite } from '../../src/suite/suite.js';
import type { AblationVerdict } from '../../src/validation/ablation.js';
import type { AblationPlan, LeaveOutReport } from '../../src/workflows/ablation-types.js';
import { contract } from '../report/support.js';
import { removeTemporaryFolders, taskFolder } from '../suite/fixtures.js';

const seed = seedHarness();
const env = new MockActivityEnvironment();
let dir: string;
let context: WorkerContext;
let digest: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ablation-'));
  context = createContext({ stateDir: dir, store: createMemoryStore(), env: {}, searchAttributes: false });
  const loaded = await loadSuite(dirname(await taskFolder()));
  if (!loaded.ok) throw new Error('the suite does not load');
  const { name, dir: suiteDir, digest: suiteDigest } = loaded.suite;
  const suite = { name, dir: suiteDir, digest: suiteDigest };
  digest = await putCanonical(context.store, { ...contract, suite });
  await putCanonical(context.store, seed);
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
    evolution: 'mine',
    round: null,
  });
});
afterEach(() => rm(dir, { recursive: true, force: true }));
afterAll(removeTemporaryFolders);

const section = (name: string, text: string): Edit => ({
  surface: 'instructions',
  patch: [{ op: 'add', path: `/instructions/${name}`, value: { order: 900, text } }],
});

/** A round that promotes all of these edits, as the workflow records it. */
async function promote(incumbent: Harness, round: number, edits: Edit[]): Promise<Harness> {
  const members = edits.map((edit, i) => ({ arm: `r${round}-p${i + 1}`, edit }));
  const { harness } = mergeEdits(incumbent, members);
  const proposals = await Promise.all(
    members.map(async ({ arm, edit }, i) => ({
      kind: 'proposed' as const,
      id: arm,
      slot: i + 1,
      weakness: 'w',
      harness: '0'.repeat(64),
      proposal: await context.store.putJson({ id: arm, edit, summary: `summary of ${arm}` }),
    })),
  );
  await env.run(createRecordRound(context), {
    prepared: { name: 'mine', contract: digest, registry: join(dir, 'registry') },
    round,
    incumbent: await putCanonical(context.store, incumbent),
    history: null,
    verdict: {
      decision: 'promoted',
      arm: 'merge',
      members: members.map(({ arm }) => arm),
      reason: 'it helps',
      candidates: [],
      comparison: null,
    },
    proposals,
    promoted: await putCanonical(context.store, harness),
    evidence: null,
    observed: null,
  } as never);
  return harness;
}

const prepare = (input: object = {}): Promise<AblationPlan> =>
  env.run(createPrepareAblation(context), { name: 'mine', ...input });
const leave = (plan: AblationPlan, edits: string[], removed = plan.removed): Promise<LeaveOutReport> =>
  env.run(createLeaveOut(context), { steps: plan.steps, final: plan.final, removed, edits });

async function evolved(): Promise<Harness> {
  const first = await promote(seed, 1, [section('one', 'Write early.'), section('two', 'Check late.')]);
  return promote(first, 2, [
    { surface: 'instructions', patch: [{ op: 'replace', path: '/instructions/two/text', value: 'Check.' }] },
  ]);
}

test('every promoted edit is found with the harness that they led to', async () => {
  const final = await evolved();
  const plan = await prepare();
  expect(plan).toMatchObject({ final: harnessDigest(final), removed: [], heldIn: contract.split.heldIn });
  expect(plan.edits.map(({ id, round, summary }) => [id, round, summary])).toEqual([
    ['r1-p1', 1, 'summary of r1-p1'],
    ['r1-p2', 1, 'summary of r1-p2'],
    ['r2-p1', 2, 'summary of r2-p1'],
  ]);
});

test('an edit that a later one builds on is skipped with the reason', async () => {
  await evolved();
  const plan = await prepare();
  const { arms, skipped } = await leave(plan, ['r1-p1', 'r1-p2', 'r2-p1']);
  expect(arms.map(({ id }) => id)).toEqual(['r1-p1', 'r2-p1']);
  expect(skipped).toEqual([{ id: 'r1-p2', reason: expect.stringContaining('r2-p1 builds on it') }]);
  const without = await context.harness(arms[0]!.harness);
  expect(without.instructions).not.toHaveProperty('one');
});

const split = { tasks: 1, trials: 2, incumbent: null, candidate: null, difference: null };
const verdict: AblationVerdict = {
  arm: 'r1-p1',
  decision: 'idle',
  reason: '',
  comparison: { arm: 'r1-p1', heldIn: split, heldOut: split, p: 0.01, looks: 1 },
};

test('a pruning is one ledger entry, moves the champion, and the edit stays out of the next leave-one-out', async () => {
  await evolved();
  const plan = await prepare({ prune: true });
  const { arms } = await leave(plan, ['r1-p1']);
  const record = {
    plan,
    passes: [{ removed: [], arms, skipped: [], verdicts: [verdict] }],
    pruned: ['r1-p1'],
    removed: ['r1-p1'],
    harness: arms[0]!.harness,
    reason: 'it no longer helps',
  };
  await env.run(createRecordAblation(context), record);
  await env.run(createRecordAblation(context), record);
  const registry = context.registry(join(dir, 'registry'));
  expect((await registry.ledger()).map(({ action }) => action)).toEqual([
    'seed',
    'promotion',
    'promotion',
    'prune',
  ]);
  expect((await registry.refs()).champion).toBe(arms[0]!.harness);
  expect((await registry.verify()).every(({ ok }) => ok)).toBe(true);
  expect((await registry.ledger()).at(-1)!.splitUse).toMatchObject({ split: 'heldOut', tasks: 4, count: 1 });
  const next = await prepare();
  expect(next).toMatchObject({ removed: ['r1-p1'], final: arms[0]!.harness });
});

test('one that finds nothing idle is recorded and moves nothing', async () => {
  const final = await evolved();
  const plan = await prepare();
  const record = { plan, passes: [], pruned: [], removed: [], harness: plan.final, reason: 'all stay' };
  await env.run(createRecordAblation(context), record);
  const registry = context.registry(join(dir, 'registry'));
  expect((await registry.ledger()).at(-1)).toMatchObject({ action: 'ablation', ref: null });
  expect((await registry.refs()).champion).toBe(harnessDigest(final));
});

test('a champion that somebody moved meanwhile needs a person', async () => {
  await evolved();
  const plan = await prepare({ prune: true });
  const { arms } = await leave(plan, ['r1-p1']);
  const last = (await context.registry(join(dir, 'registry')).ledger()).at(-1)!;
  const { sequence: _s, previous: _p, refBefore: _b, ...entry } = last;
  const back = {
    ...entry,
    id: 'back',
    action: 'rollback' as const,
    harness: harnessDigest(seed),
    parent: null,
  };
  await context.registry(join(dir, 'registry')).record(back);
  const record = {
    plan,
    passes: [],
    pruned: ['r1-p1'],
    removed: ['r1-p1'],
    harness: arms[0]!.harness,
    reason: '',
  };
  await expect(env.run(createRecordAblation(context), record)).rejects.toMatchObject({ type: 'NeedsPerson' });
});

test('wrong input is refused with the field', async () => {
  await expect(prepare({ name: 'other' })).rejects.toThrow(/name: found other: promoted nothing/);
  await expect(prepare({ prun: true })).rejects.toThrow(/prun/);
});
