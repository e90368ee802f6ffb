const REASONS_MAX = 5;
const REASON_MAX = 200;

/** Distinct reasons of invalid trials, the first few, shortened: enough to see what is wrong. The store has them all. */
export function addProblems(known: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...known, ...more.map((reason) => reason.slice(0, REASON_MAX))])].slice(0, REASONS_MAX);
}
