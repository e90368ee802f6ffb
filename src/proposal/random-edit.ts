/** Edits drawn by chance among valid ones: what the gate makes of edits that nobody thought about. No model is asked. */
import { applyEdit, type EditContext } from '../harness/edit.js';
import type { Harness } from '../harness/schema.js';
import type { Random } from '../validation/random.js';
import { movesOf, pick } from './mutations.js';
import type { Edit } from './types.js';

export interface RandomEdit {
  edit: Edit;
  harness: Harness;
  digest: string;
  /** What it does, for people. */
  summary: string;
}

/** Draws that may be refused in a row. */
const DRAWS_MAX = 300;

/**
 * Draws a surface, then something that can be done to it, until the edit holds up to every check that a proposer's has to.
 * Equal generators give equal edits.
 * @returns null: nothing valid was found
 */
export function drawEdit(harness: Harness, context: EditContext, random: Random): RandomEdit | null {
  const moves = movesOf(harness);
  const surfaces = [...moves.keys()];
  for (let draw = 0; draw < DRAWS_MAX; draw++) {
    const surface = pick(surfaces, random);
    const mutation = pick(moves.get(surface)!, random)(random);
    if (mutation === null) continue;
    const edit: Edit = { surface, patch: mutation.patch };
    const applied = applyEdit(harness, edit, context);
    if (applied.ok)
      return { edit, harness: applied.harness, digest: applied.digest, summary: mutation.summary };
  }
  return null;
}
