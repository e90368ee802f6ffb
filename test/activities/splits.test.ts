/** The sealed split opens in the ledger first; a worn heldOut is drawn anew from the reserve. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { putCanonical } from '../../src/activities/artifacts.js';
import { createContext, type WorkerContext } from '../../src/activities/context.js';
import { createOpenSealed } from '../../src/activities/open-sealed.js';
import { createRecordRound } from '../../src/activities/record-round.js';
import { createRenewHeldOut } from '../../src/activities/renew-held-out.js';
import { splitDigest } from '../../src/contract/tasks.js';
import type { Contract } from '../../src/contract/types.js';
import { seedHarness } from '../../src/harness/seed.js';
import { createMemoryStore } from '../../src/store/memory.js';
import type { Task } from '../../src/suite/types.js';
import type { Comparison } from '../../src/validation/types.js';
import type {
  HeldOutWear,
  Renewal,
  RoundRecord,
  RoundRecordInput,
  SealOpening,
  UnsealInput,
} from '../../src/workflows/types.js';
import { fakeSuite, fakeTask } from '../suite/fixtures.js';
import { fakeContract } from '../trial/fakes.js';

const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
let dir: string;
let registry: string;
let contract: Contract;
let frozen: string;
let seed: string;
let better: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'splits-'));
  registry = join(dir, 'registry');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A worker that knows one contract, with these tasks in the reserve. */
async function worker(reserve: Task[] = []): Promise<WorkerContext> {
  const own = ['in', 'out', 'seal'].flatMap((split) => names(split, 2)).map((name) => fakeTask(name));
  const suite = fakeSuite([...own, ...reserve]);
  contract = {
    ...fakeContract(suite.tasks),
    split: {
      heldIn: names('in', 2),
      heldOut: names('out', 2),
      sealed: names('seal', 2),
      reserve: reserve.map(({ name }) => name),
    },
  };
  const store = createMemoryStore();
  const context = createContext({ stateDir: dir, store, env: {}, searchAttributes: false });
  frozen = await putCanonical(store, contract);
  seed = await putCanonical(store, seedHarness());
  better = await putCanonical(store, { ...seedHarness(), name: 'better' });
  const loaded = {
    contract,
    suite,
    texts: async () => ({ texts: [], answers: [] }),
    unchanged: async () => {},
  };
  return { ...context, contract: async () => loaded };
}

const ledger = (context: WorkerContext) => context.registry(registry).ledger();

describe('openSealed', () => {
  const open = (context: WorkerContext, change: Partial<UnsealInput> = {}) =>
    new MockActivityEnvironment().run(createOpenSealed(context), {
      name: 'mine',
      contract: frozen,
      seedHarness: seed,
      champion: better,
      registry,
      ...change,
    }) as Promise<SealOpening>;

  test('tells the tasks once the ledger knows, and a retry opens nothing more', async () => {
    const context = await worker();
    const first = await open(context);
    expect(first).toMatchObject({ tasks: names('seal', 2), openings: 1, attempts: 2 });
    expect(await open(context)).toEqual(first);
    const digest = splitDigest(contract, contract.split.sealed);
    expect(await ledger(context)).toEqual([
      expect.objectContaining({
        action: 'seal-opened',
        harness: better,
        parent: seed,
        ref: null,
        actor: 'evolution mine',
        splitUse: { split: 'sealed', digest, tasks: 2, count: 1 },
      }),
    ]);
  });

  test('another evolution, or another champion, opens the same tasks only with a reason', async () => {
    const context = await worker();
    await open(context);
    for (const change of [{ name: 'theirs' }, { champion: seed }]) {
      expect(await open(context, change)).toEqual({ refused: expect.stringContaining('needs a reason') });
    }
    const again = await open(context, { name: 'theirs', reason: 'the first was a rehearsal', actor: 'ada' });
    expect(again).toMatchObject({ openings: 2 });
    expect((await ledger(context)).at(-1)).toMatchObject({
      actor: 'ada',
      reason: 'the first was a rehearsal',
      splitUse: { count: 2 },
    });
  });

  test('where nothing is sealed there is nothing to open, and wrong input names its field', async () => {
    const context = await worker();
    contract.split.sealed = [];
    expect(await open(context)).toEqual({ refused: expect.stringContaining('no task is sealed') });
    await expect(open(context, { attempts: 0 })).rejects.toMatchObject({
      type: 'BadInput',
      message: expect.stringContaining('attempts'),
    });
    expect(await ledger(context)).toEqual([]);
  });
});

