/**
 * Leave one out: harnesses that lack one promoted edit, each against the one that has them all, on all tasks of both splits
 * and on attempts of their own. The gate's looks, levels, margin and test, turned round: a harness without the edit is taken
 * for as good when a loss of the margin is what chance can hardly explain. Pure, as the gates are.
 */
import { compare, differencesOf, meanDifference } from './compare.js';
import { validPairNeeded } from './deciding.js';
import { GatePlanError } from './gate.js';
import { signFlipTest } from './permutation.js';
import { seededRandom } from './random.js';
import {
  interleave,
  pairTask,
  readScores,
  type ScoreBook,
  sum,
  type TaskPairs,
  tasksOf,
  tooFewValid,
  unanswered,
} from './scores.js';
import { mean } from './statistics.js';
import {
  type Arm,
  type Comparison,
  type GateEvent,
  type GatePlan,
  INCUMBENT,
  type TrialRequest,
} from './types.js';
import { plural, points, probability } from './words.js';

export const ABLATE = 'ablate';

/** Differences are fractions of small whole numbers: one that equals a bound must not miss it by rounding. */
const EPSILON = 1e-9;

export interface AblationVerdict {
  arm: Arm;
  /** helps: without the edit it is worse. idle: without it it is as good, within the margin. */
  decision: 'helps' | 'idle' | 'undecided';
  reason: string;
  /** Without the edit (candidate) against with it (incumbent); `p` is that of a loss of the margin or more. */
  comparison: Comparison;
}

export type AblationStep =
  | { kind: 'trials'; requests: TrialRequest[] }
  | { kind: 'verdicts'; verdicts: AblationVerdict[] };

/**
 * What to run next, or what came of it. The incumbent is the harness with all edits; each candidate lacks one. All
 * undecided arms share the incumbent's attempts, and every look asks for all tasks: running agreed tasks less often, as
 * a confirmation does, would draw a loss towards 0.
 *
 * @throws {GatePlanError} on a plan without candidates
 */
export function ablationStep(plan: GatePlan, events: readonly GateEvent[]): AblationStep {
  if (plan.candidates.length === 0) throw new GatePlanError('There is no edit to leave out.');
  const book = readScores(events);
  const verdicts = new Map<Arm, AblationVerdict>();
  const looks = looksOf(plan);
  for (const [index, attempts] of looks.entries()) {
    const open = plan.candidates.map(({ arm }) => arm).filter((arm) => !verdicts.has(arm));
    if (open.length === 0) break;
    const requests = unanswered(book, requestsFor(plan, [INCUMBENT, ...open], attempts));
    if (requests.length > 0) return { kind: 'trials', requests };
    for (const arm of open) {
      const tasks = pairAll(plan, book, arm, attempts);
      const verdict =
        plan.gate === 'paper' ? judgeByCounts(plan, arm, tasks) : judge(plan, arm, tasks, index + 1);
      if (verdict) verdicts.set(arm, verdict);
    }
  }
  return { kind: 'verdicts', verdicts: plan.candidates.map(({ arm }) => verdicts.get(arm)!) };
}

/** Trials of one pass: decided at the first look, or run to the last one. */
export function estimateAblation(
  gate: Pick<GatePlan, 'gate' | 'settings'>,
  { tasks, edits }: { tasks: number; edits: number },
): { min: number; max: number } {
  const looks = looksOf(gate);
  const perAttempt = tasks * (edits + 1);
  return { min: perAttempt * looks[0]!, max: perAttempt * looks.at(-1)! };
}

/** Attempts per task and arm at each look, cumulative. */
function looksOf({ gate, settings }: Pick<GatePlan, 'gate' | 'settings'>): number[] {
  return gate === 'paper' ? [settings.attempts] : settings.confirm.looks;
}

function requestsFor(plan: GatePlan, arms: readonly Arm[], attempts: number): TrialRequest[] {
  return interleave(
    arms,
    tasksOf(plan).flatMap((task) => upTo(attempts).map((attempt) => ({ ...task, stage: ABLATE, attempt }))),
  );
}

function pairAll(plan: GatePlan, book: ScoreBook, arm: Arm, attempts: number): TaskPairs[] {
  const stages = { incumbent: ABLATE, candidate: ABLATE };
  return tasksOf(plan).map((task) =>
    pairTask(book, { ...task, attempts: upTo(attempts), candidate: arm, stages }),
  );
}

