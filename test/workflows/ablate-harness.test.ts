import { ablationResult, startAblation } from '../../src/client/ablations.js';
import type { TrialSpec } from '../../src/trial/types.js';
import type { AblationPlan, AblationRecordInput } from '../../src/workflows/ablation-types.js';
import { ablateHarness, evolveHarness } from '../../src/workflows/index.js';
import { TASK_QUEUE } from '../../src/workflows/types.js';
import { fakeWorld, prepared, report } from '../support/fake-activities.js';
import { type TestTemporal, testTemporal, uniqueId } from '../support/temporal.js';

let temporal: TestTemporal;

beforeAll(async () => {
  temporal = await testTemporal();
});
afterAll(() => temporal.close());

/** A harness is the list of its edits. One helps; two do the same, so that either is enough. */
const EDITS = ['helps', 'same-1', 'same-2'];
const passes = ({ harness, task }: TrialSpec) => {
  const even = Number(task.split('-')[1]) % 2 === 0;
  return even ? harness.includes('helps') : harness.includes('same');
};

function world(change: Partial<AblationPlan> = {}) {
  const { name, contract, registry, heldIn, heldOut, gate, seed, concurrency, trialSeconds } = prepared();
  const records: AblationRecordInput[] = [];
  const trials: TrialSpec[] = [];
  const plan: AblationPlan = {
    ...{ name, contract, registry, heldIn, heldOut, gate, seed, concurrency, trialSeconds },
    prune: true,
    allowance: {},
    final: EDITS.join('+'),
    edits: EDITS.map((id) => ({ id, round: 1, surface: 'rules', summary: `edit ${id}` })),
    removed: [],
    steps: 'steps',
    ...change,
  };
  return {
    records,
    trials,
    activities: {
      prepareAblation: async () => plan,
      leaveOut: async ({ removed, edits }: { removed: string[]; edits: string[] }) => ({
        arms: edits.map((id) => ({
          id,
          harness: EDITS.filter((edit) => edit !== id && !removed.includes(edit)).join('+') || 'seed',
        })),
        skipped: [],
      }),
      runTrial: async (spec: TrialSpec) => {
        trials.push(spec);
        return report(passes(spec) ? 'passed' : 'failed');
      },
      recordAblation: async (input: AblationRecordInput) => {
        records.push(input);
        return 'record';
      },
    },
  };
}

async function ablate({ activities }: ReturnType<typeof world>) {
  const name = uniqueId('ablate');
  return temporal.withWorkers(activities, async () => {
    await startAblation(temporal.client, { name });
    return ablationResult(temporal.client, name);
  });
}

test('of two edits that do the same one is pruned, the other has to prove itself again and stays', async () => {
  const here = world();
  const result = await ablate(here);
  expect(result.edits.map(({ id, decision, pruned }) => [id, decision, pruned])).toEqual([
    ['helps', 'helps', false],
    ['same-1', 'idle', true],
    ['same-2', 'helps', false],
  ]);
  expect(result).toMatchObject({ status: 'finished', harness: 'helps+same-2', record: 'record' });
  expect(here.records).toMatchObject([{ pruned: ['same-1'], removed: ['same-1'], harness: 'helps+same-2' }]);
  // Every pass compares with the harness that has all edits, on attempts of its own.
  const purposes = here.trials
    .filter(({ harness }) => harness === EDITS.join('+'))
    .map(({ purpose }) => purpose);
  expect(new Set(purposes).size).toBe(2);
  const keys = here.trials.map((spec) => JSON.stringify(spec));
  expect(new Set(keys).size).toBe(keys.length);
});

test('without prune everything stays, and both are reported to be idle by themselves', async () => {
  const here = world({ prune: false });
  const result = await ablate(here);
  expect(result.edits.map(({ decision }) => decision)).toEqual(['helps', 'idle', 'idle']);
  expect(result.harness).toBe(result.final);
  expect(here.records).toMatchObject([{ pruned: [], reason: expect.stringContaining('same-1, same-2') }]);
});

test('a budget that ends first decides nothing, and is not overrun', async () => {
  const here = world({ allowance: { trials: 30 } });
  const result = await ablate(here);
  expect(result).toMatchObject({ status: 'budget-stopped', record: null, harness: EDITS.join('+') });
  expect(result.edits.every(({ decision, pruned }) => decision === 'undecided' && !pruned)).toBe(true);
  expect(here.trials).toHaveLength(30);
  expect(here.records).toEqual([]);
});

test('an evolution that is told to prunes before its final measurement, which then is of what is left', async () => {
  const evolution = fakeWorld({
    prepared: prepared({ ablation: 'prune' }),
    passes: ({ harness, task }) => harness.includes('good') || Number(task.split('-')[1]) % 2 === 0,
  });
  const pruned = 'good-2';
  const activities = {
    ...evolution.activities,
    prepareAblation: async () => {
      const edits = ['1', '2'].map((id) => ({ id, round: 1, surface: 'rules', summary: id }));
      return { ...(await world().activities.prepareAblation()), final: 'good-1+good-2', edits };
    },
    leaveOut: async ({ removed, edits }: { removed: string[]; edits: string[] }) => ({
      arms: edits.map((id) => ({
        id,
        harness: removed.length > 0 ? 'seed' : id === '1' ? pruned : 'good-1',
      })),
      skipped: [],
    }),
    recordAblation: async () => 'record',
  };
  const result = await temporal.withWorkers(activities, () =>
    temporal.client.workflow.execute(evolveHarness, {
      taskQueue: TASK_QUEUE,
      workflowId: uniqueId('evolve'),
      args: [{ suite: 'fake-suite', model: { name: 'fake' } }],
    }),
  );
  expect(result).toMatchObject({ status: 'finished', champion: pruned, ablation: { harness: pruned } });
  expect(result.final!.heldOutAfter!.value).toBe(1);
  const final = evolution.trials.filter(({ purpose }) => purpose === 'world/final');
  expect(new Set(final.map(({ harness }) => harness))).toEqual(new Set(['seed', pruned]));
});

test('input that is no document is refused, not retried for ever', async () => {
  const failure = temporal.withWorkers(world().activities, () =>
    temporal.client.workflow.execute(ablateHarness, {
      taskQueue: TASK_QUEUE,
      workflowId: uniqueId('ablate'),
      args: ['mine' as never],
    }),
  );
  await expect(failure).rejects.toMatchObject({
    cause: { message: expect.stringContaining('expected {name') },
  });
});
