/** Commands that meet an evolution at an awkward moment. */
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import {
  evolutionResult,
  pause,
  resume,
  setBudget,
  snapshot,
  startEvolution,
  stop,
} from '../../src/client/evolutions.js';
import type { EvolutionResult } from '../../src/workflows/types.js';
import { type FakeWorld, fakeWorld, prepared } from '../support/fake-activities.js';
import { gate, type TestTemporal, testTemporal, uniqueId, until } from '../support/temporal.js';

const config = { suite: 'fake-suite', model: { name: 'fake' } };
let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await testTemporal();
});
afterAll(() => temporal.close());

const mendable = ({ harness, task }: { harness: string; task: string }) =>
  harness.includes('good') || Number(task.split('-')[1]) % 2 === 0;

/** Starts an evolution in this world, with some activities replaced, and lets `work` play with it. */
function evolve<T>(activities: FakeWorld['activities'], work: (name: string) => Promise<T>): Promise<T> {
  const name = uniqueId('steer');
  return temporal.withWorkers(activities, async () => {
    await startEvolution(temporal.client, name, config);
    return work(name);
  });
}

const stateOf = async (name: string) => (await snapshot(temporal.client, name)).state;
const needsKey = () => ApplicationFailure.nonRetryable('the endpoint refuses the key', 'NeedsPerson');

test('a pause that comes while a batch is being started reaches that batch', async () => {
  const world = fakeWorld({ prepared: prepared({ rounds: 1 }), passes: mendable });
  const hold = gate();
  const { prepareEvolution } = world.activities;
  const activities = {
    ...world.activities,
    prepareEvolution: async (input: unknown) => {
      await hold.opened;
      return prepareEvolution(input);
    },
  };
  await evolve(activities, async (name) => {
    await pause(temporal.client, name, 'before anything began');
    hold.open();
    await until(async () => (await stateOf(name)).prepared !== null);
    expect(await stateOf(name)).toMatchObject({ paused: 'before anything began', batch: null });
    await resume(temporal.client, name);
    await until(async () => (await stateOf(name)).batch !== null);
    await pause(temporal.client, name, 'at once again');
    // Rounds and batches come up paused or are paused a moment later; nothing goes on to its end.
    await until(async () => (await snapshot(temporal.client, name)).round?.paused != null);
    expect(world.records).toHaveLength(0);
    await resume(temporal.client, name);
    expect((await evolutionResult(temporal.client, name)).status).toBe('finished');
  });
});

test('pausing while failures are read starts no further reading until resume', async () => {
  const world = fakeWorld({ prepared: prepared({ concurrency: 2 }), passes: mendable });
  const read: string[] = [];
  const hold = gate();
  const attributeTrial: typeof world.activities.attributeTrial = async (input) => {
    read.push(input.task);
    await hold.opened;
    return world.activities.attributeTrial(input);
  };
  await evolve({ ...world.activities, attributeTrial }, async (name) => {
    await until(() => read.length === 2);
    await pause(temporal.client, name, 'too dear');
    await until(async () => (await snapshot(temporal.client, name)).round?.paused === 'too dear');
    hold.open();
    await until(async () => (await snapshot(temporal.client, name)).round!.spend.promptTokens === 1210);
    expect(read).toHaveLength(2);
    await resume(temporal.client, name);
    await evolutionResult(temporal.client, name);
    expect(read).toHaveLength(6);
  });
});

test.each(['attributeTrial', 'clusterFailures', 'proposeEdit', 'mergeCandidates', 'recordRound'] as const)(
  '%s that needs a person pauses the evolution, and goes on after resume',
  async (activity) => {
    const world = fakeWorld({ prepared: prepared({ finalAttempts: 0 }), passes: mendable });
    let mended = false;
    const original = world.activities[activity] as unknown as (input: never) => Promise<never>;
    const broken = async (input: never) => {
      if (!mended) throw needsKey();
      return original(input);
    };
    await evolve({ ...world.activities, [activity]: broken }, async (name) => {
      await until(async () => (await stateOf(name)).paused === 'the endpoint refuses the key');
      mended = true;
      await resume(temporal.client, name);
      const result = await evolutionResult(temporal.client, name);
      expect(result.rounds[0]?.decision).toBe('promoted');
      expect(world.records).toHaveLength(1);
    });
  },
);

test.each(['runTrial', 'attributeTrial', 'proposeEdit'] as const)(
  'stop ends an evolution in which %s waits for a person',
  async (activity) => {
    const world = fakeWorld({ prepared: prepared(), passes: mendable });
    const broken = async () => {
      throw needsKey();
    };
    const result = await evolve({ ...world.activities, [activity]: broken }, async (name) => {
      await until(async () => (await stateOf(name)).paused !== null);
      await stop(temporal.client, name);
      return evolutionResult(temporal.client, name);
    });
    expect(result).toMatchObject({ status: 'stopped', champion: 'seed' });
  },
);

