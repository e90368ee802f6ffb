/** When the sealed split is opened and by what, and what becomes of a heldOut that is worn. */
import {
  evolutionResult,
  snapshot,
  startEvolution,
  startUnseal,
  stop,
  unsealed,
  unsealedResult,
} from '../../src/client/evolutions.js';
import { evolveHarness } from '../../src/workflows/index.js';
import { type EvolutionResult, type Prepared, TASK_QUEUE } from '../../src/workflows/types.js';
import { fakeWorld, prepared, proposed, type World } from '../support/fake-activities.js';
import { type TestTemporal, testTemporal, uniqueId, until } from '../support/temporal.js';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await testTemporal();
});
afterAll(() => temporal.close());

const mendable = ({ harness, task }: { harness: string; task: string }) =>
  harness.includes('good') || Number(task.split('-')[1]) % 2 === 0;
const useless: World['slots'] = (slot, round, targets) => proposed(slot, round, `useless-${slot}`, targets);

async function evolve(change: Partial<Prepared>, slots?: World['slots'], opening?: object) {
  const world = fakeWorld({ prepared: prepared(change), passes: mendable, slots });
  const activities = opening
    ? { ...world.activities, openSealed: async () => opening as never }
    : world.activities;
  const result: EvolutionResult = await temporal.withWorkers(activities, () =>
    temporal.client.workflow.execute(evolveHarness, {
      taskQueue: TASK_QUEUE,
      workflowId: uniqueId('evolve'),
      args: [{ suite: 'fake-suite', model: { name: 'fake' } }],
    }),
  );
  const onSealed = world.trials.filter(({ task }) => task.startsWith('sealed'));
  return { world, result, onSealed };
}

test('after everything else seed and champion run on the sealed tasks, once each and as often as in the final measurement', async () => {
  const { world, result, onSealed } = await evolve({ sealed: 4, finalAttempts: 2 });
  expect(world.openings).toEqual([
    expect.objectContaining({ name: 'world', seedHarness: 'seed', champion: result.champion, attempts: 2 }),
  ]);
  expect(world.openings[0]!.reason).toBeUndefined();
  expect(onSealed).toEqual(world.trials.slice(-16));
  expect(new Set(onSealed.map((spec) => JSON.stringify(spec))).size).toBe(16);
  expect(new Set(onSealed.map(({ purpose }) => purpose))).toEqual(new Set(['world/seal-1']));
  expect(result.final).toMatchObject({
    sealedBefore: { value: 0.5 },
    sealedAfter: { value: 1 },
    sealedGain: { value: 0.5 },
    sealedOpenings: 1,
    sealedNote: '',
  });
  expect(result.spend.trials).toBe(world.trials.length);
});

test('where nothing was promoted the seed alone runs on them', async () => {
  const { result, onSealed } = await evolve({ sealed: 4 }, useless);
  expect(onSealed.map(({ harness }) => harness)).toEqual(['seed', 'seed', 'seed', 'seed']);
  expect(result.final).toMatchObject({ sealedAfter: { value: 0.5 }, sealedGain: null, sealedOpenings: 1 });
});

test('on request, or refused by the ledger, it stays sealed and the result says why', async () => {
  const onRequest = await evolve({ sealed: 4, unseal: 'on-request' }, useless);
  expect(onRequest.world.openings).toEqual([]);
  expect(onRequest.result.final).toMatchObject({
    sealedBefore: null,
    sealedOpenings: 0,
    sealedNote: expect.stringContaining('unseal world'),
  });
  const refused = await evolve({ sealed: 4 }, useless, { refused: 'it was opened before' });
  expect(refused.onSealed).toEqual([]);
  expect(refused.result).toMatchObject({
    status: 'finished',
    final: {
      sealedAfter: null,
      sealedOpenings: 0,
      sealedNote: expect.stringMatching(/^it was opened before.*unseal world --reason/),
    },
  });
});

