/** What would have decided: the words that every undecided verdict ends with. */

/** For a share of valid trials (0-1) that is too small. */
export function validTrialsNeeded(valid: number, requested: number, minValidShare: number): string {
  const missing = Math.max(1, Math.ceil(minValidShare * requested - 1e-9) - valid);
  return `deciding needs ${Math.round(minValidShare * 100)} %, so ${missing} more`;
}

/** For tasks without any attempt that is valid in both arms. @param where such as `heldOut` or `its targets` */
export function validPairNeeded(where: string): string {
  return `no task of ${where} has a valid pair of trials; deciding needs one at least`;
}

/** For a candidate that held up so far and was left out of a merge. @param reason undefined: none is known */
export function leftOut(reason: string | undefined): string {
  const why = reason === undefined ? '' : `: ${reason.replace(/\.$/, '')}`;
  return `left out of the merge${why}. Proposed again without what it conflicts with, it would be judged.`;
}
