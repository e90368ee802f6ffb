/** Attributions that have one failure signature are one weakness. */
import { EXCERPTS_MAX } from './excerpt.js';
import { actionabilityOf, notMendableReason } from './mendable.js';
import type { PassingBehaviour } from './protect.js';
import type { Attribution, Mechanism, Signature, Weakness } from './types.js';

const EXCERPTS_OF_A_TASK = 2;
const EXCERPTS_OF_A_WEAKNESS = 6;

export function weaknessId({ mechanism, cause, status }: Signature): string {
  return `${mechanism}/${cause}/${status}`;
}

/**
 * Clusters by equal signature. Order: mendable ones first; among them the mechanism with the greatest support x
 * actionability over all its clusters, so that one behaviour with several causes is not split into small ones; within a
 * mechanism the greater cluster. With `passing` trials, a behaviour that those show as often counts for less.
 */
export function clusterWeaknesses(
  attributions: readonly Attribution[],
  passing: readonly PassingBehaviour[] = [],
): Weakness[] {
  const clusters = new Map<string, Attribution[]>();
  for (const attribution of sorted(attributions)) {
    const id = weaknessId(attribution.signature);
    clusters.set(id, [...(clusters.get(id) ?? []), attribution]);
  }
  const weaknesses = [...clusters].map(([id, members]) =>
    weakness(id, members, attributions.length, passing),
  );
  const weights = mechanismWeights(weaknesses);
  return weaknesses.sort(
    (a, b) =>
      Number(b.mendable) - Number(a.mendable) ||
      weights.get(b.signature.mechanism)! - weights.get(a.signature.mechanism)! ||
      compareText(a.signature.mechanism, b.signature.mechanism) ||
      b.support * b.actionability - a.support * a.actionability ||
      b.support - a.support ||
      compareText(a.id, b.id),
  );
}

/** Support x actionability, summed over the mendable weaknesses of each mechanism. */
export function mechanismWeights(weaknesses: readonly Weakness[]): Map<Mechanism, number> {
  const weights = new Map<Mechanism, number>();
  for (const { signature, support, actionability, mendable } of weaknesses) {
    const weight = mendable ? support * actionability : 0;
    weights.set(signature.mechanism, (weights.get(signature.mechanism) ?? 0) + weight);
  }
  return weights;
}

/** By task and trial, so that the order in which trials ended leaves no mark. */
function sorted(attributions: readonly Attribution[]): Attribution[] {
  return [...attributions].sort((a, b) => compareText(a.task, b.task) || compareText(a.trial, b.trial));
}

function weakness(
  id: string,
  members: Attribution[],
  failures: number,
  passing: readonly PassingBehaviour[],
): Weakness {
  const { signature } = members[0]!;
  const reasons = members.map((member) => member.notMendableReason);
  const mendableShare = members.filter((member) => member.mendable).length / members.length;
  const mendable = mendableShare >= 0.5 && notMendableReason(signature) === '';
  return {
    id,
    signature,
    tasks: [...new Set(members.map((member) => member.task))],
    support: members.length,
    actionability: mendable
      ? actionabilityOf(signature) *
        mendableShare *
        contrast(signature.mechanism, members.length / failures, passing)
      : 0,
    mendable,
    detail: mendable ? representative(members) : mostFrequent(reasons.filter((reason) => reason !== '')),
    excerpts: excerpts(members),
  };
}

/** Few passing trials say nothing of how common a behaviour is among them. */
const PASSING_MIN = 5;

/** 0.25-1: 1 for a behaviour that passing trials never show, less the more of them show it too. */
function contrast(mechanism: Mechanism, failedShare: number, passing: readonly PassingBehaviour[]): number {
  if (passing.length < PASSING_MIN) return 1;
  const passedShare = passing.filter((trial) => trial.mechanisms.includes(mechanism)).length / passing.length;
  return Math.max(0.25, failedShare / (failedShare + passedShare));
}

/** The account that both readings agree on, else any, the fullest first. */
function representative(members: Attribution[]): string {
  const rank = { both: 0, detector: 1, model: 2 };
  const best = [...members].sort(
    (a, b) =>
      rank[a.source] - rank[b.source] || b.detail.length - a.detail.length || compareText(a.trial, b.trial),
  )[0]!;
  return best.detail;
}

function mostFrequent(texts: string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]))[0]?.[0] ?? '';
}

/** A few from each of several tasks: what is common shows better than the whole of one trial. */
function excerpts(members: Attribution[]): Weakness['excerpts'] {
  const chosen: Weakness['excerpts'] = [];
  for (let depth = 0; depth < EXCERPTS_MAX / EXCERPTS_OF_A_TASK; depth++) {
    for (const { task, excerpts: all } of members) {
      const start = depth * EXCERPTS_OF_A_TASK;
      for (const excerpt of all.slice(start, start + EXCERPTS_OF_A_TASK)) {
        if (chosen.length < EXCERPTS_OF_A_WEAKNESS) chosen.push({ ...excerpt, task });
      }
    }
  }
  return chosen;
}

/** By code units: the same on every machine, whatever its language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
