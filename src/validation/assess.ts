/** From the trials of a calibration to what it says: noise, costs, and what a round could see. Not for workflows. */
import {
  type Calibration,
  measureNoise,
  type Quantiles,
  splitArms,
  type TaskPasses,
  type TrialCost,
} from './calibration.js';
import { findPower, type PowerQuestion } from './power.js';
import { quantile } from './statistics.js';
import type { TrialScore } from './types.js';

const FLAKY_NAMED_MAX = 12;
const UPPER = 0.9;

export interface CalibrationTrials {
  /** As asked for by `calibrationRequests`. */
  scores: readonly TrialScore[];
  /** Of the valid ones. */
  costs: readonly { tokens: number; usd: number | null; seconds: number }[];
}

export interface Experiment
  extends Pick<PowerQuestion, 'gate' | 'settings' | 'width' | 'wantedGain' | 'seed'> {
  /** What the budget leaves for the first round; undefined: no limit. `seconds` of all slots together. */
  left: { trials?: number; tokens?: number; usd?: number; seconds?: number };
  /** Trials of the observation before the round's validation. */
  observation: number;
}

export type Assessment = Omit<Calibration, 'record'> & { perTask: TaskPasses[] };

/** Comes in slices, as `findPower` does. */
export function* assess(trials: CalibrationTrials, experiment: Experiment): Generator<void, Assessment> {
  const noise = measureNoise(splitArms(trials.scores));
  const cost = costOf(trials.costs);
  const { gate, settings, width, wantedGain, seed } = experiment;
  const power = yield* findPower({
    gate,
    settings,
    width,
    wantedGain,
    seed,
    tasks: noise.perTask,
    invalidShare: trials.scores.length === 0 ? 0 : noise.invalid / trials.scores.length,
    roundTrials: roundTrials(experiment, cost),
  });
  const { flaky } = noise;
  return { ...noise, flaky: { count: flaky.length, tasks: flaky.slice(0, FLAKY_NAMED_MAX) }, power, cost };
}

/** The tightest limit, in trials of median cost, less the observation; null: none is set. */
function roundTrials({ left, observation }: Experiment, cost: TrialCost): number | null {
  const limits = [
    left.trials,
    trialsIn(left.tokens, cost.tokens),
    trialsIn(left.usd, cost.usd),
    trialsIn(left.seconds, cost.seconds),
  ].filter((limit) => limit !== undefined);
  return limits.length === 0 ? null : Math.max(0, Math.floor(Math.min(...limits)) - observation);
}

function trialsIn(amount: number | undefined, each: Quantiles | null): number | undefined {
  return amount === undefined || !each || each.median <= 0 ? undefined : amount / each.median;
}

function costOf(costs: CalibrationTrials['costs']): TrialCost {
  const of = (values: number[]): Quantiles | null => {
    const [median, upper] = [quantile(values, 0.5), quantile(values, UPPER)];
    return median === null || upper === null ? null : { median, upper };
  };
  const dollars = costs.map(({ usd }) => usd).filter((usd) => usd !== null);
  return {
    tokens: of(costs.map(({ tokens }) => tokens)),
    // Some without a price: then no figure would be of all of them.
    usd: dollars.length === costs.length ? of(dollars) : null,
    seconds: of(costs.map(({ seconds }) => seconds)),
  };
}
