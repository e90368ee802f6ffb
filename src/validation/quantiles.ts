/** Quantiles of the two distributions that intervals need, by published approximations. */

/**
 * The value that a standard normal variable stays below with probability `p` (0 < p < 1); error below 4.5e-4.
 * Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23.
 */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  const below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return above / below - t;
}

/**
 * The 97.5 % quantile of Student's t with `freedom` >= 1 degrees of freedom: exact for 1 and 2, else by the expansion of
 * Abramowitz and Stegun 26.7.5 around the normal quantile (error below 1 % from 3 on, below 0.02 % from 10 on).
 */
export function studentQuantile975(freedom: number): number {
  if (freedom <= 1) return 12.7062;
  if (freedom <= 2) return 4.30265;
  const z = 1.959964;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
  ];
  return terms.reduce((sum, term, i) => sum + term / freedom ** (i + 1), z);
}
