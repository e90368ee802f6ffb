/** What each slot of a round is asked to do. Pure and deterministic: a workflow may call it. */
import type { EarlierAttempt, Evidence, Mechanism, Weakness } from '../mining/types.js';
import { hash32 } from './chance.js';
import { SURFACE_FAMILIES, type SurfaceFamily } from './families.js';
import type { Assignment } from './types.js';

/** A mechanism that round after round withstood edits gives way to others, slowly. */
const WEIGHT_PER_ATTEMPT = 0.8;
/** A further slot on one mechanism counts this much: other mechanisms go first unless they are negligible beside it. */
const WEIGHT_PER_SLOT = 0.1;

interface Target {
  mechanism: Mechanism;
  weight: number;
  /** Mendable weaknesses with the mechanism, greatest first. */
  weaknesses: Weakness[];
  /** Least tried first. */
  families: SurfaceFamily[];
  slots: number;
}

/**
 * At most `width` assignments, slots 1, 2, 3 ... No two have one mechanism and a surface in common. The mechanisms with the greatest
 * support x actionability come first, each with the surfaces that were tried least on it. Fewer than `width` where the
 * evidence does not hold more; [] when nothing is mendable. `seed` decides between equals.
 */
export function assignSlots(evidence: Evidence, width: number, seed: number): Assignment[] {
  const targets = targetsOf(evidence, seed);
  const assignments: Assignment[] = [];
  while (assignments.length < width) {
    const open = targets.filter((target) => target.slots < target.families.length);
    if (open.length === 0) break;
    const target = open.reduce((best, other) => (worth(other) > worth(best) ? other : best));
    const { weaknesses, families, slots } = target;
    assignments.push({
      slot: assignments.length + 1,
      // The second slot of a mechanism looks at its second cluster, where there is one.
      weakness: weaknesses[slots % weaknesses.length]!.id,
      surfaces: [...families[slots]!],
    });
    target.slots += 1;
  }
  return assignments;
}

function worth(target: Target): number {
  return target.weight * WEIGHT_PER_SLOT ** target.slots;
}

/** In the order in which equals are served. */
function targetsOf(evidence: Evidence, seed: number): Target[] {
  const byMechanism = new Map<Mechanism, Weakness[]>();
  for (const weakness of evidence.weaknesses.filter(({ mendable }) => mendable)) {
    const { mechanism } = weakness.signature;
    byMechanism.set(mechanism, [...(byMechanism.get(mechanism) ?? []), weakness]);
  }
  return [...byMechanism]
    .map(([mechanism, weaknesses]): Target => {
      const attempts = evidence.earlier.filter(({ weakness }) => mechanismOf(weakness) === mechanism);
      const support = weaknesses.reduce((sum, w) => sum + w.support * w.actionability, 0);
      const measured = attempts.filter(({ verdict }) => verdict === 'rejected' || verdict === 'undecided');
      return {
        mechanism,
        weight: support * WEIGHT_PER_ATTEMPT ** measured.length,
        weaknesses: [...weaknesses].sort((a, b) => b.support - a.support || compare(seed, a.id, b.id)),
        families: leastTried(SURFACE_FAMILIES[mechanism], attempts),
        slots: 0,
      };
    })
    .sort((a, b) => compare(seed, a.mechanism, b.mechanism));
}

function leastTried(families: readonly SurfaceFamily[], attempts: EarlierAttempt[]): SurfaceFamily[] {
  const tries = (family: SurfaceFamily) =>
    attempts.filter(({ surface }) => surface !== null && family.includes(surface)).length;
  return [...families].sort((a, b) => tries(a) - tries(b));
}

/** A weakness id begins with its mechanism. */
function mechanismOf(weakness: string): string {
  return weakness.split('/', 1)[0]!;
}

/** A seeded order of names. */
function compare(seed: number, a: string, b: string): number {
  return hash32(seed, a) - hash32(seed, b) || (a < b ? -1 : 1);
}
