/**
 * Control arms: what the money of an evolution comes to without evolving. Pure: from the outcomes of trials to the figures that
 * stand beside the evolved harness. What cannot be told is null, never 0.
 */
import { differenceInterval, shareInterval } from './intervals.js';
import { type GateTask, sum } from './scores.js';
import { mean } from './statistics.js';
import type { GateSplit, Interval } from './types.js';

/** What is spent. `usd` null: no price is known. */
export interface Outlay {
  trials: number;
  tokens: number;
  usd: number | null;
}

/** What a control is given as much of as the evolution had: trials, or what the model cost. */
export type Budget = 'trials' | 'money';
export const BUDGETS: readonly Budget[] = ['trials', 'money'];

/** What stands for money: tokens, where no price is known. */
export type Money = 'usd' | 'tokens';

export type ControlArm =
  | 'evolved'
  | 'no-op'
  | 'best-of-n, by verifier'
  | 'best-of-n, by vote'
  | 'random-edit';

/** One attempt at one task. */
export interface ControlAttempt extends GateTask {
  attempt: number;
  /** null: invalid or not run. */
  passed: boolean | null;
  /** Of the files that it left; null: unknown, and equal to no other. */
  fingerprint: string | null;
  tokens: number;
  usd: number | null;
}

/** What an arm comes to on one task. */
export interface TaskScore extends GateTask {
  /** 0 to 1; null: no valid attempt. */
  score: number | null;
  /** Independent trials that the score is a mean of: 1 where several attempts make one answer. */
  trials: number;
}

/** Of one arm on one split; each null where it cannot be told. */
export interface ControlFigures {
  rate: Interval | null;
  /** This arm minus the seed in the final measurement, paired over tasks. */
  gain: Interval | null;
  /** The evolved harness minus this arm, paired over tasks. */
  lead: Interval | null;
}

export interface ControlRow {
  arm: ControlArm;
  /** Which budgets of the evolution it was given; empty: it does not depend on them. */
  equal: Budget[];
  /** Attempts per task behind the figures; null: cannot be told. */
  attempts: number | null;
  /** What it spent in place of evolving, the measurement of what came of it left out; null: cannot be told. */
  outlay: Outlay | null;
  /** Digest of the harness that was measured; null: cannot be told. */
  harness: string | null;
  heldIn: ControlFigures;
  heldOut: ControlFigures;
}

export interface ControlsFigures {
  /** What the evolution spent before its final measurement: what the controls were given as much of. */
  evolving: Outlay;
  money: Money;
  rows: ControlRow[];
  /** Of random-edit; null: not asked for. */
  search: { rounds: number; edits: number; promoted: number } | null;
  /** Valid attempts of best-of-n, and those of them whose files are unknown; null: not asked for. */
  votes: { attempts: number; unknown: number } | null;
}

/** What every row is held against. */
export interface Against {
  evolved: TaskScore[];
  /** In the final measurement; the same where nothing was promoted. */
  seed: TaskScore[];
}

/** Attempts per task over all tasks that a budget buys at the mean price of one; null: the price is unknown or nothing. */
export function attemptsBought(budget: number, tasks: number, price: number | null): number | null {
  if (price === null || price <= 0) return null;
  // Sums of prices that come to the whole budget must not miss it by rounding.
  return Math.floor(budget / (tasks * price) + 1e-9);
}

/** Share of the valid attempts that passed, task by task. */
export function meanScores(attempts: readonly ControlAttempt[]): TaskScore[] {
  return byTask(attempts, (valid) => ({
    score: mean(valid.map(({ passed }) => (passed ? 1 : 0))),
    trials: valid.length,
  }));
}

/** 1 where any of the first `n` attempts at a task passed: somebody who knows the verdicts takes the best. */
export function bestByVerifier(attempts: readonly ControlAttempt[], n: number): TaskScore[] {
  return byTask(upTo(attempts, n), (valid) => ({
    score: valid.length === 0 ? null : valid.some(({ passed }) => passed) ? 1 : 0,
    trials: Math.min(1, valid.length),
  }));
}

/**
 * The first `n` attempts at a task vote by the files they left: those with one fingerprint are a group, the largest group wins, of equal
 * ones the one that began earliest. The score is the share of that group that passed. Attempts without a fingerprint stand alone.
 */
