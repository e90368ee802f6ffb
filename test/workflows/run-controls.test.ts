/** Control arms on a real server: what is run for each, how much of it, and what the evolution keeps of it. */
import { evolutionResult, setBudget, snapshot, startEvolution, stop } from '../../src/client/evolutions.js';
import type { TrialSpec } from '../../src/trial/types.js';
import { runControls } from '../../src/workflows/index.js';
import { type Prepared, TASK_QUEUE } from '../../src/workflows/types.js';
import {
  type FakeWorld,
  fakeWorld,
  prepared,
  remembering,
  SETTINGS,
  type World,
} from '../support/fake-activities.js';
import { type TestTemporal, testTemporal, uniqueId, until } from '../support/temporal.js';

const config = { suite: 'fake-suite', model: { name: 'fake' } };
let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await testTemporal();
});
afterAll(() => temporal.close());

const mendable = ({ harness, task }: TrialSpec) =>
  harness.includes('good') || Number(task.split('-')[1]) % 2 === 0;

/**
 * Six tasks. A round of the evolution, with one proposal that helps: 4 trials to observe, 12 to validate. One of edits by chance that
 * change nothing: the same 16. Mining and proposing cost 2 * 5 + 7 tokens, a trial 110.
 */
const small = (overrides: Partial<Prepared> = {}) =>
  prepared({
    heldIn: ['in-1', 'in-2', 'in-3', 'in-4'],
    heldOut: ['out-1', 'out-2'],
    width: 1,
    gate: { kind: 'paper', settings: { ...SETTINGS, attempts: 1 } },
    controls: ['no-op', 'best-of-n', 'random-edit'],
    ...overrides,
  });
const TASKS = 6;

function evolve<T>(activities: FakeWorld['activities'], work: (name: string) => Promise<T>): Promise<T> {
  const name = uniqueId('controls');
  return temporal.withWorkers(activities, async () => {
    await startEvolution(temporal.client, name, config);
    return work(name);
  });
}

async function evolved(world: Omit<World, 'passes'> & Partial<World>) {
  const fake = fakeWorld({ passes: mendable, ...world });
  const result = await evolve(fake.activities, (name) => evolutionResult(temporal.client, name));
  return { ...fake, result, of: (purpose: string) => fake.trials.filter((spec) => spec.purpose === purpose) };
}

test('each arm gets what the evolution spent on evolving, and all are measured as the evolved harness was', async () => {
  const { result, of, trials, controls, records } = await evolved({ prepared: small({ rounds: 2 }) });
  const evolving = { trials: 16 + 4, tokens: 20 * 110 + 2 * 5 + 7, usd: null };
  expect(result).toMatchObject({
    status: 'finished',
    champion: 'good-1',
    controls: { evolving, record: 'controls-record' },
  });
  expect(controls).toMatchObject([
    { champion: 'good-1', money: 'tokens', noOp: true, bestOf: { trials: 3, money: 3 } },
  ]);
  // Attempts of the seed: fresh ones, three for each task, and only these note what files they leave.
  const attempts = of('world/controls/best-of-n');
  expect(attempts).toHaveLength(3 * TASKS);
  expect(attempts.every(({ harness, noteFiles }) => harness === 'seed' && noteFiles)).toBe(true);
  expect(trials.filter(({ noteFiles }) => noteFiles)).toHaveLength(3 * TASKS);
  // By chance: a second round begins while budget is left, and is no part of what came of it.
  expect(controls[0]!.search).toMatchObject({
    rounds: [
      { round: 1, decision: 'rejected', harness: 'seed', spent: { trials: 16 } },
      { round: 2, decision: 'rejected', harness: 'seed', spent: { trials: 32 } },
    ],
    within: { trials: 1, money: 1 },
    drawn: 'drawn-2',
  });
  // no-op and the champion of chance are one harness here, and measured once.
  const measured = of('world/controls/measure');
  expect(measured).toHaveLength(TASKS);
  expect(new Set(measured.map(({ harness }) => harness))).toEqual(new Set(['seed']));
  // Nothing of it is recorded as a decision of the evolution.
  expect(records).toHaveLength(2);
  const keys = trials.map((spec) => JSON.stringify(spec));
  expect(new Set(keys).size).toBe(keys.length);
});

test('what chance found within the budget is the champion at that budget, what it found beyond is not', async () => {
  const lucky = (at: number) => (round: number, slot: number) =>
    round === at ? 'good-chance' : `chance-${round}-${slot}`;
  const soon = await evolved({ prepared: small({ controls: ['random-edit'] }), chance: lucky(1) });
  expect(soon.controls[0]!.search).toMatchObject({
    rounds: [{ decision: 'promoted', harness: 'good-chance' }],
    within: { trials: 1, money: 1 },
  });
  expect(new Set(soon.of('world/controls/measure').map(({ harness }) => harness))).toEqual(
    new Set(['good-chance']),
  );
  // The second round of the evolution only observes: the second round by chance ends beyond it.
  const late = await evolved({ prepared: small({ rounds: 2, controls: ['random-edit'] }), chance: lucky(2) });
  expect(late.controls[0]!.search).toMatchObject({
    rounds: [{ harness: 'seed' }, { decision: 'promoted', harness: 'good-chance' }],
    within: { trials: 1, money: 1 },
  });
  expect(late.result.champion).toBe('good-1');
  expect(new Set(late.of('world/controls/measure').map(({ harness }) => harness))).toEqual(new Set(['seed']));
});

