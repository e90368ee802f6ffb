/** An evolution measures its incumbent against itself before it spends, and asks where it could not see what is wanted. */
import {
  calibrationResult,
  evolutionResult,
  resume,
  setBudget,
  snapshot,
  startCalibration,
  startEvolution,
  stop,
} from '../../src/client/evolutions.js';
import type { EvolutionConfigInput } from '../../src/contract/config.js';
import type { CalibrationPlan } from '../../src/validation/calibration.js';
import type { Prepared } from '../../src/workflows/types.js';
import { type FakeWorld, fakeWorld, prepared } from '../support/fake-activities.js';
import { type TestTemporal, testTemporal, uniqueId, until } from '../support/temporal.js';

const config = { suite: 'fake-suite', model: { name: 'fake' } };
const TRIALS = 2 * 2 * 18;
let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await testTemporal();
});
afterAll(() => temporal.close());

/** The seed fails half of all tasks; task 5 of heldIn goes one way and the other. */
const world = (plan: Partial<CalibrationPlan>, overrides: Partial<Prepared> = {}): FakeWorld =>
  fakeWorld({
    prepared: prepared({
      rounds: 1,
      finalAttempts: 0,
      calibration: { attempts: 2, wantedGain: 0.4, onTooSmall: 'ask', ...plan },
      ...overrides,
    }),
    passes: ({ harness, task, attempt }) =>
      harness.includes('good') ||
      (task === 'in-5' ? attempt % 3 === 0 : Number(task.split('-')[1]) % 2 === 0),
  });

function evolve<T>({ activities }: FakeWorld, work: (name: string) => Promise<T>): Promise<T> {
  const name = uniqueId('calibrated');
  return temporal.withWorkers(activities, async () => {
    await startEvolution(temporal.client, name, config);
    return work(name);
  });
}

const stateOf = async (name: string) => (await snapshot(temporal.client, name)).state;
const asked = (name: string) => until(async () => (await stateOf(name)).question !== null);

test('the incumbent is measured against itself on trials that nothing else uses, and the evolution goes on', async () => {
  const fake = world({});
  const result = await evolve(fake, (name) => evolutionResult(temporal.client, name));
  expect(result.rounds.map(({ decision }) => decision)).toEqual(['promoted']);
  const own = fake.trials.filter(({ purpose }) => purpose === 'world/calibrate');
  expect(own).toHaveLength(TRIALS);
  expect(new Set(own.map(({ harness }) => harness))).toEqual(new Set(['seed']));
  expect(fake.trials.filter(({ purpose }) => purpose === 'world/r1/observe')).toHaveLength(12);
  expect(new Set(fake.trials.map((spec) => JSON.stringify(spec))).size).toBe(fake.trials.length);
  expect(result.spend.trials).toBe(fake.trials.length);
  expect(result.calibration).toMatchObject({
    tasks: 18,
    trials: TRIALS,
    flaky: { count: 1, tasks: ['in-5'] },
    cost: { tokens: { median: 110, upper: 110 }, usd: null },
  });
  expect(result.calibration!.power!.wanted!.value).toBeGreaterThan(0.8);
});

test('a gain that it could not see is asked about with the numbers, and resume goes on', async () => {
  const fake = world({ wantedGain: 0.02 });
  const result = await evolve(fake, async (name) => {
    await asked(name);
    const state = await stateOf(name);
    expect(state).toMatchObject({ phase: 'calibrating', round: 0, batch: null });
    expect(state.paused).toBe(state.question);
    expect(state.question).toMatch(/wanted gain of 2 points in [\d.]+ % of cases, not 80.0 %/);
    expect(state.calibration!.power!.detectable).toBeGreaterThan(0.02);
    expect(fake.trials).toHaveLength(TRIALS);
    await resume(temporal.client, name);
    return evolutionResult(temporal.client, name);
  });
  expect(result).toMatchObject({ status: 'finished', calibration: { power: { wantedGain: 0.02 } } });
  expect(fake.calibrations).toHaveLength(1);
});

test('a budget that holds no calibration is asked about before a trial is run, a new one is weighed anew, and stop ends it', async () => {
  const fake = world({ wantedGain: 0.02 }, { budget: { trials: TRIALS } });
  const result = await evolve(fake, async (name) => {
    await asked(name);
    expect(fake.trials).toHaveLength(0);
    expect((await stateOf(name)).question).toContain(`leaves ${TRIALS} trials`);
    await setBudget(temporal.client, name, { trials: TRIALS + 40 });
    await resume(temporal.client, name);
    await until(async () => (await stateOf(name)).question?.includes('within 28 trials') ?? false);
    await setBudget(temporal.client, name, { trials: TRIALS + 60 });
    await resume(temporal.client, name);
    await until(async () => (await stateOf(name)).question?.includes('within 48 trials') ?? false);
    await stop(temporal.client, name);
    return evolutionResult(temporal.client, name);
  });
  expect(result).toMatchObject({ status: 'stopped', champion: 'seed', rounds: [] });
  // Weighed twice, measured once.
  expect(fake.calibrations.map(({ allowance }) => allowance.trials)).toEqual([40, 60]);
  expect(fake.trials).toHaveLength(TRIALS);
  expect(result.spend.trials).toBe(TRIALS);
});

test('unattended it goes on by itself where that is what the configuration says', async () => {
  const fake = world({ onTooSmall: 'go-on' }, { budget: { trials: 20 } });
  const result = await evolve(fake, async (name) => {
    await until(async () => (await stateOf(name)).phase === 'budget-stopped');
    await stop(temporal.client, name);
    return evolutionResult(temporal.client, name);
  });
  expect(result).toMatchObject({ status: 'budget-stopped', calibration: null });
  expect(fake.trials).toHaveLength(20);
});

test('alone it says the same, also where the configuration switches it off', async () => {
  const fake = world({ wantedGain: 0.02 });
  const name = uniqueId('alone');
  const given: EvolutionConfigInput[] = [];
  const prepareEvolution: typeof fake.activities.prepareEvolution = async (input) => {
    given.push(input as EvolutionConfigInput);
    return fake.activities.prepareEvolution(input);
  };
  const result = await temporal.withWorkers({ ...fake.activities, prepareEvolution }, async () => {
    await startCalibration(temporal.client, name, { ...config, calibration: { enabled: false } });
    return calibrationResult(temporal.client, name);
  });
  expect(given[0]!.calibration).toEqual({ enabled: true });
  expect(result).toMatchObject({ status: 'finished', harness: 'seed', calibration: { trials: TRIALS } });
  expect(result.question).toContain('2 points');
  expect(result.forecast!.tokens.min).toBeGreaterThan(TRIALS * 110);
  expect(fake.trials).toHaveLength(TRIALS);
});
