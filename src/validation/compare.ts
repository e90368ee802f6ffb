/** Two arms side by side: what the registry records and people read. */

import type { Split } from '../suite/types.js';
import { differenceInterval, shareInterval } from './intervals.js';
import { pairScores, sum, type TaskPairs } from './scores.js';
import { mean, pairedDifferences, passShare } from './statistics.js';
import type { Arm, Comparison, HeldInFigure, Interval, SplitComparison, TrialScore } from './types.js';

export function compare(
  arm: Arm,
  tasks: readonly TaskPairs[],
  test: Pick<Comparison, 'p' | 'looks'>,
): Comparison {
  const of = (split: TaskPairs['split']) => compareSplit(tasks.filter((task) => task.split === split));
  return { arm, heldIn: of('heldIn'), heldOut: of('heldOut'), ...test };
}

/**
 * An arm against the incumbent on one split, outside of any gate: from scores of one stage, paired by task and attempt.
 */
export function compareArms<S extends Split>(
  scores: readonly TrialScore<S>[],
  { arm, split }: { arm: Arm; split: S },
): SplitComparison {
  return compareSplit(pairScores(scores, arm).filter((task) => task.split === split));
}

/** Mean paired difference over the tasks, -1 to 1; null: no task has a valid pair. */
export function meanDifference(tasks: readonly TaskPairs[]): number | null {
  return mean(differencesOf(tasks));
}

/** The same of heldIn tasks alone: the one figure of a gate that proposers are told. */
export function heldInDifference(tasks: readonly TaskPairs<'heldIn'>[]): HeldInFigure | null {
  return meanDifference(tasks) as HeldInFigure | null;
}

export function differencesOf(tasks: readonly TaskPairs<Split>[]): number[] {
  return pairedDifferences(tasks.map((task) => task.pairs));
}

function compareSplit(all: readonly TaskPairs<Split>[]): SplitComparison {
  const tasks = all.filter((task) => task.pairs.length > 0);
  const attempts = sum(tasks.map((task) => task.pairs.length));
  const share = (arm: 'incumbent' | 'candidate'): Interval | null =>
    shareInterval(
      tasks.map((task) => passShare(task.pairs, arm)!),
      attempts,
    );
  return {
    tasks: tasks.length,
    trials: 2 * attempts,
    incumbent: share('incumbent'),
    candidate: share('candidate'),
    difference: differenceInterval(differencesOf(tasks)),
  };
}
