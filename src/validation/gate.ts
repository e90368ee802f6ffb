/**
 * The gate: (plan, everything that has happened) -> what to do next. It keeps no state between calls, so a driver may
 * call it as often as it likes and after any crash; equal events give equal steps.
 *
 * The driver's part: run the requests of a `trials` step and append one `scores` event with an answer to each of them
 * (`passed: null` for a trial that is invalid or was not run); merge the arms of a `merge` step and append a `merged`
 * event; stop at the `verdict`. Requests that it leaves unanswered are asked again; answered ones never.
 */
import { confirmedStep } from './confirmed.js';
import { paperStep } from './paper.js';
import { readScores } from './scores.js';
import { type GateEvent, type GatePlan, type GateStep, INCUMBENT, MERGE } from './types.js';

/** The plan contradicts itself: nothing is spent on it. */
export class GatePlanError extends Error {
  override readonly name = 'GatePlanError';
}

/** @throws {GatePlanError} */
export function gateStep(plan: GatePlan, events: readonly GateEvent[]): GateStep {
  checkPlan(plan);
  if (plan.candidates.length === 0) return nothingToJudge();
  const book = readScores(events);
  const merged = events.find((event) => event.kind === 'merged');
  return plan.gate === 'paper' ? paperStep(plan, book, merged) : confirmedStep(plan, book, merged);
}

function nothingToJudge(): GateStep {
  return {
    kind: 'verdict',
    verdict: {
      decision: 'rejected',
      arm: null,
      members: [],
      reason: 'There is no candidate to validate, so the incumbent stays.',
      candidates: [],
      comparison: null,
    },
  };
}

function checkPlan(plan: GatePlan): void {
  const { looks, alphas } = plan.settings.confirm;
  const arms = plan.candidates.map(({ arm }) => arm);
  const tasks = [...plan.heldIn, ...plan.heldOut];
  const problem =
    (plan.heldIn.length === 0 && 'heldIn has no task') ||
    repeated(tasks, 'task') ||
    repeated([INCUMBENT, MERGE, ...arms], 'arm') ||
    (looks.length === 0 && 'confirm.looks is empty') ||
    (looks.length !== alphas.length && `confirm has ${looks.length} looks but ${alphas.length} alphas`) ||
    (looks.some((look, i) => look <= (looks[i - 1] ?? 0)) &&
      `confirm.looks do not rise: ${looks.join(', ')}`);
  if (problem) throw new GatePlanError(`The plan of this gate cannot be carried out: ${problem}.`);
}

function repeated(names: readonly string[], what: string): string | false {
  const name = names.find((one, i) => names.indexOf(one) !== i);
  return name === undefined ? false : `the ${what} ${JSON.stringify(name)} is named twice`;
}