test('a budget that ends on them leaves the opening told and no half figures', async () => {
  const before = await evolve({ sealed: 0 }, useless);
  const trials = before.world.trials.length + 3;
  const world = fakeWorld({
    prepared: prepared({ sealed: 4, budget: { trials } }),
    passes: mendable,
    slots: useless,
  });
  const name = uniqueId('evolve');
  const result = await temporal.withWorkers(world.activities, async () => {
    await startEvolution(temporal.client, name, { suite: 'fake-suite', model: { name: 'fake' } });
    await until(async () => (await snapshot(temporal.client, name)).state.phase === 'budget-stopped');
    await stop(temporal.client, name);
    return evolutionResult(temporal.client, name);
  });
  expect(world.trials.filter(({ task }) => task.startsWith('sealed'))).toHaveLength(3);
  expect(result).toMatchObject({
    status: 'budget-stopped',
    final: {
      heldInAfter: { value: 0.5 },
      sealedAfter: null,
      sealedOpenings: 1,
      sealedNote: expect.stringContaining('unseal'),
    },
  });
});

test('on a word it is opened after the end, with who and why', async () => {
  const world = fakeWorld({ prepared: prepared({ sealed: 4 }), passes: mendable });
  const input = {
    name: uniqueId('asked'),
    contract: 'c'.repeat(64),
    seedHarness: 'seed',
    champion: 'good',
    registry: '/nowhere',
    attempts: 1,
    reason: 'the audit',
    actor: 'ada',
  };
  await temporal.withWorkers(world.activities, async () => {
    expect(await unsealed(temporal.client, input.name)).toBeNull();
    await startUnseal(temporal.client, input);
    const opened = await unsealedResult(temporal.client, input.name);
    expect(opened).toMatchObject({ sealedGain: { value: 0.5 }, sealedOpenings: 1, reason: 'the audit' });
    expect(await unsealed(temporal.client, input.name)).toEqual(opened);
  });
  expect(world.openings).toEqual([input]);
  expect(world.trials).toHaveLength(8);

  const name = uniqueId('refused');
  const refuse = async () => ({ refused: 'it was opened before' });
  await temporal.withWorkers({ ...world.activities, openSealed: refuse }, async () => {
    await startUnseal(temporal.client, { ...input, name });
    await expect(unsealedResult(temporal.client, name)).rejects.toMatchObject({
      kind: 'StaysSealed',
      message: 'it was opened before',
    });
  });
  expect(world.trials).toHaveLength(8);
});

test('uses of heldOut are counted on from those of the registry, and one too many is told', async () => {
  const wear = { ...prepared().wear, uses: 2, max: 3 };
  const { result, world } = await evolve({ rounds: 2, wear }, (slot, round, targets) =>
    proposed(slot, round, round === 1 ? 'useless' : 'good', targets),
  );
  expect(result.rounds.map(({ heldOutUses }) => heldOutUses)).toEqual([null, 3]);
  expect(result.rounds.flatMap(({ notes }) => notes)).toEqual([]);
  expect(world.records.map(({ heldOut }) => heldOut)).toEqual([
    { digest: wear.digest, tasks: 6, renewals: 0 },
    { digest: wear.digest, tasks: 6, renewals: 0 },
  ]);
  const worn = await evolve({ wear: { ...wear, uses: 3 } });
  expect(worn.result.rounds[0]).toMatchObject({
    heldOutUses: 4,
    notes: [expect.stringContaining('4 decisions, more than heldOutUses.max (3)')],
  });
});

test('a worn heldOut is drawn anew before the next round where that is wanted, also for the final measurement', async () => {
  const wear = { ...prepared().wear, uses: 1, max: 1, past: 'renew' as const };
  const { result, world } = await evolve({ wear });
  expect(result.rounds[0]!.notes).toEqual([
    expect.stringMatching(/used by 1 decision: 6 tasks of the reserve/),
  ]);
  expect(result.rounds[0]).toMatchObject({ decision: 'promoted' });
  const tasks = new Set(world.trials.map(({ task }) => task));
  expect([...tasks].filter((task) => task.startsWith('out-'))).toEqual([]);
  expect(tasks).toContain('new1-1');
  expect(result.final?.heldOutAfter?.value).toBe(1);
  expect(world.records[0]!.heldOut).toMatchObject({ tasks: 6, renewals: 1 });
});
