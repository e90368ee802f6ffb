/**
 * A/A: one harness measured against itself. Whatever differs is noise, so it says how small a difference can mean
 * anything here. Formulas and what they hold: `docs/protocol.md`, "Calibration".
 */
import { differencesOf } from './compare.js';
import { differenceInterval, passInterval } from './intervals.js';
import type { Power } from './power.js';
import { pairScores, tasksOf } from './scores.js';
import { mean, sampleVariance, standardError } from './statistics.js';
import {
  type Arm,
  type GateSplit,
  INCUMBENT,
  type Interval,
  type TrialRequest,
  type TrialScore,
} from './types.js';

export const CALIBRATE = 'calibrate';
/** The second arm of a calibration: the incumbent once more. */
export const AGAIN: Arm = 'incumbent-again';

/** A task's valid trials, both arms together. */
export interface TaskPasses {
  task: string;
  split: GateSplit;
  passes: number;
  trials: number;
}

export interface Noise {
  /** Tasks with a pair of valid trials. */
  tasks: number;
  /** Valid trials of both arms. */
  trials: number;
  invalid: number;
  /** Both arms together, 0-1. */
  passRate: Interval | null;
  /** First arm minus second, mean over the tasks' paired differences, -1 to 1. */
  difference: Interval | null;
  /** Standard error of that mean; null: fewer than two tasks. */
  standardError: number | null;
  /** Half the width of the difference's 95 % interval, 0-1: the noise floor. */
  floor: number | null;
  /** The task whose two pass shares lie farthest apart. */
  largestMove: { task: string; difference: number } | null;
  /** Two-sided p of both arms being the same; null: no trials to tell by. */
  p: number | null;
  /** Share (0-1) of the variance of a single trial that lies within tasks; null: no trial differs from another, or too few. */
  withinShare: number | null;
  /** Tasks that both passed and failed. */
  flaky: string[];
  perTask: TaskPasses[];
}

/** How an incumbent is measured against itself, and for what. */
export interface CalibrationPlan {
  /** Per task and arm. */
  attempts: number;
  /** 0-1. */
  wantedGain: number;
  onTooSmall: 'ask' | 'go-on';
}

/** Of one trial. */
export interface Quantiles {
  median: number;
  /** What nine of ten trials do not exceed. */
  upper: number;
}

/** What a trial cost; null: no valid trial, or no price. */
export interface TrialCost {
  tokens: Quantiles | null;
  usd: Quantiles | null;
  seconds: Quantiles | null;
}

/** What a calibration came to, small enough to cross Temporal. */
export interface Calibration extends Omit<Noise, 'perTask' | 'flaky'> {
  /** How many tasks went both ways, and the names of the first of them. */
  flaky: { count: number; tasks: string[] };
  /** What a round could see; null: no valid trial on heldIn. */
  power: Power | null;
  cost: TrialCost;
  /** Artifact with what each task did; null: not kept. */
  record: string | null;
}

/**
 * The trials of a calibration: for each task `2 * attempts` of one arm, numbered on. As one arm they are trials of their
 * own; `splitArms` tells afterwards which belongs to which.
 */
export function calibrationRequests(
  splits: { heldIn: string[]; heldOut: string[] },
  attempts: number,
): TrialRequest[] {
  return tasksOf(splits).flatMap((task) =>
    Array.from({ length: 2 * attempts }, (_, i) => ({
      ...task,
      arm: INCUMBENT,
      stage: CALIBRATE,
      attempt: i + 1,
    })),
  );
}

/** Neighbouring attempts become a pair of both arms; which arm goes first alternates by task and by pair. */
export function splitArms(scores: readonly TrialScore[]): TrialScore[] {
  const place = new Map([...new Set(scores.map(({ task }) => task))].map((task, i) => [task, i]));
  return scores.map((score) => {
    const pair = Math.ceil(score.attempt / 2);
    const second = score.attempt % 2 === 0;
    const swapped = (place.get(score.task)! + pair) % 2 === 0;
    return { ...score, attempt: pair, arm: second === swapped ? INCUMBENT : AGAIN };
  });
}

