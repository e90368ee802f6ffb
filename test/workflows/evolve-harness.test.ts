import { ApplicationFailure } from '@temporalio/common';
import { evolutionResult, snapshot, startEvolution } from '../../src/client/evolutions.js';
import { evolveHarness } from '../../src/workflows/index.js';
import {
  pauseUpdate,
  resumeUpdate,
  setBudgetUpdate,
  stateQuery,
  stopUpdate,
} from '../../src/workflows/messages.js';
import type { EvolutionResult } from '../../src/workflows/types.js';
import { TASK_QUEUE } from '../../src/workflows/types.js';
import { fakeWorld, prepared, proposed } from '../support/fake-activities.js';
import { gate, type TestTemporal, testTemporal, uniqueId, until } from '../support/temporal.js';

const config = { suite: 'fake-suite', model: { name: 'fake' } };
let temporal: TestTemporal;

beforeAll(async () => {
  temporal = await testTemporal();
});
afterAll(() => temporal.close());

/** The seed fails half of all tasks, and whatever has `good` in its name passes them all. */
const mendable = ({ harness, task }: { harness: string; task: string }) =>
  harness.includes('good') || Number(task.split('-')[1]) % 2 === 0;

test('an edit that mends is promoted, becomes the next incumbent, and the gain is measured afresh', async () => {
  const world = fakeWorld({ prepared: prepared({ rounds: 2 }), passes: mendable });
  const id = uniqueId('evolve');
  const result: EvolutionResult = await temporal.withWorkers(world.activities, () =>
    temporal.client.workflow.execute(evolveHarness, {
      taskQueue: TASK_QUEUE,
      workflowId: id,
      args: [config],
    }),
  );
  expect(result.status).toBe('finished');
  expect(result.rounds.map(({ decision }) => decision)).toEqual(['promoted', 'rejected']);
  expect(result.champion).toContain('good');
  expect(result.final?.heldInBefore?.value).toBeCloseTo(0.5);
  expect(result.final?.heldOutAfter?.value).toBe(1);
  expect(result.final?.heldInGain?.low).toBeGreaterThan(0);
  expect(world.records.map(({ promoted }) => promoted !== null)).toEqual([true, false]);
  expect(result.spend.trials).toBe(world.trials.length);
});

test('no attempt of any stage is used twice', async () => {
  const world = fakeWorld({ prepared: prepared({ rounds: 2 }), passes: mendable });
  await temporal.withWorkers(world.activities, () =>
    temporal.client.workflow.execute(evolveHarness, {
      taskQueue: TASK_QUEUE,
      workflowId: uniqueId('evolve'),
      args: [config],
    }),
  );
  const keys = world.trials.map((spec) => JSON.stringify(spec));
  expect(new Set(keys).size).toBe(keys.length);
});

test('edits that change nothing for the better promote nothing, and the final figures say so', async () => {
  const world = fakeWorld({
    prepared: prepared(),
    passes: ({ task }) => Number(task.split('-')[1]) % 2 === 0,
    slots: (slot, round, targets) => proposed(slot, round, `useless-${slot}`, targets),
  });
  const result = await temporal.withWorkers(world.activities, () =>
    temporal.client.workflow.execute(evolveHarness, {
      taskQueue: TASK_QUEUE,
      workflowId: uniqueId('evolve'),
      args: [config],
    }),
  );
  expect(result.champion).toBe('seed');
  expect(result.rounds[0]?.decision).toBe('rejected');
  expect(result.final?.heldInGain).toBeNull();
});

test('slots that decline, are refused or repeat each other harm only themselves', async () => {
  const world = fakeWorld({
    prepared: prepared({ width: 4 }),
    passes: mendable,
    slots: (slot, round, targets) => {
      const weakness = 'endless-exploration/missing-artifact/root-cause';
      if (slot === 1) return { kind: 'declined', id: 'r1-p1', slot, weakness, reason: 'nothing to mend' };
      if (slot === 2) return { kind: 'refused', id: 'r1-p2', slot, weakness, reason: 'two surfaces' };
      return proposed(slot, round, 'good', targets);
    },
  });
  const result = await temporal.withWorkers(world.activities, () =>
    temporal.client.workflow.execute(evolveHarness, {
      taskQueue: TASK_QUEUE,
      workflowId: uniqueId('evolve'),
      args: [config],
    }),
  );
  const decisions = result.rounds[0]!.proposals.map(({ decision }) => decision);
  expect(decisions).toEqual(['declined', 'refused', 'promoted', 'refused']);
  expect(result.rounds[0]!.proposals[3]!.reason).toContain('r1-p3');
});

test('what a slot did not come to is asked for once more elsewhere, and no more than that', async () => {
  const asked: number[] = [];
  const world = fakeWorld({
    prepared: prepared({ width: 3, finalAttempts: 0 }),
    passes: mendable,
    spare: 3,
    slots: (slot, round, targets) => {
      asked.push(slot);
      const weakness = 'endless-exploration/missing-artifact/root-cause';
      if (slot === 2 || slot === 4)
        return { kind: 'declined', id: `r1-p${slot}`, slot, weakness, reason: 'nothing to mend' };
      return proposed(slot, round, slot === 3 ? 'good-1' : `good-${slot}`, targets);
    },
  });
  const result = await temporal.withWorkers(world.activities, () =>
    temporal.client.workflow.execute(evolveHarness, {
      taskQueue: TASK_QUEUE,
      workflowId: uniqueId('evolve'),
      args: [config],
    }),
  );
  // One declined and one repeated what the first came to: two more are asked for.
  expect(asked.sort()).toEqual([1, 2, 3, 4, 5]);
  const kinds = result.rounds[0]!.proposals.map(({ id, decision }) => `${id} ${decision}`);
  expect(kinds).toEqual([
    'r1-p1 promoted',
    'r1-p2 declined',
    'r1-p3 refused',
    'r1-p4 declined',
    'r1-p5 promoted',
  ]);
});