test('a decision that cannot be written down is not lost by a stop: it fails, and says why', async () => {
  const world = fakeWorld({ prepared: prepared(), passes: mendable });
  const recordRound = async () => {
    throw ApplicationFailure.nonRetryable('no space on the disk', 'NeedsPerson');
  };
  await evolve({ ...world.activities, recordRound }, async (name) => {
    await until(async () => (await stateOf(name)).paused !== null);
    await stop(temporal.client, name);
    await expect(evolutionResult(temporal.client, name)).rejects.toMatchObject({
      kind: 'NeedsPerson',
      message: 'no space on the disk',
    });
  });
});

test('stop in the last round skips the final measurement', async () => {
  const world = fakeWorld({ prepared: prepared({ rounds: 1 }), passes: mendable });
  let stopped = async () => {};
  const recordRound = async (input: Parameters<typeof world.activities.recordRound>[0]) => {
    await stopped();
    return world.activities.recordRound(input);
  };
  const result = await evolve({ ...world.activities, recordRound }, async (name) => {
    stopped = async () => {
      await stop(temporal.client, name);
    };
    return evolutionResult(temporal.client, name);
  });
  expect(result).toMatchObject({ status: 'stopped', final: null });
  expect(result.rounds[0]?.decision).toBe('promoted');
  expect(result.champion).toContain('good');
  expect(world.trials.filter(({ purpose }) => purpose.endsWith('/final'))).toHaveLength(0);
});

test('an endpoint that refuses one call costs that call, not the round', async () => {
  const world = fakeWorld({ prepared: prepared({ width: 2, finalAttempts: 0 }), passes: mendable });
  const refused = ApplicationFailure.nonRetryable('400: prompt is too long', 'Model.context-length');
  const activities = {
    ...world.activities,
    attributeTrial: async (input: Parameters<typeof world.activities.attributeTrial>[0]) => {
      if (input.task === 'in-1') throw refused;
      return world.activities.attributeTrial(input);
    },
    proposeEdit: async (input: Parameters<typeof world.activities.proposeEdit>[0]) => {
      if (input.assignment.slot === 1) throw refused;
      return world.activities.proposeEdit(input);
    },
  };
  const result = await evolve(activities, (name) => evolutionResult(temporal.client, name));
  expect(result.rounds[0]).toMatchObject({
    decision: 'promoted',
    proposals: [
      { id: 'r1-p1', decision: 'refused', reason: '400: prompt is too long' },
      { id: 'r1-p2', decision: 'promoted' },
    ],
  });
});

test('continuing as new keeps what was done, the budget that was set, and the start', async () => {
  const world = fakeWorld({ prepared: prepared({ rounds: 4, finalAttempts: 0 }), passes: () => true });
  const name = uniqueId('long');
  const startedAt: number[] = [];
  const mining = gate();
  const { clusterFailures } = world.activities;
  const activities = {
    ...world.activities,
    clusterFailures: async (input: Parameters<typeof clusterFailures>[0]) => {
      await mining.opened;
      return clusterFailures(input);
    },
  };
  const result: EvolutionResult = await temporal.withWorkers(activities, async () => {
    await startEvolution(temporal.client, name, config);
    const handle = temporal.client.workflow.getHandle(`evolve/${name}`);
    const { runId: first } = await handle.describe();
    await until(async () => (await stateOf(name)).phase === 'mining');
    await setBudget(temporal.client, name, { trials: 40 });
    startedAt.push((await stateOf(name)).startedAt);
    // Messages make the history long enough for a new run after this round; those that say nothing do no harm.
    for (let i = 0; i < 40; i++)
      await handle.signal('phase', i % 2 ? undefined : { round: 1, phase: 'mining' });
    await pause(temporal.client, name, 'over the change');
    mining.open();
    await resume(temporal.client, name);
    await until(async () => (await handle.describe()).runId !== first);
    startedAt.push((await stateOf(name)).startedAt);
    await until(async () => (await stateOf(name)).phase === 'budget-stopped');
    await stop(temporal.client, name);
    return evolutionResult(temporal.client, name);
  });
  expect(result).toMatchObject({ status: 'budget-stopped', spend: { trials: 40 } });
  expect(result.rounds.map(({ round }) => round)).toEqual([1, 2, 3, 4]);
  expect(startedAt[1]).toBe(startedAt[0]);
});

test('an evolution that is cancelled ends its trials first', async () => {
  const world = fakeWorld({ prepared: prepared({ concurrency: 3 }), passes: mendable });
  let running = 0;
  const runTrial = async (): Promise<never> => {
    const { Context } = await import('@temporalio/activity');
    running += 1;
    const beat = setInterval(() => Context.current().heartbeat(), 100);
    try {
      return await Context.current().cancelled;
    } finally {
      clearInterval(beat);
      running -= 1;
    }
  };
  await evolve({ ...world.activities, runTrial }, async (name) => {
    await until(() => running === 3);
    await temporal.client.workflow.getHandle(`evolve/${name}`).cancel();
    await expect(evolutionResult(temporal.client, name)).rejects.toMatchObject({
      cause: { cause: expect.any(CancelledFailure) },
    });
    expect(running).toBe(0);
  });
});
