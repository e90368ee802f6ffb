/** Control arms by what lies in the store: what evolving cost, edits by chance, and the rows that stand beside the evolved harness. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { putCanonical } from '../../src/activities/artifacts.js';
import { createContext, type WorkerContext } from '../../src/activities/context.js';
import { createDrawEdits, createPlanControls, createScoreControls } from '../../src/activities/controls.js';
import { createMergeCandidates } from '../../src/activities/merge-candidates.js';
import type { Contract } from '../../src/contract/types.js';
import { seedHarness } from '../../src/harness/seed.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { INVALID_TRIALS, TRIALS, trialKey } from '../../src/trial/key.js';
import { trialResult } from '../../src/trial/result.js';
import { noteBrokenTry } from '../../src/trial/tries.js';
import type { Outcome } from '../../src/trial/types.js';
import { differenceInterval, shareInterval } from '../../src/validation/intervals.js';
import type {
  ControlsPlan,
  ControlsResult,
  DrawEditsReport,
  DrawnEdit,
  ScoreControlsInput,
  SearchRound,
} from '../../src/workflows/control-types.js';
import type { MergeReport } from '../../src/workflows/types.js';
import { fakeSuite, fakeTask } from '../suite/fixtures.js';
import { fakeContract } from '../trial/fakes.js';

const suite = fakeSuite(['in-1', 'in-2', 'in-3', 'out-1', 'out-2'].map((name) => fakeTask(name)));
const heldIn = ['in-1', 'in-2', 'in-3'];
const heldOut = ['out-1', 'out-2'];
const price = { inputPerMillion: 1e6, outputPerMillion: 0 };
let dir: string;
let context: WorkerContext;
let contract: Contract;
let digest: string;
let seed: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'controls-'));
  context = createContext({ stateDir: dir, store: createMemoryStore(), env: {}, searchAttributes: false });
  const fake = fakeContract(suite.tasks, { model: { name: 'm', price } });
  contract = { ...fake, split: { heldIn, heldOut, sealed: [], reserve: [] } };
  digest = await putCanonical(context.store, contract);
  seed = await putCanonical(context.store, seedHarness());
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A trial of so many tokens, each of them a dollar. */
async function keep(
  of: { harness?: string; task: string; purpose: string; attempt?: number },
  outcome: Outcome,
  { tokens = 2, fingerprint }: { tokens?: number; fingerprint?: string | null } = {},
) {
  const spec = { contract: digest, harness: seed, attempt: 1, ...of };
  const key = trialKey(spec, suite.tasks.find(({ name }) => name === spec.task)!.digest);
  const usage = { promptTokens: tokens, cachedTokens: 0, completionTokens: 0, estimated: false };
  const facts = { startedAt: new Date(0), seconds: 1, usage, agent: null, trace: null, verifierOutput: null };
  const result = trialResult(
    { key, tryId: 'try', spec, contract },
    { ...facts, ...(fingerprint === undefined ? {} : { fingerprint }) },
    { outcome, reason: '', reward: outcome === 'passed' ? 1 : 0 },
  );
  await context.store.putKeyed(outcome === 'invalid' ? INVALID_TRIALS : TRIALS, key, result);
  return { key, usage };
}

const activity = <T>(run: (...args: never[]) => Promise<T>, ...args: unknown[]): Promise<T> =>
  new MockActivityEnvironment().run(run as (...args: unknown[]) => Promise<T>, ...args);

const common = () => ({
  name: 'mine',
  contract: digest,
  seedHarness: seed,
  heldIn,
  heldOut,
  finalAttempts: 1,
});
const decided = { trials: 10, tokens: 100, usd: 100 };
const plan = (calibrationAttempts: number): Promise<ControlsPlan> =>
  activity(createPlanControls(context), { ...common(), calibrationAttempts, decided });

