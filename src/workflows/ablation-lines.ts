/** What came of leaving one out, edit by edit. */
import type { AblationLine, AblationPass, PromotedEdit } from './ablation-types.js';

/** @param removedBefore edits that were out before the first pass: they have no line */
export function ablationLines(
  edits: readonly PromotedEdit[],
  removedBefore: readonly string[],
  passes: readonly AblationPass[],
  pruned: readonly string[],
): AblationLine[] {
  return edits
    .filter(({ id }) => !removedBefore.includes(id))
    .map((edit) => ({
      ...edit,
      ...decisionOf(edit.id, removedBefore, passes),
      pruned: pruned.includes(edit.id),
    }));
}

/** By the latest pass that judged it. */
function decisionOf(
  id: string,
  removedBefore: readonly string[],
  passes: readonly AblationPass[],
): Pick<AblationLine, 'decision' | 'reason' | 'heldIn' | 'heldOut'> {
  const none = { heldIn: null, heldOut: null };
  for (const { verdicts, skipped, removed } of [...passes].reverse()) {
    const also = removed.filter((other) => !removedBefore.includes(other));
    const besides = also.length > 0 ? `Besides ${also.join(', ')}: ` : '';
    const skip = skipped.find((one) => one.id === id);
    if (skip) return { decision: 'skipped', reason: besides + skip.reason, ...none };
    const verdict = verdicts.find(({ arm }) => arm === id);
    if (!verdict) continue;
    const { heldIn, heldOut } = verdict.comparison;
    return {
      decision: verdict.decision,
      reason: besides + verdict.reason,
      heldIn: heldIn.difference,
      heldOut: heldOut.difference,
    };
  }
  return { decision: 'undecided', reason: 'It ended before all trials were run.', ...none };
}
