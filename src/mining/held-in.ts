/** The border that keeps held-out results away from mining and proposing: in the types, and once more at run time. */
import type { TrialResult } from '../trial/types.js';

/** A result of a held-in trial. A `TrialResult` whose split is only known at run time does not fit: use `isHeldIn`. */
export type HeldInTrial = TrialResult & { readonly split: 'heldIn' };

export function isHeldIn(result: TrialResult): result is HeldInTrial {
  return result.split === 'heldIn';
}

/** @throws {RangeError} when the result is of another split */
export function assertHeldIn(result: TrialResult): asserts result is HeldInTrial {
  if (!isHeldIn(result)) {
    throw new RangeError(
      `trial ${result.key} of task ${result.task} is of split ${result.split}; mining takes heldIn trials only`,
    );
  }
}
