/** Chance as a function of words: the same key always draws the same number, so a model needs no memory. */

/** 53-bit hash of a text (cyrb53, a public-domain mixing function). */
function mix(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}

/** A number in [0, 1) that belongs to these words. */
export function draw(...words: (string | number)[]): number {
  return mix(words.join('\u0001')) / 2 ** 53;
}

/** Short name of a text, for keys that travel in ids. */
export function shortHash(...words: (string | number)[]): string {
  return mix(words.join('\u0001')).toString(36);
}

export function pick<T>(items: readonly T[], ...words: (string | number)[]): T {
  return items[Math.floor(draw(...words) * items.length)]!;
}