export function bestByVote(attempts: readonly ControlAttempt[], n: number): TaskScore[] {
  return byTask(upTo(attempts, n), (valid) => {
    const groups = new Map<string, ControlAttempt[]>();
    for (const attempt of [...valid].sort((a, b) => a.attempt - b.attempt)) {
      const name = attempt.fingerprint ?? `alone ${attempt.attempt}`;
      groups.set(name, [...(groups.get(name) ?? []), attempt]);
    }
    const winner = [...groups.values()].reduce<ControlAttempt[]>(
      (best, group) => (group.length > best.length ? group : best),
      [],
    );
    return { score: mean(winner.map(({ passed }) => (passed ? 1 : 0))), trials: Math.min(1, winner.length) };
  });
}

/** How many of these steps, in order, fit into a budget. @param spent after each of them, in all; null: unknown, fits into none */
export function stepsWithin(spent: readonly (number | null)[], budget: number): number {
  const over = spent.findIndex((sofar) => sofar === null || sofar > budget + 1e-9);
  return over === -1 ? spent.length : over;
}

export function outlayOf(attempts: readonly ControlAttempt[]): Outlay {
  const dollars = attempts.flatMap(({ usd }) => (usd === null ? [] : [usd]));
  return {
    trials: attempts.length,
    tokens: sum(attempts.map(({ tokens }) => tokens)),
    usd: dollars.length > 0 ? sum(dollars) : null,
  };
}

/** Both rows of best-of-n at each budget; one where both budgets buy the same. */
export function bestOfRows(
  attempts: readonly ControlAttempt[],
  bought: Record<Budget, number | null>,
  { harness, against }: { harness: string; against: Against },
): ControlRow[] {
  return sameTogether((budget) => bought[budget]).flatMap(({ value: n, equal }) => {
    const common = { equal, attempts: n, outlay: n === null ? null : outlayOf(upTo(attempts, n)), harness };
    const figures = (score: typeof bestByVote) => figuresOf(n === null ? [] : score(attempts, n), against);
    return [
      { arm: 'best-of-n, by verifier', ...common, ...figures(bestByVerifier) },
      { arm: 'best-of-n, by vote', ...common, ...figures(bestByVote) },
    ];
  });
}

/** Rate, gain and lead of an arm on both splits. */
export function figuresOf(scores: TaskScore[], against: Against): Pick<ControlRow, GateSplit> {
  const of = (split: GateSplit): ControlFigures => {
    const own = scores.filter((task) => task.split === split);
    const known = own.filter(({ score }) => score !== null);
    return {
      rate: shareInterval(
        known.map(({ score }) => score!),
        sum(known.map(({ trials }) => trials)),
      ),
      gain: differenceInterval(differences(own, against.seed)),
      lead: differenceInterval(differences(against.evolved, own)),
    };
  };
  return { heldIn: of('heldIn'), heldOut: of('heldOut') };
}

/** Budgets for which something comes to the same, together. */
export function sameTogether<T>(of: (budget: Budget) => T): { value: T; equal: Budget[] }[] {
  const groups = new Map<T, Budget[]>();
  for (const budget of BUDGETS) groups.set(of(budget), [...(groups.get(of(budget)) ?? []), budget]);
  return [...groups].map(([value, equal]) => ({ value, equal }));
}

/** `left` minus `right` on every task that both have a score of. */
function differences(left: readonly TaskScore[], right: readonly TaskScore[]): number[] {
  const scores = new Map(right.map(({ task, score }) => [task, score]));
  return left.flatMap(({ task, score }) => {
    const other = scores.get(task) ?? null;
    return score === null || other === null ? [] : [score - other];
  });
}

function upTo(attempts: readonly ControlAttempt[], n: number): ControlAttempt[] {
  return attempts.filter(({ attempt }) => attempt <= n);
}

/** In the order in which the tasks come; `score` is given the valid attempts. */
function byTask(
  attempts: readonly ControlAttempt[],
  score: (valid: ControlAttempt[]) => Pick<TaskScore, 'score' | 'trials'>,
): TaskScore[] {
  const tasks = new Map<string, { split: GateSplit; valid: ControlAttempt[] }>();
  for (const attempt of attempts) {
    const { task, split, passed } = attempt;
    const known = tasks.get(task) ?? { split, valid: [] };
    if (passed !== null) known.valid.push(attempt);
    tasks.set(task, known);
  }
  return [...tasks].map(([task, { split, valid }]) => ({ task, split, ...score(valid) }));
}
