/** The test that a promotion rests on. */
import type { Random } from './random.js';

/** Sums this close are equal: the differences are fractions of small whole numbers. */
const EPSILON = 1e-9;

export interface SignFlipOptions {
  /** All sign patterns are enumerated when there are at most this many, else as many are drawn. */
  permutations: number;
  random: Random;
}

/**
 * One-sided sign-flip permutation test of paired differences: the probability, if each difference were as likely to be
 * `-d` as `d` (the arms are interchangeable task by task), of a sum at least as large as the observed one.
 *
 * Exact while the sign patterns of the non-zero differences are few; else by random signs, where the observed pattern
 * counts as one of the draws, so that the level is held at any number of them (Phipson and Smyth 2010,
 * "Permutation p-values should never be zero").
 *
 * @returns p in (0, 1]; null: no differences.
 */
export function signFlipTest(differences: readonly number[], options: SignFlipOptions): number | null {
  if (differences.length === 0) return null;
  const moving = differences.filter((difference) => Math.abs(difference) > EPSILON);
  return 2 ** moving.length <= options.permutations ? exact(moving) : drawn(moving, options);
}

/** Walks all patterns in Gray-code order: each differs from the one before in a single sign. */
function exact(differences: readonly number[]): number {
  const signs = differences.map(() => 1);
  const observed = differences.reduce((sum, difference) => sum + difference, 0);
  const patterns = 2 ** differences.length;
  let sum = observed;
  let atLeast = 1;
  for (let pattern = 1; pattern < patterns; pattern++) {
    const flipped = trailingZeros(pattern);
    sum -= 2 * signs[flipped]! * differences[flipped]!;
    signs[flipped]! *= -1;
    if (sum >= observed - EPSILON) atLeast += 1;
  }
  return atLeast / patterns;
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

function trailingZeros(value: number): number {
  return 31 - Math.clz32(value & -value);
}