test('wrong input fails at once and says the field', async () => {
  const world = fakeWorld({ prepared: prepared(), passes: mendable });
  let asked = 0;
  const prepareEvolution = async () => {
    asked += 1;
    throw ApplicationFailure.nonRetryable('workflow input: rounds: found -1, expected > 0', 'BadInput');
  };
  const name = uniqueId('bad');
  await temporal.withWorkers({ ...world.activities, prepareEvolution }, async () => {
    await startEvolution(temporal.client, name, { ...config, rounds: -1 });
    await expect(evolutionResult(temporal.client, name)).rejects.toMatchObject({
      kind: 'BadInput',
      message: expect.stringContaining('rounds'),
    });
  });
  expect(asked).toBe(1);
  expect(world.trials).toHaveLength(0);
});

test('a name that is running is attached to, never started twice', async () => {
  const world = fakeWorld({ prepared: prepared(), passes: mendable });
  const name = uniqueId('twice');
  await temporal.withWorkers(world.activities, async () => {
    const [first, second] = [
      await startEvolution(temporal.client, name, config),
      await startEvolution(temporal.client, name, config),
    ];
    expect([first.isNew, second.isNew]).toEqual([true, false]);
    expect(second.runId).toBe(first.runId);
    await evolutionResult(temporal.client, name);
  });
});

test('a refused key pauses the evolution with the reason, and resume goes on without running anything twice', async () => {
  const world = fakeWorld({ prepared: prepared(), passes: mendable });
  let keyIsGood = false;
  const runTrial = async (spec: Parameters<typeof world.activities.runTrial>[0]) => {
    if (!keyIsGood) throw ApplicationFailure.nonRetryable('the endpoint refuses the key', 'NeedsPerson');
    return world.activities.runTrial(spec);
  };
  const name = uniqueId('key');
  const result = await temporal.withWorkers({ ...world.activities, runTrial }, async () => {
    await startEvolution(temporal.client, name, config);
    const handle = temporal.client.workflow.getHandle<typeof evolveHarness>(`evolve/${name}`);
    await until(async () => (await snapshot(temporal.client, name)).state.paused !== null);
    expect((await handle.query(stateQuery)).paused).toContain('refuses the key');
    keyIsGood = true;
    await handle.executeUpdate(resumeUpdate);
    return handle.result();
  });
  expect(result.status).toBe('finished');
  expect(result.champion).toContain('good');
  const keys = world.trials.map((spec) => JSON.stringify(spec));
  expect(new Set(keys).size).toBe(keys.length);
});

test('stop ends it between trials and keeps what was promoted', async () => {
  const world = fakeWorld({ prepared: prepared({ rounds: 5 }), passes: mendable });
  const name = uniqueId('stop');
  const result = await temporal.withWorkers(
    {
      ...world.activities,
      attributeTrial: async () => {
        await temporal.client.workflow.getHandle(`evolve/${name}`).executeUpdate(stopUpdate);
        return world.activities.attributeTrial({
          contract: '',
          harness: '',
          purpose: '',
          attempt: 1,
          task: '',
        });
      },
    },
    async () => {
      await startEvolution(temporal.client, name, config);
      return evolutionResult(temporal.client, name);
    },
  );
  expect(result.status).toBe('stopped');
  expect(result.champion).toBe('seed');
  expect(world.trials.length).toBe(12);
});

test('commands that make no sense are refused with the reason', async () => {
  const world = fakeWorld({ prepared: prepared(), passes: mendable });
  const name = uniqueId('refuse');
  const mining = gate();
  const mine = world.activities.clusterFailures;
  await temporal.withWorkers(
    {
      ...world.activities,
      clusterFailures: async (input) => {
        await mining.opened;
        return mine(input);
      },
    },
    async () => {
      await startEvolution(temporal.client, name, config);
      const handle = temporal.client.workflow.getHandle(`evolve/${name}`);
      await until(async () => (await handle.query(stateQuery)).phase === 'mining');
      await expect(handle.executeUpdate(resumeUpdate)).rejects.toMatchObject({
        cause: { message: expect.stringContaining('not paused') },
      });
      await expect(handle.executeUpdate(setBudgetUpdate, { args: [{ usd: -1 }] })).rejects.toMatchObject({
        cause: { message: expect.stringContaining('budget.usd') },
      });
      await expect(handle.executeUpdate(setBudgetUpdate, { args: [{ usd: 5 }] })).rejects.toMatchObject({
        cause: { message: expect.stringContaining('model.price') },
      });
      expect(await handle.executeUpdate(pauseUpdate, { args: ['lunch'] })).toContain('paused');
      expect((await handle.query(stateQuery)).paused).toBe('lunch');
      await handle.executeUpdate(resumeUpdate);
      mining.open();
      await handle.result();
    },
  );
});
