/** The last measurement of an evolution: what it asks for, and what its scores say. */
import { compareArms } from '../validation/compare.js';
import { passInterval } from '../validation/intervals.js';
import type { Arm, TrialRequest, TrialScore } from '../validation/types.js';
import type { FinalMeasurement, Prepared, SealedFigures } from './types.js';

export const CHAMPION: Arm = 'champion';

/** Purpose of its trials. */
export const finalPurpose = (evolution: string): string => `${evolution}/final`;

/** Of the splits that rounds worked with. */
type OpenFigures = Omit<FinalMeasurement, keyof SealedFigures>;

export function finalRequests(prepared: Prepared, arms: Arm[]): TrialRequest[] {
  const attempts = Array.from({ length: prepared.finalAttempts }, (_, i) => i + 1);
  return (['heldIn', 'heldOut'] as const).flatMap((split) =>
    prepared[split].flatMap((task) =>
      attempts.flatMap((attempt) => arms.map((arm) => ({ arm, task, split, stage: 'final', attempt }))),
    ),
  );
}

export function changedMeasurement(scores: TrialScore[]): OpenFigures {
  const heldIn = compareArms(scores, { arm: CHAMPION, split: 'heldIn' });
  const heldOut = compareArms(scores, { arm: CHAMPION, split: 'heldOut' });
  return {
    heldInBefore: heldIn.incumbent,
    heldInAfter: heldIn.candidate,
    heldOutBefore: heldOut.incumbent,
    heldOutAfter: heldOut.candidate,
    heldInGain: heldIn.difference,
    heldOutGain: heldOut.difference,
  };
}

/** Nothing was promoted: one harness, measured once, and no gain to speak of. */
export function sameMeasurement(scores: TrialScore[]): OpenFigures {
  const heldIn = passInterval(scores.filter(({ split }) => split === 'heldIn'));
  const heldOut = passInterval(scores.filter(({ split }) => split === 'heldOut'));
  return {
    heldInBefore: heldIn,
    heldInAfter: heldIn,
    heldOutBefore: heldOut,
    heldOutAfter: heldOut,
    heldInGain: null,
    heldOutGain: null,
  };
}
