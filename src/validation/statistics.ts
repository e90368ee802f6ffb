/**
 * Small statistics over tasks. The task is the unit: attempts of one task are not independent, so they are averaged
 * first, and chance is counted in tasks. What cannot be computed is null, never 0.
 */

/** null: no values. */
export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sum of squared distances from the mean over n - 1; null: fewer than two values. */
export function sampleVariance(values: readonly number[]): number | null {
  const center = mean(values);
  if (center === null || values.length < 2) return null;
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}

/** The smallest value that at least the share `q` (0-1) of them does not exceed; null: no values. */
export function quantile(values: readonly number[], q: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * values.length - 1e-9) - 1)]!;
}

/** Standard error of the mean of independent values; null: fewer than two. */
export function standardError(values: readonly number[]): number | null {
  const variance = sampleVariance(values);
  return variance === null ? null : Math.sqrt(variance / values.length);
}

/** One attempt that is valid in both arms. */
export interface AttemptPair {
  incumbent: boolean;
  candidate: boolean;
}

/** Share of passes of an arm over a task's attempts, 0-1; null: no attempt. */
export function passShare(attempts: readonly AttemptPair[], arm: keyof AttemptPair): number | null {
  return mean(attempts.map((attempt) => (attempt[arm] ? 1 : 0)));
}

/** Candidate's share minus incumbent's, -1 to 1, for each task that has a pair; tasks without one are left out. */
export function pairedDifferences(tasks: readonly (readonly AttemptPair[])[]): number[] {
  return tasks
    .filter((attempts) => attempts.length > 0)
    .map((attempts) => passShare(attempts, 'candidate')! - passShare(attempts, 'incumbent')!);
}
