/** Seeded numbers without a generator's state: pure, so that a workflow may use them. */

/** A number from 0 to 2^32 - 1, drawn from `seed` and `parts`; the same on every machine. FNV-1a with Murmur3's finish. */
export function hash32(seed: number, ...parts: (string | number)[]): number {
  let h = 2166136261 ^ seed;
  for (const c of parts.join('\0')) h = Math.imul(h ^ c.codePointAt(0)!, 16777619);
  h = Math.imul(h ^ (h >>> 16), 2246822507);
  h = Math.imul(h ^ (h >>> 13), 3266489909);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Seed of the requests of one slot: 0 to 2^31 - 101, so that a few re-asks fit behind it. */
export function slotSeed(evolutionSeed: number, round: number, slot: number): number {
  return hash32(evolutionSeed, 'slot', round, slot) % (2 ** 31 - 100);
}
