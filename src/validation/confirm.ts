/**
 * The second stage of the confirmed gate: one arm against the incumbent on all tasks of both splits, on fresh attempts,
 * looked at several times. Each look asks for more attempts only where they can still tell something.
 */
import { compare, differencesOf, meanDifference } from './compare.js';
import { signFlipTest } from './permutation.js';
import { normalQuantile } from './quantiles.js';
import { seededRandom } from './random.js';
import {
  type GateTask,
  interleave,
  pairTask,
  type ScoreBook,
  sum,
  type TaskPairs,
  tasksOf,
  tooFewValid,
  unanswered,
} from './scores.js';
import { mean, standardError } from './statistics.js';
import { type Arm, type Comparison, type GatePlan, INCUMBENT, type TrialRequest } from './types.js';
import { plural, points, probability } from './words.js';

/** Differences are fractions of small whole numbers: one that equals a bound must not miss it by rounding. */
const EPSILON = 1e-9;

export interface ConfirmOptions {
  /** Name of the stage: attempts of different stages are different trials. */
  stage: string;
  arm: Arm;
  /** Level of each look. */
  alphas: readonly number[];
}

export interface ConfirmResult {
  decision: 'promoted' | 'rejected' | 'undecided';
  /** Whether too few trials were valid: then no further stage is of use either. */
  unsound: boolean;
  /** With the numbers of both splits: for people, never for a proposer. */
  reason: string;
  comparison: Comparison;
}

/** A task with the attempts that the looks so far have asked for. */
interface TaskAttempts extends GateTask {
  attempts: number[];
}

export function confirm(
  plan: GatePlan,
  book: ScoreBook,
  options: ConfirmOptions,
): { ask: TrialRequest[] } | { result: ConfirmResult } {
  const { looks } = plan.settings.confirm;
  const tasks: TaskAttempts[] = tasksOf(plan).map((task) => ({ ...task, attempts: [] }));
  for (let look = 1; ; look++) {
    addAttempts(plan, book, tasks, look, options);
    const ask = unanswered(book, requestsFor(tasks, options));
    if (ask.length > 0) return { ask };
    const result = judge(plan, pairAll(book, tasks, options), look, options);
    if (result !== null) return { result };
    if (look >= looks.length) throw new Error('the last look of a confirmation decides');
  }
}

/**
 * Gives each task the attempts of this look. A task on which all trials of both arms agreed so
 * far gets them only with probability `agreedShare`: it hardly informs. The rule treats the arms alike, so that under
 * the hypothesis of no difference they stay interchangeable and the test stays valid.
 */
function addAttempts(
  plan: GatePlan,
  book: ScoreBook,
  tasks: TaskAttempts[],
  look: number,
  options: ConfirmOptions,
): void {
  const { looks, agreedShare } = plan.settings.confirm;
  const [from, to] = [looks[look - 2] ?? 0, looks[look - 1]!];
  for (const task of tasks) {
    if (agreed(pairOne(book, task, options))) {
      const coin = seededRandom(`${plan.seed}/${options.stage}/${look}/again/${task.task}`);
      if (coin() >= agreedShare) continue;
    }
    for (let attempt = from + 1; attempt <= to; attempt++) task.attempts.push(attempt);
  }
}

function agreed({ pairs }: TaskPairs): boolean {
  const first = pairs[0];
  return (
    first !== undefined &&
    pairs.every((pair) => pair.incumbent === first.incumbent && pair.candidate === first.incumbent)
  );
}

function requestsFor(tasks: readonly TaskAttempts[], { stage, arm }: ConfirmOptions): TrialRequest[] {
  return interleave(
    [INCUMBENT, arm],
    tasks.flatMap(({ task, split, attempts }) =>
      attempts.map((attempt) => ({ task, split, stage, attempt })),
    ),
  );
}

function pairOne(book: ScoreBook, task: TaskAttempts, { stage, arm }: ConfirmOptions): TaskPairs {
  return pairTask(book, { ...task, candidate: arm, stages: { incumbent: stage, candidate: stage } });
}

function pairAll(book: ScoreBook, tasks: readonly TaskAttempts[], options: ConfirmOptions): TaskPairs[] {
  return tasks.map((task) => pairOne(book, task, options));
}

/** null: go on to the next look. */
function judge(
  plan: GatePlan,
  tasks: readonly TaskPairs[],
  look: number,
  { stage, arm, alphas }: ConfirmOptions,
): ConfirmResult | null {
  const { confirm: settings, permutations, minValidShare } = plan.settings;
  const differences = differencesOf(tasks);
  const random = seededRandom(`${plan.seed}/${stage}/${look}/signs`);
  const p = signFlipTest(differences, { permutations, random });
  const comparison = compare(arm, tasks, { p, looks: look });
  const difference = mean(differences);
  const alpha = alphas[look - 1]!;
  const bySplit = splitDifferences(tasks);
  const conclude = (decision: ConfirmResult['decision'], reason: string, unsound = false) => ({
    decision,
    reason,
    unsound,
    comparison,
  });

  const unmeasured = bySplit.find((split) => split.difference === null);
  const problem =
    tooFewValid(tasks, minValidShare) ??
    (unmeasured ? `no task of ${unmeasured.split} has a valid pair of trials` : null);
  if (problem !== null || p === null || difference === null) {
    return conclude('undecided', `Cannot decide at look ${look}: ${problem}.`, true);
  }
  const splits = bySplit.map((split) => `${split.split} ${points(split.difference)}`).join(', ');
  const measured = `${points(difference)} over ${plural(differences.length, 'task')} (${splits}; p = ${probability(p)} at look ${look} of ${settings.looks.length}, level ${probability(alpha)})`;
  const harmed = bySplit.find((split) => split.difference! < -settings.margin - EPSILON);
  if (p <= alpha && !harmed) return conclude('promoted', `${measured}.`);
  if (difference <= settings.futility + EPSILON) {
    return conclude(
      'rejected',
      `${measured}: at most ${points(settings.futility)}, where going on is futile.`,
    );
  }
  if (look < settings.looks.length) return null;
  if (harmed) {
    return conclude(
      'rejected',
      `${measured}: ${harmed.split} loses more than the margin of ${(settings.margin * 100).toFixed(1)} points.`,
    );
  }
  return conclude(
    'undecided',
    `${measured}: a gain, but not beyond chance. ${whatItWouldTake(tasks, alpha)}`,
  );
}

/** Mean paired difference of each split that has tasks. */
function splitDifferences(tasks: readonly TaskPairs[]) {
  return (['heldIn', 'heldOut'] as const)
    .map((split) => ({ split, tasks: tasks.filter((task) => task.split === split) }))
    .filter((group) => group.tasks.length > 0)
    .map((group) => ({ split: group.split, difference: meanDifference(group.tasks) }));
}

/** By the normal approximation: the gain that these trials would have confirmed, and the trials for this gain. */
function whatItWouldTake(tasks: readonly TaskPairs[], alpha: number): string {
  const differences = differencesOf(tasks);
  const error = standardError(differences);
  const difference = mean(differences) ?? 0;
  if (error === null || error === 0) return 'More tasks would be needed to tell.';
  const needed = normalQuantile(1 - alpha) * error;
  const trials = 2 * sum(tasks.map((task) => task.pairs.length));
  const more = difference > 0 ? Math.ceil(trials * Math.max(1, (needed / difference) ** 2)) : null;
  const orTrials = more === null ? '' : `, or about ${more} trials instead of ${trials} at this gain`;
  return `It would have taken a gain of about ${points(needed)}${orTrials}.`;
}
