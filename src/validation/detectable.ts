/** How small a gain the trials that were run could have shown. */
import { normalQuantile, studentQuantile975 } from './quantiles.js';
import { sum } from './scores.js';
import type { SplitComparison } from './types.js';

const LEVEL = 0.05;
const POWER = 0.8;

/**
 * The true mean difference (0-1) that a one-sided test at 5 % over the tasks of these splits together would find with
 * 80 % power: (z(.95) + z(.80)) standard errors, each split's standard error read back from the width of its interval.
 * A rough guide, by the normal approximation. @returns null: no split has enough tasks for an interval
 */
export function smallestGain(
  splits: readonly Pick<SplitComparison, 'difference' | 'tasks'>[],
): number | null {
  const measured = splits.filter(({ difference }) => difference !== null);
  if (measured.length === 0) return null;
  const tasks = sum(measured.map((split) => split.tasks));
  const variance = sum(measured.map((split) => (split.tasks * standardErrorOf(split)) ** 2)) / tasks ** 2;
  return (normalQuantile(1 - LEVEL) + normalQuantile(POWER)) * Math.sqrt(variance);
}

function standardErrorOf({ difference, tasks }: Pick<SplitComparison, 'difference' | 'tasks'>): number {
  const { value, low, high } = difference!;
  // One side may have been cut off at -1 or 1.
  return Math.max(high - value, value - low) / studentQuantile975(tasks - 1);
}
