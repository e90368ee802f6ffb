/** What a gate may cost, before anything is spent. */
import { screenRequests, screenTargets } from './screen.js';
import type { GatePlan } from './types.js';

/** Trials of one round's validation; the observation before it is not in it. */
export interface TrialEstimate {
  min: number;
  likely: number;
  max: number;
}

/**
 * Rounds that confirm something end, in simulation, after about as many trials as two attempts of both arms on every
 * task: the first look takes one, the later ones mostly rerun the tasks that still differ.
 */
const LIKELY_CONFIRM_ATTEMPTS = 2;

/** `plan.candidates` holds the targets as far as they are known: an assumption of theirs is one of the estimate. */
export function estimateTrials(plan: GatePlan): TrialEstimate {
  if (plan.candidates.length === 0) return { min: 0, likely: 0, max: 0 };
  return plan.gate === 'paper' ? estimatePaper(plan) : estimateConfirmed(plan);
}

function estimatePaper(plan: GatePlan): TrialEstimate {
  const perArm = (plan.heldIn.length + plan.heldOut.length) * plan.settings.attempts;
  const all = perArm * (plan.candidates.length + 1);
  return { min: all, likely: all, max: plan.candidates.length > 1 ? all + perArm : all };
}

function estimateConfirmed(plan: GatePlan): TrialEstimate {
  const targets = screenTargets(plan);
  const screened = screenRequests(plan, targets).length;
  const perAttempt = 2 * (plan.heldIn.length + plan.heldOut.length);
  const last = plan.settings.confirm.looks.at(-1) ?? 0;
  const screenable = [...targets.values()].filter((tasks) => tasks.length > 0).length;
  // A merge that fails is followed by its best member's own confirmation.
  const confirmations = Math.min(2, screenable);
  const likely = screenable > 0 ? perAttempt * Math.min(last, LIKELY_CONFIRM_ATTEMPTS) : 0;
  return { min: screened, likely: screened + likely, max: screened + confirmations * perAttempt * last };
}
