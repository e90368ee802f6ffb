/** Caps on a real server: what they let through, what happens at them, and how people move them. */
import { Context } from '@temporalio/activity';
import {
  evolutionResult,
  pause,
  resume,
  setBudget,
  snapshot,
  startEvolution,
  stop,
} from '../../src/client/evolutions.js';
import type { TrialSpec } from '../../src/trial/types.js';
import { addCost } from '../../src/workflows/costs.js';
import { evolutionDetails } from '../../src/workflows/details.js';
import { runTrials } from '../../src/workflows/index.js';
import { formatItems } from '../../src/workflows/items.js';
import { extendUpdate } from '../../src/workflows/messages.js';
import { NO_SPEND } from '../../src/workflows/spend.js';
import { progressQuery } from '../../src/workflows/steering.js';
import {
  type BatchResult,
  type Grant,
  type Prepared,
  TASK_QUEUE,
  type TrialReport,
} from '../../src/workflows/types.js';
import {
  type FakeWorld,
  fakeWorld,
  prepared,
  remembering,
  report,
  SETTINGS,
} from '../support/fake-activities.js';
import { gate, type TestTemporal, testTemporal, uniqueId, until } from '../support/temporal.js';

const config = { suite: 'fake-suite', model: { name: 'fake' } };
let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await testTemporal();
});
afterAll(() => temporal.close());

const mendable = ({ harness, task }: { harness: string; task: string }) =>
  harness.includes('good') || Number(task.split('-')[1]) % 2 === 0;

function evolve<T>(activities: FakeWorld['activities'], work: (name: string) => Promise<T>): Promise<T> {
  const name = uniqueId('budget');
  return temporal.withWorkers(activities, async () => {
    await startEvolution(temporal.client, name, config);
    return work(name);
  });
}

/** Whether the batch of the observation has been told that it may spend more or less. */
async function toldOfMoney(name: string): Promise<boolean> {
  const batch = temporal.client.workflow.getHandle(`evolve/${name}/round-1/observe-1`);
  const { events } = await batch.fetchHistory();
  return events!.some((event) => event.workflowExecutionSignaledEventAttributes?.signalName === 'allowance');
}

const stateOf = async (name: string) => (await snapshot(temporal.client, name)).state;
const atCap = (name: string) => until(async () => (await stateOf(name)).phase === 'budget-stopped');

/** Four trials to observe, twelve to validate, twelve to measure. */
const small = (overrides: Partial<Prepared> = {}) =>
  prepared({
    heldIn: ['in-1', 'in-2', 'in-3', 'in-4'],
    heldOut: ['out-1', 'out-2'],
    width: 1,
    gate: { kind: 'paper', settings: { ...SETTINGS, attempts: 1 } },
    ...overrides,
  });

test('at its cap an evolution stands, and with more budget it goes on and pays for nothing twice', async () => {
  const world = fakeWorld({ prepared: small({ budget: { trials: 10 } }), passes: mendable });
  await evolve(remembering(world), async (name) => {
    await atCap(name);
    expect(world.trials).toHaveLength(10);
    const standing = await stateOf(name);
    expect(standing).toMatchObject({ spend: { trials: 10 }, rounds: [{ decision: 'budget-stopped' }] });
    await setBudget(temporal.client, name, { trials: 1000 });
    const result = await evolutionResult(temporal.client, name);
    expect(result.status).toBe('finished');
    expect(result.rounds).toMatchObject([{ decision: 'promoted', spend: { trials: 16 } }]);
    expect(result.spend.trials).toBe(28);
    expect(world.trials).toHaveLength(28);
    expect(result.final?.heldInGain?.value).toBe(0.5);
  });
});

test('one that its last trial uses up is finished, and does not stand', async () => {
  const world = fakeWorld({ prepared: small({ budget: { trials: 28 } }), passes: mendable });
  const result = await evolve(world.activities, (name) => evolutionResult(temporal.client, name));
  expect(result).toMatchObject({ status: 'finished', spend: { trials: 28 } });
  expect(result.final?.heldInGain?.value).toBe(0.5);
});

test('paused at its cap it is paused once there is more budget, and goes on when it is resumed', async () => {
  const world = fakeWorld({
    prepared: small({ budget: { trials: 10 }, finalAttempts: 0 }),
    passes: mendable,
  });
  await evolve(remembering(world), async (name) => {
    await atCap(name);
    await pause(temporal.client, name, 'the weekend');
    await setBudget(temporal.client, name, { trials: 1000 });
    await until(async () => (await stateOf(name)).phase !== 'budget-stopped');
    expect(await stateOf(name)).toMatchObject({ paused: 'the weekend', spend: { trials: 10 } });
    await resume(temporal.client, name);
    expect(await evolutionResult(temporal.client, name)).toMatchObject({ status: 'finished' });
  });
});

test('a budget that is set while a batch runs holds for that batch', async () => {
  const world = fakeWorld({ prepared: small({ concurrency: 2, finalAttempts: 0 }), passes: mendable });
  const hold = gate();
  const runTrial = async (spec: TrialSpec) => {
    const done = await world.activities.runTrial(spec);
    if (world.trials.length >= 2) await hold.opened;
    return done;
  };
  await evolve({ ...world.activities, runTrial }, async (name) => {
    await until(() => world.trials.length === 2);
    expect(await setBudget(temporal.client, name, { trials: 3 })).toContain('"trials":3');
    await until(() => toldOfMoney(name));
    hold.open();
    await atCap(name);
    expect(world.trials).toHaveLength(3);
    await stop(temporal.client, name);
    expect(await evolutionResult(temporal.client, name)).toMatchObject({
      status: 'budget-stopped',
      champion: 'seed',
      spend: { trials: 3 },
    });
  });
});

