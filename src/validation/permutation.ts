/** The test that a promotion rests on. */
import type { Random } from './random.js';

/** Sums this close are equal: the differences are fractions of small whole numbers. */
const EPSILON = 1e-9;
/** Least common multiples of 1 to n: differences of shares of up to n attempts are whole numbers of such parts. */
const PARTS = [1, 2, 6, 12, 60, 420, 840, 2520, 27_720];
/** Additions that an exact answer may take: some hundredths of a second. */
const ADDITIONS_MAX = 20_000_000;

export interface SignFlipOptions {
  /** Sign patterns that are drawn where an exact answer would take too long. */
  permutations: number;
  random: Random;
}

/**
 * One-sided sign-flip permutation test of paired differences: the probability, if each difference were as likely to be
 * `-d` as `d` (the arms are interchangeable task by task), of a sum at least as large as the observed one. Differences
 * may be weighted by anything that does not depend on which arm is which.
 *
 * Exact where the differences are multiples of one small fraction, as those of shares of few attempts are: then
 * the sums' distribution over all patterns is built up difference by difference (the shift algorithm of Pagano and Tritchler 1983,
 * "On obtaining permutation distributions in polynomial time"). Else by random signs, where the observed pattern
 * counts as one of the draws, so that the level is held at any number of them (Phipson and Smyth 2010,
 * "Permutation p-values should never be zero").
 *
 * @returns p in (0, 1]; null: no differences.
 */
export function signFlipTest(differences: readonly number[], options: SignFlipOptions): number | null {
  if (differences.length === 0) return null;
  const moving = differences.filter((difference) => Math.abs(difference) > EPSILON);
  const parts = wholeParts(moving);
  return parts === null ? drawn(moving, options) : exact(parts);
}

/** The differences as whole numbers of their largest common part; null: there is none that is coarse enough. */
function wholeParts(differences: readonly number[]): number[] | null {
  for (const part of PARTS) {
    const scaled = differences.map((difference) => difference * part);
    if (scaled.some((value) => Math.abs(value - Math.round(value)) > EPSILON * part)) continue;
    const whole = scaled.map(Math.round);
    const reach = whole.reduce((sum, value) => sum + Math.abs(value), 0);
    return whole.length * 2 * reach <= ADDITIONS_MAX ? whole : null;
  }
  return null;
}

/** Probability of each sum, from that of the sums of one difference less. */
function exact(differences: readonly number[]): number {
  const reach = differences.reduce((sum, difference) => sum + Math.abs(difference), 0);
  const observed = differences.reduce((sum, difference) => sum + difference, 0);
  let chances = new Float64Array(2 * reach + 1);
  let next = new Float64Array(2 * reach + 1);
  chances[reach] = 1;
  let reached = 0;
  for (const difference of differences) {
    const step = Math.abs(difference);
    next.fill(0, reach - reached - step, reach + reached + step + 1);
    for (let sum = reach - reached; sum <= reach + reached; sum++) {
      const half = chances[sum]! / 2;
      if (half === 0) continue;
      next[sum - step]! += half;
      next[sum + step]! += half;
    }
    reached += step;
    [chances, next] = [next, chances];
  }
  let atLeast = 0;
  for (let sum = reach + observed; sum <= 2 * reach; sum++) atLeast += chances[sum]!;
  return Math.min(1, atLeast);
}

function drawn(differences: readonly number[], { permutations, random }: SignFlipOptions): number {
  const observed = differences.reduce((sum, difference) => sum + difference, 0);
  let atLeast = 1;
  for (let draw = 0; draw < permutations; draw++) {
    let sum = 0;
    for (const difference of differences) sum += random() < 0.5 ? difference : -difference;
    if (sum >= observed - EPSILON) atLeast += 1;
  }
  return atLeast / (permutations + 1);
}
