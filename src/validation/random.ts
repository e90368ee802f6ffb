/**
 * Randomness as an argument: every chance that a verdict rests on comes from here, by a seed that is recorded.
 * Pure integer arithmetic, so that it gives the same numbers on every machine and in a workflow's replay.
 */

/** A number in [0, 1), 32 bits of it. */
export type Random = () => number;

/**
 * A generator of its own for each seed; equal seeds give equal sequences. Name what it is for in the seed
 * (`7/confirm/2/signs`): generators of different names are independent.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand; 128 bits of state, passes BigCrush), seeded by FNV-1a hashes
 * of the seed that are mixed by the finalizer of MurmurHash3.
 */
export function seededRandom(seed: number | string): Random {
  const text = String(seed);
  let a = hash32(text, 1);
  let b = hash32(text, 2);
  let c = hash32(text, 3);
  let counter = 1;
  const next: Random = () => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return (out >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 15; round++) next();
  return next;
}

/** A new array in random order (Fisher-Yates). */
export function shuffle<T>(values: readonly T[], random: Random): T[] {
  const out = [...values];
  for (let last = out.length - 1; last > 0; last--) {
    const pick = Math.floor(random() * (last + 1));
    [out[last], out[pick]] = [out[pick]!, out[last]!];
  }
  return out;
}

function hash32(text: string, lane: number): number {
  let hash = 0x811c9dc5 ^ Math.imul(lane, 0x9e3779b9);
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