test('evolving cost what rounds and ablation did and the trials of the calibration, broken tries included', async () => {
  for (const task of heldIn)
    for (const attempt of [1, 2]) await keep({ task, purpose: 'mine/calibrate', attempt }, 'failed');
  const { key, usage } = await keep({ task: 'out-1', purpose: 'mine/calibrate' }, 'passed');
  const whose = { contract: common().contract, purpose: 'mine/calibrate' };
  await noteBrokenTry(context.store, key, { ...whose, id: 'broken', usage, reason: 'gone' });
  expect((await plan(1)).evolving).toEqual({ trials: 17, tokens: 116, usd: 116 });
  expect((await plan(0)).evolving).toEqual(decided);
});

test('a trial of the seed costs what valid ones of the final measurement did on average; without any nobody knows', async () => {
  expect((await plan(0)).seedTrial).toEqual({ tokens: null, usd: null });
  await keep({ task: 'in-1', purpose: 'mine/final' }, 'passed', { tokens: 4 });
  await keep({ task: 'in-2', purpose: 'mine/final' }, 'failed', { tokens: 8 });
  await keep({ task: 'in-3', purpose: 'mine/final' }, 'invalid', { tokens: 900 });
  expect((await plan(0)).seedTrial).toEqual({ tokens: 6, usd: 6 });
});

describe('edits by chance', () => {
  const texts = async () => ({ texts: [], answers: [] });
  const draw = (round: number, drawn: string | null = null): Promise<DrawEditsReport> => {
    const loaded = { contract, suite, texts, unchanged: async () => {} };
    const known = { ...context, contract: async () => loaded };
    return activity(createDrawEdits(known), { contract: digest, harness: seed, round, width: 4, drawn });
  };
  const harnesses = ({ edits }: DrawEditsReport) => edits.map(({ harness }) => harness);

  test('are drawn anew each round, the same when asked again, and lie in the store like proposals', async () => {
    const first = await draw(1);
    expect(first.edits).toHaveLength(4);
    expect(new Set([seed, ...harnesses(first)]).size).toBe(5);
    expect(await draw(1)).toEqual(first);
    expect(harnesses(await draw(2))).not.toEqual(harnesses(first));
    const [one] = first.edits;
    const merged: MergeReport = await activity(createMergeCandidates(context), {
      incumbent: seed,
      proposals: [{ arm: one!.id, proposal: one!.proposal }],
    });
    expect(merged).toMatchObject({ arm: one!.id, harness: one!.harness, dropped: [] });
  });

  test('never lead to a harness that was tried, and all that were drawn are listed', async () => {
    const first = await draw(1);
    const others = await draw(1, first.drawn);
    expect(harnesses(others).filter((harness) => harnesses(first).includes(harness))).toEqual([]);
    const listed = await context.store.getJson<DrawnEdit[]>({ sha256: others.drawn });
    expect(listed.map(({ harness }) => harness)).toEqual([...harnesses(first), ...harnesses(others)]);
  });
});

