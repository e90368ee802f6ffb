/**
 * 95 % intervals for what is reported. All are closed formulas, so they need no seed; `docs/protocol.md` has the
 * coverage that decided for them and against the bootstrap, which at 10 to 20 tasks covers only 80 to 92 %.
 */
import { studentQuantile975 } from './quantiles.js';
import { mean, sampleVariance } from './statistics.js';
import type { Interval } from './types.js';

const Z975 = 1.959964;

/** Wilson's score interval for a share of independent trials, 0-1; null: no trials. */
export function wilsonInterval(passes: number, trials: number): Interval | null {
  return trials === 0 ? null : scoreInterval(passes / trials, trials, Z975);
}

/**
 * Interval for the mean over tasks of their pass shares, 0-1: Wilson's with the number of trials replaced by the number
 * of independent ones that would scatter as much as these tasks do (at least tasks - 1, at most `trials`), and with
 * Student's quantile. Never of width 0: where all tasks agree, each counts as one trial.
 *
 * Franco, Little, Louis, Slud 2019, "Comparative study of confidence intervals for proportions in complex sample surveys".
 *
 * @param shares pass share of each task; @param trials trials behind them. @returns null: no tasks.
 */
export function shareInterval(shares: readonly number[], trials: number): Interval | null {
  const value = mean(shares);
  if (value === null) return null;
  const tasks = shares.length;
  const freedom = Math.max(1, tasks - 1);
  const variance = sampleVariance(shares);
  const scatter = variance === null ? 0 : variance / tasks;
  const unanimous = value <= 0 || value >= 1 || tasks < 2;
  const independent = unanimous ? tasks : scatter > 0 ? (value * (1 - value)) / scatter : trials;
  const size = Math.min(trials, Math.max(freedom, independent));
  return scoreInterval(value, size, studentQuantile975(freedom));
}

/**
 * Mean over tasks of their pass shares with its interval. Invalid trials (`passed: null`) do not count, nor does a task
 * that has no others. @returns null: no valid trial.
 */
export function passInterval(scores: readonly { task: string; passed: boolean | null }[]): Interval | null {
  const tasks = new Map<string, number[]>();
  for (const { task, passed } of scores) {
    if (passed !== null) tasks.set(task, [...(tasks.get(task) ?? []), passed ? 1 : 0]);
  }
  const attempts = [...tasks.values()];
  return shareInterval(
    attempts.map((passes) => mean(passes)!),
    attempts.flat().length,
  );
}

/**
 * Interval for the mean of paired differences over tasks, each -1 to 1: Student's, with the variance taken as if two more
 * half tasks had differed by -1 and by 1. That keeps it from claiming certainty where few tasks or none differ.
 *
 * After Agresti and Min 2005, "Simple improved confidence intervals for comparing matched proportions".
 *
 * @returns null: fewer than two tasks.
 */
export function differenceInterval(differences: readonly number[]): Interval | null {
  const value = mean(differences);
  if (value === null || differences.length < 2) return null;
  const tasks = differences.length + 1;
  const center = (value * differences.length) / tasks;
  const squares = differences.reduce((sum, difference) => sum + (difference - center) ** 2, 0);
  const variance = (squares + 0.5 * (1 - center) ** 2 + 0.5 * (1 + center) ** 2) / (tasks - 1);
  const half = studentQuantile975(differences.length - 1) * Math.sqrt(variance / tasks);
  return { value, low: Math.max(-1, value - half), high: Math.min(1, value + half) };
}

/** Wilson 1927: the shares that a score test with quantile `z` does not reject. */
function scoreInterval(value: number, trials: number, z: number): Interval {
  const weight = (z * z) / trials;
  const center = (value + weight / 2) / (1 + weight);
  const half = (z / (1 + weight)) * Math.sqrt((value * (1 - value)) / trials + weight / (4 * trials));
  // Rounding must not put the value outside of its own interval.
  const low = Math.min(value, Math.max(0, center - half));
  return { value, low, high: Math.max(value, Math.min(1, center + half)) };
}
