/** Several accepted edits as one harness: those that touch different places, or agree where they touch the same one. */
import jsonPatch from 'fast-json-patch';
import type { HarnessChange } from './diff.js';
import { canonicalJson, harnessDigest } from './digest.js';
import { applyEdit } from './edit.js';
import { validateHarness } from './parse.js';
import { nested } from './pointer.js';
import { formatPath } from './problems.js';
import type { Harness } from './schema.js';
import type { Edit } from './types.js';

export interface MergedHarness {
  harness: Harness;
  digest: string;
  /** Arms whose edits are in it, strongest first. */
  members: string[];
  dropped: { arm: string; reason: string }[];
}

/** Nothing is forbidden to edits here: they have been through that when they were proposed. */
const ACCEPTED = { taskNames: [], forbiddenTexts: [], earlierDigests: [] };

/**
 * Merges edits of one incumbent. Two edits conflict when one changes a place that the other changes differently, or a
 * place inside of one that the other changes; the later in the list is dropped, and says with whom it conflicted.
 *
 * @param edits strongest evidence first
 */
export function mergeEdits(incumbent: Harness, edits: readonly { arm: string; edit: Edit }[]): MergedHarness {
  let harness = incumbent;
  const members: { arm: string; changes: HarnessChange[] }[] = [];
  const dropped: MergedHarness['dropped'] = [];
  for (const { arm, edit } of edits) {
    const alone = applyEdit(incumbent, edit, ACCEPTED);
    if (!alone.ok) {
      dropped.push({ arm, reason: alone.reason });
      continue;
    }
    const conflict = members
      .map((member) => ({ with: member.arm, reason: conflictReason(member.changes, alone.changes) }))
      .find(({ reason }) => reason !== null);
    if (conflict !== undefined) {
      dropped.push({ arm, reason: `conflicts with ${conflict.with}: ${conflict.reason}` });
      continue;
    }
    const merged = withChanges(harness, alone.changes);
    if (!merged.ok) {
      dropped.push({
        arm,
        reason: `does not go with ${members.map((member) => member.arm).join(', ')}: ${merged.reason}`,
      });
      continue;
    }
    harness = merged.harness;
    members.push({ arm, changes: alone.changes });
  }
  return { harness, digest: harnessDigest(harness), members: members.map(({ arm }) => arm), dropped };
}

/** Why two sets of changes cannot both be made; null: they can. Symmetric but for who is named first. */
export function conflictReason(a: readonly HarnessChange[], b: readonly HarnessChange[]): string | null {
  for (const one of a) {
    for (const other of b) {
      if (one.path === other.path && outcome(one) !== outcome(other))
        return `both change ${one.path}, differently`;
      if (nested(one.path, other.path)) return `one changes ${one.path}, the other ${other.path}`;
    }
  }
  return null;
}

function outcome(change: HarnessChange): string {
  return change.kind === 'removed' ? 'removed' : canonicalJson(change.after);
}

/** Makes changes where they are not made yet: an agreeing edit may have made some of them. */
function withChanges(
  harness: Harness,
  changes: readonly HarnessChange[],
): { ok: true; harness: Harness } | { ok: false; reason: string } {
  const document = structuredClone(harness);
  for (const { path, kind, after } of changes) {
    if (kind !== 'removed') {
      jsonPatch.applyOperation(document, { op: 'add', path, value: structuredClone(after) });
    } else if (jsonPatch.getValueByPointer(document, path) !== undefined) {
      jsonPatch.applyOperation(document, { op: 'remove', path });
    }
  }
  const validated = validateHarness(document);
  if (validated.ok) return validated;
  const [problem] = validated.problems;
  return {
    ok: false,
    reason: `${formatPath(problem!.path)}: found ${problem!.found}, expected ${problem!.expected}`,
  };
}