describe('rows', () => {
  const champion = 'b'.repeat(64);
  const lucky = 'e'.repeat(64);
  const evolving = { trials: 10, tokens: 100, usd: 50 };
  const tasks = [...heldIn, ...heldOut];
  const round = (number: number, harness: string, spent: number): SearchRound => ({
    ...{
      round: number,
      decision: harness === seed ? 'rejected' : 'promoted',
      reason: '',
      edits: 4,
      harness,
    },
    spent: { trials: spent, tokens: spent, usd: spent },
  });
  const score = (more: Partial<ScoreControlsInput>): Promise<ControlsResult> =>
    activity(createScoreControls(context), {
      ...common(),
      ...{ champion, evolving, money: 'usd', noOp: false, bestOf: null, search: null, ...more },
    });

  beforeEach(async () => {
    for (const task of tasks) {
      await keep({ task, purpose: 'mine/final' }, task === 'in-1' ? 'passed' : 'failed');
      await keep({ task, purpose: 'mine/final', harness: champion }, 'passed');
      await keep({ task, purpose: 'mine/controls/measure' }, task === 'in-2' ? 'passed' : 'failed');
      await keep({ task, purpose: 'mine/controls/measure', harness: lucky }, 'passed');
      for (const attempt of [1, 2, 3])
        await keep(
          { task, purpose: 'mine/controls/best-of-n', attempt },
          attempt === 1 ? 'passed' : 'failed',
          {
            fingerprint: attempt === 1 ? 'own' : task === 'out-1' ? null : 'shared',
          },
        );
    }
  });

  test('put the evolved harness first, and no-op beside it on attempts of its own', async () => {
    const { rows, record } = await score({ noOp: true });
    expect(rows.map(({ arm, outlay, harness }) => [arm, outlay?.trials, harness])).toEqual([
      ['evolved', 10, champion],
      ['no-op', 0, seed],
    ]);
    const [evolved, noOp] = rows;
    expect(evolved!.heldIn).toEqual({
      rate: shareInterval([1, 1, 1], 3),
      gain: differenceInterval([0, 1, 1]),
      lead: null,
    });
    // What noise alone gives: one task won, another lost.
    expect(noOp!.heldIn).toEqual({
      rate: shareInterval([0, 1, 0], 3),
      gain: differenceInterval([-1, 1, 0]),
      lead: differenceInterval([1, 0, 1]),
    });
    expect(noOp!.heldOut.lead).toEqual(differenceInterval([1, 1]));
    expect(await context.store.getJson({ sha256: record })).toMatchObject({ evolving, rounds: [] });
  });

  test('read as many attempts of the seed as each budget bought, and say how many votes are unknown', async () => {
    const { rows, votes } = await score({ bestOf: { trials: 1, money: 3 } });
    expect(
      rows.slice(1).map(({ arm, equal, attempts, outlay, heldIn, heldOut }) => {
        return [arm, equal, attempts, outlay!.usd, heldIn.rate!.value, heldOut.rate!.value];
      }),
    ).toEqual([
      ['best-of-n, by verifier', ['trials'], 1, 10, 1, 1],
      ['best-of-n, by vote', ['trials'], 1, 10, 1, 1],
      ['best-of-n, by verifier', ['money'], 3, 30, 1, 1],
      // Two that left the same and failed outvote one that passed, but where nobody knows what they left.
      ['best-of-n, by vote', ['money'], 3, 30, 0, 0.5],
    ]);
    expect(votes).toEqual({ attempts: 15, unknown: 2 });
  });

  test('take what chance came to within each budget', async () => {
    const rounds = [round(1, seed, 6), round(2, lucky, 12)];
    const { rows, search } = await score({
      search: { rounds, drawn: null, within: { trials: 1, money: 2 } },
    });
    expect(
      rows.slice(1).map(({ equal, harness, outlay, heldIn }) => [equal, harness, outlay, heldIn.rate!.value]),
    ).toEqual([
      [['trials'], seed, rounds[0]!.spent, expect.closeTo(1 / 3)],
      [['money'], lucky, rounds[1]!.spent, 1],
    ]);
    expect(search).toEqual({ rounds: 2, edits: 8, promoted: 1 });
  });

  test('say null where nobody knows what a budget buys', async () => {
    const { rows } = await score({
      bestOf: { trials: 1, money: null },
      search: { rounds: [], drawn: null, within: { trials: 0, money: null } },
    });
    const nothing = { rate: null, gain: null, lead: null };
    const untold = rows.filter(({ attempts }) => attempts === null);
    expect(untold).toHaveLength(3);
    for (const row of untold) expect(row).toMatchObject({ outlay: null, heldIn: nothing, heldOut: nothing });
    expect(rows.at(-2)).toMatchObject({ arm: 'random-edit', harness: seed, outlay: { trials: 0 } });
  });

  test('have no gain of the evolved harness where nothing was promoted: it is the seed', async () => {
    const { rows } = await score({ champion: seed, noOp: true });
    expect(rows[0]!.heldIn).toMatchObject({ gain: null, lead: null });
    expect(rows[1]!.heldIn.gain).toEqual(differenceInterval([-1, 1, 0]));
    expect(rows[1]!.heldIn.lead).toEqual(differenceInterval([1, -1, 0]));
  });
});
