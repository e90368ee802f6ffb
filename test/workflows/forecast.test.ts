/** What an evolution is said to cost in all, before its rounds and while they run. */
import { estimateEvolution } from '../../src/validation/estimate.js';
import { newState } from '../../src/workflows/evolution-state.js';
import { forecastOf } from '../../src/workflows/forecast.js';
import { formatForecast, formatRoles } from '../../src/workflows/money-text.js';
import { addSpend, callSpend, NO_SPEND } from '../../src/workflows/spend.js';
import type { EvolutionState, Prepared, Spend } from '../../src/workflows/types.js';
import { prepared as preparedWith, SETTINGS } from '../support/fake-activities.js';

/** Four tasks to observe, one attempt of six tasks and two arms to validate, twelve trials to measure: a round is 16 or, merged, 22. */
const prepared = (change: Partial<Prepared> = {}) =>
  preparedWith({
    heldIn: ['in-1', 'in-2', 'in-3', 'in-4'],
    heldOut: ['out-1', 'out-2'],
    rounds: 3,
    width: 1,
    gate: { kind: 'paper', settings: { ...SETTINGS, attempts: 1 } },
    ...change,
  });

const spent = (trials: number, usd: number | null = null): Spend => ({
  ...NO_SPEND,
  trials,
  promptTokens: 90 * trials,
  completionTokens: 10 * trials,
  usd,
});

const at = (change: Partial<EvolutionState>, plan: Partial<Prepared> = {}): EvolutionState => ({
  ...newState(0),
  ...{ prepared: prepared(plan), phase: 'observing', round: 1, incumbent: 'seed' },
  ...change,
});

const round = (trials: number, decision = 'rejected') =>
  ({ decision, spend: spent(trials) }) as EvolutionState['rounds'][number];

test('the parts of an estimate add up, and its least is that of an evolution that promotes nothing', () => {
  const { gate } = prepared();
  const sizes = { gate: gate.kind, settings: gate.settings, seed: 1, heldIn: 4, heldOut: 2, sealed: 5 };
  expect(
    estimateEvolution({
      ...sizes,
      rounds: 3,
      width: 1,
      finalAttempts: 2,
      calibrationAttempts: 1,
      controls: [],
    }),
  ).toMatchObject({
    calibration: 12,
    round: { min: 16, likely: 16, max: 16 },
    final: { min: 12, likely: 24, max: 24 },
    sealed: { min: 10, likely: 20, max: 20 },
    total: { min: 12 + 48 + 22, likely: 12 + 48 + 44, max: 12 + 48 + 44 },
  });
});

test('before anything was spent there is nothing to tell by', () => {
  expect(forecastOf(at({}))).toBeNull();
});

test('after the calibration it is what that cost a trial, times the trials to come', () => {
  const plan = { calibration: { attempts: 1, wantedGain: 0.1, onTooSmall: 'ask' as const } };
  const calibration = {} as EvolutionState['calibration'];
  const forecast = forecastOf(at({ phase: 'calibrating', round: 0, calibration, spend: spent(12, 6) }, plan));
  expect(forecast!.trials).toEqual({ min: 12 + 48 + 6, likely: 12 + 48 + 12, max: 12 + 48 + 12 });
  expect(forecast!.tokens.likely).toBe(7200);
  expect(forecast!.usd).toEqual({ min: 33, likely: 36, max: 36 });
});

test('what is under way counts as done, and what a round saved is not expected again', () => {
  const one = at({ rounds: [round(10)], round: 2, spend: spent(10) });
  expect(forecastOf(one)!.trials.likely).toBe(10 + 32 + 12);
  expect(forecastOf(one, spent(7))!.trials.likely).toBe(10 + 32 + 12);
  expect(forecastOf(one, spent(40))!.trials).toMatchObject({ min: 50 + 6, likely: 50 + 12 });
});

test('a round that stands at the cap is still to come but for what it has paid', () => {
  const standing = at({ phase: 'budget-stopped', rounds: [round(6, 'budget-stopped')], spend: spent(6) });
  expect(forecastOf(standing)!.trials.likely).toBe(48 + 12);
});

test('after the rounds only the measurements are to come, at the end nothing', () => {
  const rounds = [round(16), round(16), round(16)];
  const measuring = at({ phase: 'measuring', rounds, spend: spent(48) }, { sealed: 5 });
  expect(forecastOf(measuring, spent(2))!.trials.likely).toBe(48 + 12 + 10);
  const final = {} as EvolutionState['final'];
  expect(forecastOf({ ...measuring, phase: 'unsealing', final, spend: spent(60) })!.trials.likely).toBe(70);
  expect(forecastOf({ ...measuring, phase: 'finished', final, spend: spent(70) })!.trials.likely).toBe(70);
});

test('it is told with its interval, and which cap is likely to come first', () => {
  const range = (likely: number) => ({ min: likely / 2, likely, max: likely * 2 });
  const forecast = { trials: range(1000), tokens: range(30_000_000), usd: range(12) };
  expect(formatForecast(forecast, { usd: 10, tokens: 40_000_000 })).toBe(
    '1000 (500 to 2000) trials, 30.0M (15.0M to 60.0M) tokens, $12.00 ($6.00 to $24.00); the cap of 10 dollars is likely to come first',
  );
});

test('spend is told by role where more than the agent spent, and what was counted here is marked', () => {
  const used = { promptTokens: 900, cachedTokens: 0, completionTokens: 100, usd: 0.5 };
  const agent = callSpend('agent', { ...used, estimated: false });
  expect(formatRoles(agent)).toBe('');
  const miner = callSpend('miner', { ...used, estimated: true });
  const sum = addSpend(agent, miner);
  expect(formatRoles(sum)).toMatch(/^agent 1000 \(\$0\.50\), miner 1000 \(\$0\.50\); estimated: 1000 tokens/);
});
