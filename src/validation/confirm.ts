/**
 * The second stage of the confirmed gate: one arm against the incumbent on all tasks of both splits, on fresh attempts,
 * looked at several times. Each look asks for more attempts only where they can still tell something: the tasks that
 * the arm was made for are ahead by some attempts and weigh more, because most of a gain is there.
 */
import { compare, differencesOf, meanDifference } from './compare.js';
import { validPairNeeded } from './deciding.js';
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
import { mean } from './statistics.js';
import { type Arm, type Comparison, type GatePlan, INCUMBENT, type TrialRequest } from './types.js';
import { plural, points, probability } from './words.js';

/** Differences are fractions of small whole numbers: one that equals a bound must not miss it by rounding. */
const EPSILON = 1e-9;

export interface ConfirmOptions {
  /** Name of the stage: attempts of different stages are different trials. */
  stage: string;
  arm: Arm;
  /** heldIn tasks that its edits are aimed at. */
  targets: readonly string[];
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

/** A task with the attempts that the looks so far have asked for, and what came of them. */
interface TaskState extends GateTask {
  target: boolean;
  attempts: number[];
  scores: TaskPairs;
}

export function confirm(
  plan: GatePlan,
  book: ScoreBook,
  options: ConfirmOptions,
): { ask: TrialRequest[] } | { result: ConfirmResult } {
  const { looks } = plan.settings.confirm;
  const tasks = tasksOf(plan).map((task) => untried(task, options));
  for (let look = 1; ; look++) {
    const more = tasks.filter((task) => look === 1 || runsAgain(plan, task, look, options));
    for (const task of more) task.attempts.push(...attemptsOf(plan, task, look));
    const ask = unanswered(book, requestsFor(more, options));
    if (ask.length > 0) return { ask };
    for (const task of more) task.scores = scoresOf(book, task, options);
    const result = judge(plan, tasks, look, options);
    if (result !== null) return { result };
    if (look >= looks.length) throw new Error('the last look of a confirmation decides');
  }
}

function untried({ task, split }: GateTask, { targets }: ConfirmOptions): TaskState {
  const scores = { task, split, requested: 0, valid: { incumbent: 0, candidate: 0 }, pairs: [] };
  return { task, split, target: targets.includes(task), attempts: [], scores };
}

/**
 * A task on which all trials of both arms agreed so far runs again only with probability `agreedShare`: it hardly
 * informs. The rule treats the arms alike, so that under the hypothesis of no difference they stay interchangeable
 * and the test stays valid.
 */
function runsAgain(plan: GatePlan, task: TaskState, look: number, { stage }: ConfirmOptions): boolean {
  if (!agreed(task.scores)) return true;
  const coin = seededRandom(`${plan.seed}/${stage}/${look}/again/${task.task}`);
  return coin() < plan.settings.confirm.agreedShare;
}

function agreed({ pairs }: TaskPairs): boolean {
  const first = pairs[0];
  return (
    first !== undefined &&
    pairs.every((pair) => pair.incumbent === first.incumbent && pair.candidate === first.incumbent)
  );
}

/** Numbers of the attempts that this look adds. */
function attemptsOf(plan: GatePlan, { target }: TaskState, look: number): number[] {
  const { looks, targets } = plan.settings.confirm;
  const lead = target ? targets.extraAttempts : 0;
  const from = look === 1 ? 0 : looks[look - 2]! + lead;
  const to = looks[look - 1]! + lead;
  return Array.from({ length: to - from }, (_, i) => from + i + 1);
}

function requestsFor(tasks: readonly TaskState[], { stage, arm }: ConfirmOptions): TrialRequest[] {
  return interleave(
    [INCUMBENT, arm],
    tasks.flatMap(({ task, split, attempts }) =>
      attempts.map((attempt) => ({ task, split, stage, attempt })),
    ),
  );
}

function scoresOf(book: ScoreBook, of: TaskState, { stage, arm }: ConfirmOptions): TaskPairs {
  const { task, split, attempts } = of;
  const stages = { incumbent: stage, candidate: stage };
  return pairTask(book, { task, split, attempts, candidate: arm, stages });
}

/** null: go on to the next look. */
function judge(
  plan: GatePlan,
  states: readonly TaskState[],
  look: number,
  { stage, arm, alphas }: ConfirmOptions,
): ConfirmResult | null {
  const tasks = states.map(({ scores }) => scores);
  const { confirm: settings, permutations, minValidShare } = plan.settings;
  const differences = differencesOf(tasks);
  const random = seededRandom(`${plan.seed}/${stage}/${look}/signs`);
  const p = signFlipTest(weightedDifferences(plan, states), { permutations, random });
  const difference = mean(differences);
  const alpha = alphas[look - 1]!;
  const bySplit = splitDifferences(tasks);
  const onTargets = meanDifference(states.filter(({ target }) => target).map(({ scores }) => scores));
  const conclude = (decision: ConfirmResult['decision'], reason: string, unsound = false) => ({
    decision,
    reason,
    unsound,
    comparison: compare(arm, tasks, { p, looks: look }),
  });

  const unmeasured = bySplit.find((split) => split.difference === null);
  const problem =
    tooFewValid(tasks, minValidShare) ?? (unmeasured ? validPairNeeded(unmeasured.split) : null);
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
  if (onTargets !== null && onTargets <= settings.targets.futility + EPSILON) {
    return conclude(
      'rejected',
      `${measured}: ${points(onTargets)} on its targets, and at most ${points(settings.targets.futility)} there make going on futile.`,
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
    `${measured}: a gain, but not beyond chance. ${whatItWouldTake(plan, states, alpha)}`,
  );
}

/** Mean paired difference of each split that has tasks. */
function splitDifferences(tasks: readonly TaskPairs[]) {
  return (['heldIn', 'heldOut'] as const)
    .map((split) => ({ split, tasks: tasks.filter((task) => task.split === split) }))
    .filter((group) => group.tasks.length > 0)
    .map((group) => ({ split: group.split, difference: meanDifference(group.tasks) }));
}

/** The differences as the test sees them, times a weight that is settled before the first trial. */
function weightedDifferences(plan: GatePlan, states: readonly TaskState[]): number[] {
  const { weight } = plan.settings.confirm.targets;
  return states
    .filter(({ scores }) => scores.pairs.length > 0)
    .map(({ scores, target }) => meanDifference([scores])! * (target ? weight : 1));
}

/**
 * By the normal approximation: the gain that these trials would have confirmed, and the trials for this gain. Under the
 * hypothesis of the test the sum of the weighted differences has mean 0 and the sum of their squares as variance.
 */
function whatItWouldTake(plan: GatePlan, states: readonly TaskState[], alpha: number): string {
  const weighted = weightedDifferences(plan, states);
  const tasks = states.map(({ scores }) => scores);
  const z = sum(weighted) / Math.sqrt(sum(weighted.map((difference) => difference ** 2)));
  if (!(z > 0)) return 'More tasks would be needed to tell.';
  const factor = Math.max(1, normalQuantile(1 - alpha) / z);
  const trials = 2 * sum(tasks.map((task) => task.pairs.length));
  const gain = factor * mean(differencesOf(tasks))!;
  return `It would have taken a gain of about ${points(gain)}, or about ${Math.ceil(trials * factor ** 2)} trials instead of ${trials} at this gain.`;
}
