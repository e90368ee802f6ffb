/** A harness without some of the edits that made it. */
import { harnessDigest } from './digest.js';
import { mergeEdits } from './merge.js';
import type { Harness } from './schema.js';
import type { Edit } from './types.js';

/** Edits that were promoted together, of the harness that the steps before led to. */
export type PromotionStep = readonly { id: string; edit: Edit }[];

export type LeftOut = { ok: true; harness: Harness; digest: string } | { ok: false; reason: string };

/**
 * Makes the promotions again, from the same start and in the same order, without the edits named. It fails where a later
 * edit cannot be made any more, because it builds on one that is left out.
 */
export function leaveOut(start: Harness, steps: readonly PromotionStep[], left: readonly string[]): LeftOut {
  let harness = start;
  for (const step of steps) {
    const kept = step.filter(({ id }) => !left.includes(id));
    const merged = mergeEdits(
      harness,
      kept.map(({ id, edit }) => ({ arm: id, edit })),
    );
    const [lost] = merged.dropped;
    if (lost) return { ok: false, reason: `${lost.arm} builds on it: ${lost.reason.split('\n')[0]}` };
    harness = merged.harness;
  }
  return { ok: true, harness, digest: harnessDigest(harness) };
}

/** Why the steps do not lead to the harness that they are said to have made; null: they do. */
export function stepsProblem(start: Harness, steps: readonly PromotionStep[], final: string): string | null {
  const made = leaveOut(start, steps, []);
  if (!made.ok) return `the recorded edits cannot be made again (${made.reason})`;
  return made.digest === final ? null : 'the recorded edits lead to another harness';
}