/** null: the next look may tell. */
function judge(plan: GatePlan, arm: Arm, tasks: readonly TaskPairs[], look: number): AblationVerdict | null {
  const { looks, alphas, margin } = plan.settings.confirm;
  const alpha = alphas[look - 1]!;
  const differences = differencesOf(tasks);
  const test = (values: number[], what: string) =>
    signFlipTest(values, {
      permutations: plan.settings.permutations,
      random: seededRandom(`${plan.seed}/${ABLATE}/${arm}/${look}/${what}`),
    });
  const pLoss = test(
    differences.map((difference) => difference + margin),
    'margin',
  );
  const conclude = (decision: AblationVerdict['decision'], reason: string): AblationVerdict => ({
    arm,
    decision,
    reason,
    comparison: compare(arm, tasks, { p: pLoss, looks: look }),
  });
  const splits = splitDifferences(plan, tasks);
  const difference = mean(differences);
  const problem = tooFewValid(tasks, plan.settings.minValidShare) ?? unmeasured(splits);
  if (problem !== null || difference === null || pLoss === null)
    return conclude('undecided', `Cannot decide at look ${look}: ${problem}.`);

  const pHelps = test(
    differences.map((value) => -value),
    'helps',
  )!;
  const bySplit = splits.map((split) => `${split.split} ${points(split.difference)}`).join(', ');
  const measured = `Without it ${points(difference)} over ${plural(differences.length, 'task')} (${bySplit}; look ${look} of ${looks.length}, level ${probability(alpha)}`;
  if (pHelps <= alpha) return conclude('helps', `${measured}, p = ${probability(pHelps)}): it helps.`);
  const harmed = splits.some((split) => split.difference! < -margin - EPSILON);
  const limit = points(margin).replace('+', '');
  if (pLoss <= alpha && !harmed)
    return conclude('idle', `${measured}): a loss of ${limit} is ruled out, p = ${probability(pLoss)}.`);
  // One attempt of each task scatters so much that a first look at such a loss says little.
  const futile = look > 1 && difference <= -margin + EPSILON;
  if (!futile && look < looks.length) return null;
  return conclude(
    'undecided',
    `${measured}): neither that it helps nor that a loss of ${limit} can be ruled out.`,
  );
}

/** The paper's rule, turned round: without the edit no split's pass count falls. */
function judgeByCounts(plan: GatePlan, arm: Arm, tasks: readonly TaskPairs[]): AblationVerdict {
  const comparison = compare(arm, tasks, { p: null, looks: 1 });
  const problem = tooFewValid(tasks, plan.settings.minValidShare);
  if (problem !== null)
    return { arm, decision: 'undecided', reason: `Cannot decide: ${problem}.`, comparison };
  const counts = (['heldIn', 'heldOut'] as const).map((split) => {
    const pairs = tasks.filter((task) => task.split === split).flatMap((task) => task.pairs);
    const before = pairs.filter((pair) => pair.incumbent).length;
    return { split, before, after: pairs.filter((pair) => pair.candidate).length, of: pairs.length };
  });
  const falls = counts.some(({ before, after }) => after < before);
  const passes = counts.map(({ split, before, after, of }) => `${split} ${before} -> ${after} of ${of}`);
  return {
    arm,
    decision: falls ? 'helps' : 'idle',
    reason: `Without it passes ${passes.join(', ')}; ${falls ? 'a split falls' : 'no split falls'}.`,
    comparison,
  };
}

function splitDifferences(plan: GatePlan, tasks: readonly TaskPairs[]) {
  return (['heldIn', 'heldOut'] as const)
    .filter((split) => plan[split].length > 0)
    .map((split) => ({ split, difference: meanDifference(tasks.filter((task) => task.split === split)) }));
}

function unmeasured(splits: ReturnType<typeof splitDifferences>): string | null {
  const split = splits.find(({ difference }) => difference === null);
  return split ? validPairNeeded(split.split) : null;
}

/** Mean difference over the tasks of both splits; null: insufficient. */
export function overallDifference({ heldIn, heldOut }: Comparison): number | null {
  const measured = [heldIn, heldOut].filter(({ difference }) => difference !== null);
  const tasks = sum(measured.map((split) => split.tasks));
  if (tasks === 0) return null;
  return sum(measured.map((split) => split.tasks * split.difference!.value)) / tasks;
}

function upTo(attempts: number): number[] {
  return Array.from({ length: attempts }, (_, i) => i + 1);
}
