/** Pass rates of one harness, for reports. */
import { passInterval } from './intervals.js';
import type { Interval } from './types.js';

export interface PassRate {
  /** Tasks and trials that count: valid ones. */
  tasks: number;
  trials: number;
  passes: number;
  invalid: number;
  /** Mean over tasks of the pass share, 0-1; null: no valid trial. */
  rate: Interval | null;
}

type Score<S extends string> = { task: string; split: S; passed: boolean | null };

/** By split, and over all of them. */
export function overallPass<S extends string>(
  scores: readonly Score<S>[],
): { overall: PassRate; splits: Partial<Record<S, PassRate>> } {
  const splits: Partial<Record<S, PassRate>> = {};
  for (const split of new Set(scores.map((score) => score.split))) {
    splits[split] = passRate(scores.filter((score) => score.split === split));
  }
  return { overall: passRate(scores), splits };
}

function passRate(scores: readonly Score<string>[]): PassRate {
  const valid = scores.filter(({ passed }) => passed !== null);
  return {
    tasks: new Set(valid.map(({ task }) => task)).size,
    trials: valid.length,
    passes: valid.filter(({ passed }) => passed).length,
    invalid: scores.length - valid.length,
    rate: passInterval(scores),
  };
}
