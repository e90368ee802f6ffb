/** The first stage of the confirmed gate: each candidate on the tasks it was made for, a shared incumbent beside it. */
import { heldInDifference } from './compare.js';
import { seededRandom, shuffle } from './random.js';
import { pairTask, type ScoreBook, sum, type TaskPairs, tooFewValid, unanswered } from './scores.js';
import { type CandidateVerdict, type GatePlan, INCUMBENT, type TrialRequest } from './types.js';
import { plural, points } from './words.js';

export const SCREEN = 'screen';

/** Differences are fractions of small whole numbers: one that equals the bound must not fail it by rounding. */
const EPSILON = 1e-9;

export interface ScreenResult {
  /** Candidates that go on, strongest first: by the passes gained over all their targets, then as in the plan. */
  survivors: CandidateVerdict[];
  eliminated: CandidateVerdict[];
}

export function screen(plan: GatePlan, book: ScoreBook): { ask: TrialRequest[] } | { result: ScreenResult } {
  const targets = screenTargets(plan);
  const ask = unanswered(book, screenRequests(plan, targets));
  if (ask.length > 0) return { ask };
  const judged = plan.candidates.map(({ arm }) => judge(plan, book, arm, targets.get(arm)!));
  const survivors = judged.filter(({ survives }) => survives).sort((a, b) => b.gain - a.gain);
  return {
    result: {
      survivors: survivors.map(({ verdict }) => verdict),
      eliminated: judged.filter(({ survives }) => !survives).map(({ verdict }) => verdict),
    },
  };
}

/** A candidate's targets that are heldIn tasks, in the plan's order; of more than `maxTargets` a seeded draw. */
export function screenTargets(plan: GatePlan): Map<string, string[]> {
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

/** Task by task and attempt by attempt: the incumbent, then every candidate that targets the task. */
export function screenRequests(plan: GatePlan, targets: ReadonlyMap<string, string[]>): TrialRequest[] {
  const requests: TrialRequest[] = [];
  for (const task of plan.heldIn) {
    const arms = plan.candidates.map(({ arm }) => arm).filter((arm) => targets.get(arm)!.includes(task));
    if (arms.length === 0) continue;
    for (let attempt = 1; attempt <= plan.settings.screen.attempts; attempt++) {
      for (const arm of [INCUMBENT, ...arms]) {
        requests.push({ arm, task, split: 'heldIn', stage: SCREEN, attempt });
      }
    }
  }
  return requests;
}

function judge(plan: GatePlan, book: ScoreBook, arm: string, targets: readonly string[]) {
  const { attempts, minDifference } = plan.settings.screen;
  const tasks: TaskPairs<'heldIn'>[] = targets.map((task) =>
    pairTask(book, {
      task,
      split: 'heldIn',
      attempts: Array.from({ length: attempts }, (_, i) => i + 1),
      candidate: arm,
      stages: { incumbent: SCREEN, candidate: SCREEN },
    }),
  );
  const difference = heldInDifference(tasks);
  const gain = (difference ?? 0) * tasks.length;
  const verdict = (decision: CandidateVerdict['decision'], reason: string, survives = false) => ({
    verdict: { arm, decision, stage: SCREEN, reason, heldInDelta: difference },
    survives,
    gain,
  });
  if (targets.length === 0)
    return verdict('rejected', 'It targets no heldIn task, so nothing could show a gain.');
  const problem = tooFewValid(tasks, plan.settings.minValidShare);
  if (problem !== null || difference === null) {
    return verdict(
      'undecided',
      `The screen could not judge it: ${problem ?? 'no task has a valid pair of trials'}.`,
    );
  }
  const measured = `${points(difference)} on its ${plural(tasks.length, 'target')} (${plural(sum(tasks.map((task) => task.pairs.length)), 'pair')} of trials)`;
  return difference >= minDifference - EPSILON
    ? verdict('undecided', `It passed the screen with ${measured}.`, true)
    : verdict('rejected', `The screen measured ${measured}; going on takes ${points(minDifference)}.`);
}
