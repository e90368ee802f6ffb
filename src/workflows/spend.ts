import type { Allowance, Spend, TrialReport } from './types.js';

export const NO_SPEND: Spend = {
  trials: 0,
  invalid: 0,
  promptTokens: 0,
  cachedTokens: 0,
  completionTokens: 0,
  usd: null,
  seconds: 0,
};

/** Sum; dollars are null only while nothing with a price was spent. */
export function addSpend(a: Spend, b: Spend): Spend {
  return {
    trials: a.trials + b.trials,
    invalid: a.invalid + b.invalid,
    promptTokens: a.promptTokens + b.promptTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    usd: a.usd === null && b.usd === null ? null : (a.usd ?? 0) + (b.usd ?? 0),
    seconds: round(a.seconds + b.seconds),
  };
}

export function trialSpend(report: TrialReport): Spend {
  return {
    trials: 1,
    invalid: report.outcome === 'invalid' ? 1 : 0,
    promptTokens: report.promptTokens,
    cachedTokens: report.cachedTokens,
    completionTokens: report.completionTokens,
    usd: report.costUsd,
    seconds: report.seconds,
  };
}

/** What is left of an allowance after `spent`. Never below 0. */
export function reduceAllowance(allowance: Allowance, spent: Spend): Allowance {
  const left = (limit: number | undefined, used: number) =>
    limit === undefined ? undefined : Math.max(0, limit - used);
  return {
    trials: left(allowance.trials, spent.trials),
    tokens: left(allowance.tokens, spent.promptTokens + spent.completionTokens),
    usd: left(allowance.usd, spent.usd ?? 0),
    until: allowance.until,
  };
}

/** Whether nothing more may be started, `inFlight` trials being under way. */
export function isExhausted(allowance: Allowance, spent: Spend, inFlight: number, now: number): boolean {
  const left = reduceAllowance(allowance, spent);
  return (
    (left.trials !== undefined && left.trials - inFlight <= 0) ||
    left.tokens === 0 ||
    left.usd === 0 ||
    (left.until !== undefined && now >= left.until)
  );
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
