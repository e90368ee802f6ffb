/** Figures as the reasons of verdicts say them. */

/** A difference of shares in points with its sign: `+4.2 points`. */
export function points(difference: number | null): string {
  if (difference === null) return 'an unknown difference';
  const value = difference * 100;
  const text = (Object.is(Math.round(value * 10), -0) ? 0 : value).toFixed(1);
  return `${value >= 0.05 ? '+' : ''}${text} points`;
}

/** A share as a percentage: `42.2 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A p-value with three digits: `0.021`. */
export function probability(p: number | null): string {
  return p === null ? 'unknown' : p < 0.001 ? 'below 0.001' : p.toFixed(3);
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** How many tasks are left out; '' where none are. @param where the command that shows why */
export function quarantinedTasks(count: number, where: string): string {
  if (count === 0) return '';
  return `${plural(count, 'task')} quarantined, in no split; the reasons: ${where}`;
}

/** Large counts in short: `2299k`, `14.2M`. */
export function compact(count: number): string {
  if (count >= 10_000_000) return `${(count / 1_000_000).toFixed(1)}M`;
  return count >= 10_000 ? `${(count / 1000).toFixed(0)}k` : String(Math.round(count));
}

/** Marks every figure of the sealed split; '' while it is closed. */
export function openedTimes(count: number): string {
  if (count === 0) return '';
  return count === 1 ? 'opened once' : `opened ${count} times`;
}
