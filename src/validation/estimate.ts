/** What a gate may cost, before anything is spent. */

import { sum } from './scores.js';
import { attemptRequests, screenTargets } from './screen.js';
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

/** Likely: half of the candidates are out after each attempt of the screen, and something is confirmed. */
function estimateConfirmed(plan: GatePlan): TrialEstimate {
  const targets = screenTargets(plan);
  const arms = plan.candidates.map(({ arm }) => arm).filter((arm) => targets.get(arm)!.length > 0);
  if (arms.length === 0) return { min: 0, likely: 0, max: 0 };
  const { screen, confirm } = plan.settings;
  const attempts = screen.minDifferences.map((_, i) => i + 1);
  const perAttempt = attempts.map((attempt) => attemptRequests(plan, targets, arms, attempt).length);
  const screened = sum(perAttempt);
  const likelyScreened = sum(perAttempt.map((trials, i) => trials / 2 ** i));
  const targeted = new Set([...targets.values()].flat()).size;
  const look = (tasksAttempts: number) =>
    2 *
    ((plan.heldIn.length + plan.heldOut.length) * tasksAttempts + targeted * confirm.targets.extraAttempts);
  const last = confirm.looks.at(-1) ?? 0;
  // A merge that fails is followed by its best member's own confirmation.
  const confirmations = Math.min(2, arms.length);
  return {
    min: perAttempt[0]!,
    likely: Math.round(likelyScreened + look(Math.min(last, LIKELY_CONFIRM_ATTEMPTS))),
    max: screened + confirmations * look(last),
  };
}