test('a budget that is raised in time is never felt', async () => {
  const world = fakeWorld({
    prepared: small({ concurrency: 2, finalAttempts: 0, budget: { trials: 3 } }),
    passes: mendable,
  });
  const hold = gate();
  const runTrial = async (spec: TrialSpec) => {
    const done = await world.activities.runTrial(spec);
    if (world.trials.length >= 2) await hold.opened;
    return done;
  };
  await evolve({ ...world.activities, runTrial }, async (name) => {
    await until(() => world.trials.length === 2);
    await pause(temporal.client, name, 'to look');
    await setBudget(temporal.client, name, { trials: 1000 });
    await temporal.client.workflow.getHandle(`evolve/${name}`).executeUpdate('resume');
    hold.open();
    const result = await evolutionResult(temporal.client, name);
    expect(result).toMatchObject({ status: 'finished', rounds: [{ decision: 'promoted' }] });
    expect(new Set(world.trials.map((spec) => JSON.stringify(spec))).size).toBe(world.trials.length);
  });
});

test('a budget that ends in the final measurement leaves no half figures, and more of it completes them', async () => {
  const useless = fakeWorld({ prepared: small({ budget: { trials: 8 } }), passes: () => true });
  await evolve(remembering(useless), async (name) => {
    await atCap(name);
    expect(await stateOf(name)).toMatchObject({ final: null, spend: { trials: 8 } });
    await setBudget(temporal.client, name, { trials: 100 });
    const result = await evolutionResult(temporal.client, name);
    expect(result).toMatchObject({ status: 'finished', spend: { trials: 10 } });
    expect(result.final?.heldInBefore?.value).toBe(1);
  });
});

test('no failure is read and no edit asked for once the budget is used up', async () => {
  const world = fakeWorld({ prepared: small({ budget: { trials: 4 } }), passes: mendable });
  await evolve(world.activities, async (name) => {
    await atCap(name);
    expect((await stateOf(name)).spend).toMatchObject({ trials: 4, promptTokens: 400 });
    await stop(temporal.client, name);
    await evolutionResult(temporal.client, name);
  });
});

test('what was paid before this run is in the budget, and is told', async () => {
  const earlier = { ...NO_SPEND, trials: 7, promptTokens: 700 };
  const world = fakeWorld({ prepared: small({ budget: { trials: 10 }, earlier }), passes: mendable });
  await evolve(world.activities, async (name) => {
    await atCap(name);
    expect(world.trials).toHaveLength(3);
    const standing = await stateOf(name);
    expect(standing.spend.trials).toBe(3);
    expect(evolutionDetails(standing)).toContain('before this run, in the budget as well: 7 trials');
    await stop(temporal.client, name);
    await evolutionResult(temporal.client, name);
  });
});

/** Tokens that one call of these trials takes at most. */
const CALL = 500;

/** As the activity does it: before each call it has what that can cost at most, or asks for it. */
async function spendUnder(grant: Grant | undefined, calls: readonly number[]): Promise<TrialReport> {
  const { client, info } = Context.current();
  const handle = client.workflow.getHandle(info.workflowExecution!.workflowId);
  let ceiling = grant?.tokens ?? Number.POSITIVE_INFINITY;
  let used = 0;
  for (const tokens of calls) {
    if (used + CALL > ceiling) {
      const needs = { id: grant!.id, tokens: used + CALL, usd: 0 };
      const more = await handle.executeUpdate(extendUpdate, { args: [needs] });
      if (more === null) return { ...report('budget-stopped'), promptTokens: used, completionTokens: 0 };
      ceiling = more.tokens ?? Number.POSITIVE_INFINITY;
    }
    used += tokens;
  }
  return { ...report('passed'), promptTokens: used, completionTokens: 0 };
}

test('sixteen trials at once, some a hundred times as dear, pass the cap by less than one of them', async () => {
  const cap = 60_000;
  const costs: number[] = [];
  const together = gate();
  let most = 0;
  let running = 0;
  const runTrial = async ({ attempt }: TrialSpec, grant?: Grant) => {
    running += 1;
    most = Math.max(most, running);
    if (running === 16) together.open();
    // The first ones really are under way side by side; what comes later is let through.
    if (attempt <= 16) await together.opened;
    const calls = Array.from(
      { length: attempt % 7 === 0 ? 40 : 2 },
      (_, i) => 100 + ((attempt * 37 + i) % 400),
    );
    const done = await spendUnder(grant, calls);
    running -= 1;
    costs.push(done.promptTokens);
    return done;
  };
  const id = uniqueId('sixteen');
  const result = (await temporal.withWorkers({ runTrial }, async () => {
    const handle = await temporal.client.workflow.start(runTrials, {
      taskQueue: TASK_QUEUE,
      workflowId: id,
      args: [
        {
          contract: 'c'.repeat(64),
          purpose: 'test/cap',
          tasks: ['one'],
          arms: [{ name: 'seed', harness: 'h'.repeat(64) }],
          items: formatItems(Array.from({ length: 120 }, (_, i) => ({ arm: 0, task: 0, attempt: i + 1 }))),
          concurrency: 16,
          trialSeconds: 60,
          allowance: { tokens: cap },
          // What was known before was cheap: it is no help against the dear ones.
          known: {
            call: { tokens: CALL, usd: 0 },
            costs: addCost({}, { tokens: 500, usd: null, seconds: 1 }),
          },
        },
      ],
    });
    await until(async () => (await handle.query(progressQuery)).running > 0);
    return handle.result();
  })) as BatchResult;
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  expect(most).toBe(16);
  expect(result.outcomes).toContain('B');
  expect(result.spend.promptTokens).toBe(total);
  expect(total).toBeGreaterThan(cap / 2);
  expect(total).toBeLessThanOrEqual(cap + Math.max(...costs));
});