/** @param scores of the arms `incumbent` and `incumbent-again`, one stage */
export function measureNoise(scores: readonly TrialScore[]): Noise {
  const pairs = pairScores(scores, AGAIN).filter((task) => task.pairs.length > 0);
  // As a candidate's: the difference is second minus first there.
  const moves = differencesOf(pairs).map((difference, i) => ({
    task: pairs[i]!.task,
    difference: difference === 0 ? 0 : -difference,
  }));
  const differences = moves.map((move) => move.difference);
  const difference = differenceInterval(differences);
  const perTask = passesByTask(scores);
  const valid = scores.filter(({ passed }) => passed !== null).length;
  return {
    tasks: pairs.length,
    trials: valid,
    invalid: scores.length - valid,
    passRate: passInterval(scores),
    difference,
    standardError: standardError(differences),
    floor: difference === null ? null : (difference.high - difference.low) / 2,
    largestMove: moves.reduce<Noise['largestMove']>(
      (most, one) => (most === null || Math.abs(one.difference) > Math.abs(most.difference) ? one : most),
      null,
    ),
    p: sameArmsTest(scores),
    withinShare: shareWithinTasks(perTask),
    flaky: perTask.filter(({ passes, trials }) => passes > 0 && passes < trials).map(({ task }) => task),
    perTask,
  };
}

export function passesByTask(scores: readonly TrialScore[]): TaskPasses[] {
  const tasks = new Map<string, TaskPasses>();
  for (const { task, split, passed } of scores) {
    if (passed === null) continue;
    const known = tasks.get(task) ?? { task, split, passes: 0, trials: 0 };
    tasks.set(task, { ...known, passes: known.passes + (passed ? 1 : 0), trials: known.trials + 1 });
  }
  return [...tasks.values()];
}

/**
 * Exact two-sided test that both arms are one harness: given how often each task passed in all, which of its trials
 * were whose is a matter of chance, so a task's passes in the first arm are hypergeometric, and their sum over the
 * tasks is known exactly. p is the probability of a sum at least as far from its expectation as the observed one.
 * (The exact conditional test of Cochran, Mantel and Haenszel, with the tasks as strata.)
 *
 * @returns p in (0, 1]; null: an arm has no valid trial.
 */
export function sameArmsTest(scores: readonly TrialScore[]): number | null {
  const firsts = passesByTask(scores.filter(({ arm }) => arm === INCUMBENT));
  const seconds = new Map(
    passesByTask(scores.filter(({ arm }) => arm !== INCUMBENT)).map((task) => [task.task, task]),
  );
  const both = firsts.filter(({ task }) => seconds.has(task));
  if (both.length === 0) return null;
  let distribution = [1];
  let expected = 0;
  let observed = 0;
  for (const first of both) {
    const second = seconds.get(first.task)!;
    const passes = first.passes + second.passes;
    const trials = first.trials + second.trials;
    observed += first.passes;
    expected += (passes * first.trials) / trials;
    distribution = convolve(distribution, hypergeometric(passes, trials, first.trials));
  }
  const distance = Math.abs(observed - expected);
  const p = distribution.reduce(
    (sum, probability, value) => (Math.abs(value - expected) >= distance - EPSILON ? sum + probability : sum),
    0,
  );
  return Math.min(1, p);
}

const EPSILON = 1e-9;

/** Probability of 0, 1, ... `drawn` passes among `drawn` trials taken out of `trials`, of which `passes` passed. */
function hypergeometric(passes: number, trials: number, drawn: number): number[] {
  return Array.from(
    { length: drawn + 1 },
    (_, value) => (choose(passes, value) * choose(trials - passes, drawn - value)) / choose(trials, drawn),
  );
}

function choose(n: number, k: number): number {
  if (k < 0 || k > n) return 0;
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return ways;
}

function convolve(a: readonly number[], b: readonly number[]): number[] {
  const out = new Array<number>(a.length + b.length - 1).fill(0);
  for (const [j, right] of b.entries()) {
    if (right === 0) continue;
    for (let i = 0; i < a.length; i++) out[i + j]! += a[i]! * right;
  }
  return out;
}

/**
 * One-way analysis of variance with the tasks as random effects: within = mean over tasks of the unbiased variance
 * `k (n - k) / (n (n - 1))`; between = variance of the tasks' shares minus what `within` contributes to it, at least 0.
 * Tasks with a single trial say nothing of it.
 */
function shareWithinTasks(tasks: readonly TaskPasses[]): number | null {
  const repeated = tasks.filter(({ trials }) => trials >= 2);
  const variances = repeated.map(
    ({ passes, trials }) => (passes * (trials - passes)) / (trials * (trials - 1)),
  );
  const within = mean(variances);
  const scatter = sampleVariance(repeated.map(({ passes, trials }) => passes / trials));
  if (within === null || scatter === null) return null;
  const between = Math.max(
    0,
    scatter - mean(variances.map((variance, i) => variance / repeated[i]!.trials))!,
  );
  return within + between === 0 ? null : within / (within + between);
}