describe('renewHeldOut', () => {
  const worn = (change: Partial<HeldOutWear> = {}): HeldOutWear => ({
    digest: splitDigest(contract, contract.split.heldOut),
    uses: 3,
    max: 3,
    past: 'renew',
    renewals: 0,
    ...change,
  });
  const renew = (context: WorkerContext, wear = worn()) =>
    new MockActivityEnvironment().run(createRenewHeldOut(context), {
      name: 'mine',
      contract: frozen,
      registry,
      incumbent: seed,
      round: 4,
      wear,
    }) as Promise<Renewal>;

  test('draws as many tasks of the reserve, never one twice, none that cannot be built here, and the ledger says so', async () => {
    const broken = fakeTask('left-0', 'b');
    broken.environment.unsupported = 'FROM scratch';
    const context = await worker([
      broken,
      ...names('left', 6)
        .slice(1)
        .map((name) => fakeTask(name, 'b')),
    ]);
    const first = await renew(context);
    if ('needed' in first) throw new Error('the reserve is large enough');
    expect(first.heldOut).toHaveLength(2);
    expect(await renew(context)).toEqual(first);
    expect(first.wear).toEqual({
      ...worn(),
      digest: splitDigest(contract, first.heldOut),
      uses: 0,
      renewals: 1,
    });
    const second = await renew(context, { ...first.wear, uses: 3 });
    if ('needed' in second) throw new Error('the reserve is large enough');
    const drawn = [...first.heldOut, ...second.heldOut];
    expect(new Set(drawn).size).toBe(4);
    expect(drawn.every((name) => contract.split.reserve.includes(name) && name !== 'left-0')).toBe(true);
    expect(await renew(context, { ...second.wear, uses: 3 })).toEqual({ reserve: 1, needed: 2 });
    expect((await ledger(context)).map(({ action, round }) => [action, round])).toEqual([
      ['held-out-renewed', 4],
      ['held-out-renewed', 4],
    ]);
  });

  test('one that another evolution of the registry has worn is passed over', async () => {
    const context = await worker(names('left', 5).map((name) => fakeTask(name)));
    const first = await renew(context);
    if ('needed' in first) throw new Error('the reserve is large enough');
    for (const round of [1, 2, 3]) {
      await recordRound(context, { name: 'mine', round, digest: first.wear.digest, trials: 8 });
    }
    // Its own uses do not count: started again, it draws what it drew.
    expect(await renew(context)).toEqual(first);
    for (const round of [1, 2, 3]) {
      await recordRound(context, { round, digest: first.wear.digest, trials: 8 });
    }
    const second = await renew(context, worn());
    if ('needed' in second) throw new Error('the reserve is large enough');
    expect(second.wear).toMatchObject({ renewals: 2, uses: 0 });
    expect(second.heldOut.filter((name) => first.heldOut.includes(name))).toEqual([]);
  });
});

function recordRound(
  context: WorkerContext,
  it: { name?: string; round: number; digest: string; trials: number },
) {
  const nothing = { tasks: 0, trials: 0, incumbent: null, candidate: null, difference: null };
  const comparison: Comparison = {
    arm: 'r1-p1',
    heldIn: nothing,
    heldOut: { ...nothing, trials: it.trials },
    p: null,
    looks: 1,
  };
  const input: RoundRecordInput = {
    prepared: { name: it.name ?? 'theirs', contract: frozen, registry },
    round: it.round,
    heldOut: { digest: it.digest, tasks: 2, renewals: 0 },
    incumbent: seed,
    history: null,
    verdict: { decision: 'rejected', arm: null, members: [], reason: 'no', candidates: [], comparison },
    proposals: [],
    promoted: null,
    evidence: null,
    observed: null,
  };
  return new MockActivityEnvironment().run(createRecordRound(context), input) as Promise<RoundRecord>;
}

test('a decision that saw heldOut is counted in the ledger, one that did not is not', async () => {
  const context = await worker();
  const digest = splitDigest(contract, contract.split.heldOut);
  const uses = [];
  for (const [round, trials] of [8, 0, 8].entries())
    uses.push((await recordRound(context, { round: round + 1, digest, trials })).heldOutUses);
  expect(uses).toEqual([1, null, 2]);
  expect((await ledger(context)).map(({ splitUse }) => splitUse?.count)).toEqual([1, undefined, 2]);
});
