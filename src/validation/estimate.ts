/** What a gate may cost, and an evolution, before anything is spent. */

import { estimateAblation } from './ablation.js';
import { sum } from './scores.js';
import { attemptRequests, screenTargets } from './screen.js';
import type { GatePlan } from './types.js';

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

/** Share of heldIn tasks assumed to fail in the observation and so to be screened. */
const ASSUMED_TARGETS = 0.25;

export type Control = 'no-op' | 'best-of-n' | 'random-edit';

/** An evolution by its sizes. Counts are of tasks, but for rounds, proposals a round and attempts per task and harness. */
export interface EvolutionSizes extends Pick<GatePlan, 'gate' | 'settings' | 'seed'> {
  heldIn: number;
  heldOut: number;
  /** 0 where it is not opened at the end. */
  sealed: number;
  rounds: number;
  width: number;
  finalAttempts: number;
  /** 0: no calibration. */
  calibrationAttempts: number;
  controls: readonly Control[];
}

/** Trials of the parts of an evolution. */
export interface EvolutionEstimate {
  calibration: number;
  /** One round, its observation included. */
  round: TrialEstimate;
  /** The final measurement; least: nothing was promoted, so that the seed alone is measured. */
  final: TrialEstimate;
  /** The sealed split, likewise. */
  sealed: TrialEstimate;
  /** At equal trials: what dollars buy beyond that is not known before there are prices of trials. */
  controls: TrialEstimate;
  /** Leaving one edit out; not part of the total. */
  ablation: { min: number; max: number };
  total: TrialEstimate;
}

export function estimateEvolution(sizes: EvolutionSizes): EvolutionEstimate {
  const { gate, settings, seed, heldIn, heldOut, sealed, rounds, width } = sizes;
  const tasks = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
  const inside = tasks('in', heldIn);
  const targets = inside.slice(0, Math.ceil(heldIn * ASSUMED_TARGETS));
  const validation = estimateTrials({
    ...{ gate, settings, seed, heldIn: inside, heldOut: tasks('out', heldOut) },
    candidates: Array.from({ length: width }, (_, i) => ({ arm: `p${i + 1}`, targets })),
  });
  const calibration = 2 * sizes.calibrationAttempts * (heldIn + heldOut);
  const ofBoth = (count: number): TrialEstimate => {
    const perArm = sizes.finalAttempts * count;
    return { min: perArm, likely: 2 * perArm, max: 2 * perArm };
  };
  const [final, opening] = [ofBoth(heldIn + heldOut), ofBoth(sealed)];
  const round = mapEstimates([validation], ([trials]) => trials! + heldIn);
  const evolving = mapEstimates([round], ([each]) => calibration + rounds * each!);
  const controls = mapEstimates([evolving], ([spent]) =>
    sum(sizes.controls.map((control) => controlTrials(control, spent!, final.min))),
  );
  return {
    calibration,
    round,
    final,
    sealed: opening,
    controls,
    ablation: estimateAblation({ gate, settings }, { tasks: heldIn + heldOut, edits: 1 }),
    total: mapEstimates([evolving, final, controls, opening], (parts) => sum(parts)),
  };
}

function controlTrials(control: Control, evolving: number, measurement: number): number {
  return { 'no-op': measurement, 'best-of-n': evolving, 'random-edit': evolving + measurement }[control];
}

/** Works on the least of all, the likely and the most of all. */
export function mapEstimates(
  estimates: readonly TrialEstimate[],
  work: (trials: number[]) => number,
): TrialEstimate {
  const by = (field: keyof TrialEstimate) => work(estimates.map((estimate) => estimate[field]));
  return { min: by('min'), likely: by('likely'), max: by('max') };
}

/**
 * Of one round's validation; the observation before it is not in it.
 * `plan.candidates` holds the targets as far as they are known: an assumption of theirs is one of the estimate.
 */
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
