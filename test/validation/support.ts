/** Plans and worlds for tests of the gates. */
import type { SimulatedWorld } from '../../src/validation/simulate.js';
import type { GatePlan, GateSettings, TrialRequest, TrialScore } from '../../src/validation/types.js';

export const SETTINGS: GateSettings = {
  attempts: 2,
  screen: { minDifferences: [0, 0.05, 0.12], maxTargets: 64 },
  confirm: {
    looks: [1, 2, 3, 4, 6],
    alphas: [0.02, 0.035, 0.05, 0.065, 0.08],
    futility: -0.01,
    targets: { extraAttempts: 2, weight: 2, futility: 0.05 },
    margin: 0.05,
    agreedShare: 0.3,
    fallbackFactor: 0.6,
  },
  minValidShare: 0.8,
  permutations: 1000,
};

export function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`);
}

export function planOf(change: Partial<GatePlan> = {}): GatePlan {
  const heldIn = change.heldIn ?? names('in', 12);
  return {
    gate: 'confirmed',
    settings: SETTINGS,
    heldIn,
    heldOut: names('out', 6),
    candidates: [
      { arm: 'a', targets: heldIn.slice(0, 4) },
      { arm: 'b', targets: heldIn.slice(4, 8) },
    ],
    seed: 1,
    ...change,
  };
}

export function confirmSettings(change: Partial<GateSettings['confirm']>): GateSettings {
  return { ...SETTINGS, confirm: { ...SETTINGS.confirm, ...change } };
}

/** The request's answer by a rule. */
export function answer(
  requests: readonly TrialRequest[],
  rule: (request: TrialRequest) => boolean | null,
): { kind: 'scores'; scores: TrialScore[] } {
  return { kind: 'scores', scores: requests.map((request) => ({ ...request, passed: rule(request) })) };
}

/** Each arm passes each task with its own fixed probability; a merge's is the best of its members. */
export function worldOf(probability: (arm: string, task: string) => number): SimulatedWorld {
  return {
    passes: (members, { task }) =>
      members.length === 0
        ? probability('incumbent', task)
        : Math.max(...members.map((arm) => probability(arm, task))),
  };
}

export function keyOf({ arm, task, stage, attempt }: TrialRequest): string {
  return [stage, arm, task, attempt].join('|');
}
