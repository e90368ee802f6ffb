/** The first stage of the confirmed gate: each candidate on the tasks it was made for, a shared incumbent beside it. */
import { heldInDifference } from './compare.js';
import { validPairNeeded } from './deciding.js';
import { seededRandom, shuffle } from './random.js';
import { pairTask, type ScoreBook, sum, type TaskPairs, tooFewValid, unanswered } from './scores.js';
import { type Arm, type CandidateVerdict, type GatePlan, INCUMBENT, type TrialRequest } from './types.js';
import { plural, points } from './words.js';

export const SCREEN = 'screen';

/** Differences are fractions of small whole numbers: one that equals the bound must not fail it by rounding. */
const EPSILON = 1e-9;

export interface ScreenResult {
  /** Candidates that go on, strongest first: by the passes gained over all their targets, then as in the plan. */
  survivors: CandidateVerdict[];
  eliminated: CandidateVerdict[];
}

/**
 * One attempt after the other: a candidate that its attempts so far speak against gets no further ones (successive
 * halving), nor does the incumbent on tasks that only such candidates are made for.
 */
export function screen(plan: GatePlan, book: ScoreBook): { ask: TrialRequest[] } | { result: ScreenResult } {
  const targets = screenTargets(plan);
  const attempts = plan.settings.screen.minDifferences.length;
  const judged = new Map<Arm, Judgement>();
  let alive = plan.candidates.map(({ arm }) => arm);
  for (let attempt = 1; attempt <= attempts && alive.length > 0; attempt++) {
    const ask = unanswered(book, attemptRequests(plan, targets, alive, attempt));
    if (ask.length > 0) return { ask };
    for (const arm of alive) judged.set(arm, judge(plan, book, { arm, targets: targets.get(arm)!, attempt }));
    alive = alive.filter((arm) => judged.get(arm)!.goesOn);
  }
  const survivors = alive.map((arm) => judged.get(arm)!).sort((a, b) => b.gain - a.gain);
  const gone = plan.candidates.filter(({ arm }) => !alive.includes(arm));
  return {
    result: {
      survivors: survivors.map(({ verdict }) => verdict),
      eliminated: gone.map(({ arm }) => judged.get(arm)!.verdict),
    },
  };
}

/** A candidate's targets that are heldIn tasks, in the plan's order; of more than `maxTargets` a seeded draw. */
export function screenTargets(plan: GatePlan): Map<Arm, string[]> {
  const { maxTargets } = plan.settings.screen;
  return new Map(
    plan.candidates.map(({ arm, targets }) => {
      const wanted = new Set(targets);
      const tasks = plan.heldIn.filter((task) => wanted.has(task));
      if (tasks.length <= maxTargets) return [arm, tasks];
      // One order for all candidates: those with equal targets share the incumbent's trials.
      const order = shuffle(plan.heldIn, seededRandom(`${plan.seed}/${SCREEN}/targets`));
      const drawn = new Set(order.filter((task) => wanted.has(task)).slice(0, maxTargets));
      return [arm, tasks.filter((task) => drawn.has(task))];
    }),
  );
}

/** Task by task: the incumbent, then every one of these candidates that targets the task. */
export function attemptRequests(
  plan: GatePlan,
  targets: ReadonlyMap<Arm, string[]>,
  candidates: readonly Arm[],
  attempt: number,
): TrialRequest[] {
  return plan.heldIn.flatMap((task) => {
    const arms = candidates.filter((arm) => targets.get(arm)!.includes(task));
    if (arms.length === 0) return [];
    return [INCUMBENT, ...arms].map(
      (arm): TrialRequest => ({ arm, task, split: 'heldIn', stage: SCREEN, attempt }),
    );
  });
}

/** What a candidate's attempts so far say. */
interface Judgement {
  verdict: CandidateVerdict;
  goesOn: boolean;
  /** Passes gained over all its targets. */
  gain: number;
}

function judge(
  plan: GatePlan,
  book: ScoreBook,
  { arm, targets, attempt }: { arm: Arm; targets: readonly string[]; attempt: number },
): Judgement {
  const { minDifferences } = plan.settings.screen;
  const last = attempt === minDifferences.length;
  const tasks: TaskPairs<'heldIn'>[] = targets.map((task) =>
    pairTask(book, {
      task,
      split: 'heldIn',
      attempts: Array.from({ length: attempt }, (_, i) => i + 1),
      candidate: arm,
      stages: { incumbent: SCREEN, candidate: SCREEN },
    }),
  );
  const difference = heldInDifference(tasks);
  const say = (decision: CandidateVerdict['decision'], reason: string, goesOn = false): Judgement => ({
    verdict: { arm, decision, stage: SCREEN, reason, heldInDelta: difference },
    goesOn,
    gain: (difference ?? 0) * tasks.length,
  });
  if (targets.length === 0)
    return say('rejected', 'It targets no heldIn task, so nothing could show a gain.');
  // Of few trials some may be invalid by chance: as long as there are more to come, only nothing at all stops it.
  const problem = last || difference === null ? tooFewValid(tasks, plan.settings.minValidShare) : null;
  if (problem !== null || difference === null) {
    return say('undecided', `The screen could not judge it: ${problem ?? validPairNeeded('its targets')}.`);
  }
  const needed = minDifferences[attempt - 1]!;
  const measured = `${points(difference)} on its ${plural(tasks.length, 'target')} (${plural(sum(tasks.map((task) => task.pairs.length)), 'pair')} of trials)`;
  if (difference < needed - EPSILON) {
    return say('rejected', `The screen measured ${measured}; going on takes ${points(needed)}.`);
  }
  return say('undecided', `It passed the screen with ${measured}.`, true);
}