test('trials and money are two budgets: each buys attempts and rounds of its own', async () => {
  const fake = fakeWorld({ prepared: small(), passes: mendable });
  // Thinking was dear: the money of 16 trials and 34 more.
  const planControls: FakeWorld['activities']['planControls'] = async () => ({
    evolving: { trials: 16, tokens: 50 * 110, usd: null },
    seedTrial: { tokens: 110, usd: null },
  });
  const activities = { ...fake.activities, planControls };
  await evolve(activities, (name) => evolutionResult(temporal.client, name));
  expect(fake.controls[0]).toMatchObject({
    bestOf: { trials: 2, money: 8 },
    search: { within: { trials: 1, money: 3 } },
  });
  // The fourth round passed both budgets after its observation, and was left there.
  expect(fake.controls[0]!.search!.rounds).toHaveLength(3);
  expect(fake.trials.filter(({ purpose }) => purpose === 'world/controls/best-of-n')).toHaveLength(8 * TASKS);
});

test('a price that nobody knows buys nothing that could be told, and trials are held equal all the same', async () => {
  const fake = fakeWorld({ prepared: small({ controls: ['best-of-n'] }), passes: mendable });
  const planControls: FakeWorld['activities']['planControls'] = async ({ decided }) => ({
    evolving: decided,
    seedTrial: { tokens: null, usd: null },
  });
  await evolve({ ...fake.activities, planControls }, (name) => evolutionResult(temporal.client, name));
  expect(fake.controls[0]).toMatchObject({ bestOf: { trials: 2, money: null }, search: null, noOp: false });
});

test('without controls nothing is run, and nothing said', async () => {
  const { result, of } = await evolved({ prepared: small({ controls: [] }) });
  expect(result).toMatchObject({ status: 'finished', controls: null });
  expect(of('world/controls/measure')).toEqual([]);
});

test('they come after the final measurement and before the sealed split is opened', async () => {
  const { trials, openings } = await evolved({ prepared: small({ sealed: 2, controls: ['no-op'] }) });
  const order = [...new Set(trials.map(({ purpose }) => purpose))];
  expect(order.slice(-3)).toEqual(['world/final', 'world/controls/measure', 'world/seal-1']);
  expect(openings).toHaveLength(1);
});

const atCap = (name: string) =>
  until(async () => (await snapshot(temporal.client, name)).state.phase === 'budget-stopped');

test('a cap holds for controls too; with more money they go on, pay for nothing twice and are held equal to the same', async () => {
  const whole = await evolved({ prepared: small() });
  const world = fakeWorld({ prepared: small({ budget: { trials: 40 } }), passes: mendable });
  await evolve(remembering(world), async (name) => {
    await atCap(name);
    expect(world.trials).toHaveLength(40);
    const { state } = await snapshot(temporal.client, name);
    expect(state).toMatchObject({ controls: null, spend: { trials: 40 } });
    expect(state.final).not.toBeNull();
    await setBudget(temporal.client, name, { trials: 1000 });
    const result = await evolutionResult(temporal.client, name);
    expect(result).toMatchObject({ status: 'finished', spend: { trials: whole.result.spend.trials } });
    expect(world.controls).toEqual(whole.controls);
    expect(world.trials).toHaveLength(whole.trials.length);
  });
});

test('stopped at its cap it keeps the final measurement and has no half controls', async () => {
  const world = fakeWorld({ prepared: small({ budget: { trials: 40 } }), passes: mendable });
  await evolve(remembering(world), async (name) => {
    await atCap(name);
    await stop(temporal.client, name);
    const result = await evolutionResult(temporal.client, name);
    expect(result).toMatchObject({ status: 'budget-stopped', champion: 'good-1', controls: null });
    expect(result.final?.heldInGain?.value).toBe(0.5);
  });
});

test('people cannot start them by themselves, and are told so', async () => {
  const failure = temporal.withWorkers(fakeWorld({ prepared: small(), passes: mendable }).activities, () =>
    temporal.client.workflow.execute(runControls, {
      taskQueue: TASK_QUEUE,
      workflowId: uniqueId('controls'),
      args: [{} as never],
    }),
  );
  await expect(failure).rejects.toMatchObject({
    cause: { message: expect.stringContaining('are run by an evolution') },
  });
});
