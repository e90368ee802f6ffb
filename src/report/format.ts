/** Figures in words: one way of writing each, everywhere. */
import type { Interval } from '../validation/types.js';

export { compact as formatCount } from '../validation/words.js';
export { formatForecast, formatRoles, formatSpend } from '../workflows/money-text.js';

/** `43.0 % (31.5 to 55.2)`; an interval that could not be computed says so. */
export function formatRate(rate: Interval | null | undefined): string {
  if (!rate) return 'insufficient data';
  return `${points(rate.value)} % (${points(rate.low)} to ${points(rate.high)})`;
}

/** `+12.4 points (3.1 to 21.0)` */
export function formatDifference(difference: Interval | null | undefined): string {
  if (!difference) return 'insufficient data';
  const sign = difference.value >= 0 ? '+' : '';
  return `${sign}${points(difference.value)} points (${points(difference.low)} to ${points(difference.high)})`;
}

/** `1 h 04 min`, `3 min 12 s`, `8 s` */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole >= 3600) return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
  return whole >= 60 ? `${Math.floor(whole / 60)} min ${pad(whole % 60)} s` : `${whole} s`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

function points(share: number): string {
  return (share * 100).toFixed(1);
}
