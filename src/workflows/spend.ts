import { ROLES, type Role } from './roles.js';
import type { Allowance, Bill, Prepared, Spend, TrialReport } from './types.js';

const NOTHING = { tokens: 0, usd: null };

export const NO_SPEND: Spend = {
  trials: 0,
  invalid: 0,
  promptTokens: 0,
  cachedTokens: 0,
  completionTokens: 0,
  usd: null,
  seconds: 0,
  estimatedTokens: 0,
  roles: { agent: NOTHING, miner: NOTHING, proposer: NOTHING },
};

/** Sum; dollars are null only while nothing with a price was spent. */
export function addSpend(a: Spend, b: Spend): Spend {
  return combine(a, b, 1);
}

function combine(a: Spend, b: Spend, sign: 1 | -1): Spend {
  const usd = (x: number | null, y: number | null) =>
    x === null && y === null ? null : (x ?? 0) + sign * (y ?? 0);
  const role = (name: Role): [Role, Spend['roles'][Role]] => {
    const [x, y] = [a.roles[name], b.roles[name]];
    return [name, { tokens: x.tokens + sign * y.tokens, usd: usd(x.usd, y.usd) }];
  };
  return {
    trials: a.trials + sign * b.trials,
    invalid: a.invalid + sign * b.invalid,
    promptTokens: a.promptTokens + sign * b.promptTokens,
    cachedTokens: a.cachedTokens + sign * b.cachedTokens,
    completionTokens: a.completionTokens + sign * b.completionTokens,
    usd: usd(a.usd, b.usd),
    seconds: round(a.seconds + sign * b.seconds),
    estimatedTokens: a.estimatedTokens + sign * b.estimatedTokens,
    roles: Object.fromEntries(ROLES.map(role)) as Spend['roles'],
  };
}

/** What of `a` is left without `b`, which is a part of it. */
export function subtractSpend(a: Spend, b: Spend): Spend {
  return combine(a, b, -1);
}

/** One that was stopped for want of money was paid for, but is no trial. */
export function trialBill(report: TrialReport): Bill {
  const { outcome, before } = report;
  const spend = {
    ...usageSpend(report),
    trials: outcome === 'budget-stopped' ? 0 : 1,
    invalid: outcome === 'invalid' ? 1 : 0,
    seconds: report.seconds,
  };
  if (!before) return { spend };
  const seconds = before.trials ? report.seconds : 0;
  const invalid = before.trials ? spend.invalid : 0;
  return { spend, before: { ...usageSpend(before), trials: before.trials, invalid, seconds } };
}

function usageSpend(
  used: Pick<
    TrialReport,
    'promptTokens' | 'cachedTokens' | 'completionTokens' | 'costUsd' | 'usageEstimated'
  >,
): Spend {
  return callSpend('agent', { ...used, usd: used.costUsd, estimated: used.usageEstimated === true });
}

export function isNothing(spend: Spend): boolean {
  return spend.trials === 0 && tokensOf(spend) === 0 && !spend.usd;
}

export function tokensOf(used: Pick<Spend, 'promptTokens' | 'completionTokens'>): number {
  return used.promptTokens + used.completionTokens;
}

/** What calls of a model in one role cost. */
export function callSpend(
  role: Role,
  used: Pick<Spend, 'promptTokens' | 'cachedTokens' | 'completionTokens' | 'usd'> & { estimated: boolean },
): Spend {
  const { promptTokens, cachedTokens, completionTokens, usd, estimated } = used;
  const tokens = tokensOf(used);
  return {
    ...NO_SPEND,
    promptTokens,
    cachedTokens,
    completionTokens,
    usd,
    estimatedTokens: estimated ? tokens : 0,
    roles: { ...NO_SPEND.roles, [role]: { tokens, usd } },
  };
}

/** What a budget allows, for something that began at `startedAt`, milliseconds since the epoch. */
export function allowanceOf(
  { trials, tokens, usd, hours }: Prepared['budget'],
  startedAt: number,
): Allowance {
  const until = hours === undefined ? undefined : startedAt + hours * 3_600_000;
  return { trials, tokens, usd, until };
}

/** What an evolution's budget leaves to the workflow run that was prepared, and began at `startedAt`. */
export function allowanceFor({ budget, earlier }: Pick<Prepared, 'budget' | 'earlier'>, startedAt: number) {
  return reduceAllowance(allowanceOf(budget, startedAt), earlier);
}

/** What is left of an allowance after `spent`. Never below 0. */
export function reduceAllowance(allowance: Allowance, spent: Spend): Allowance {
  const left = (limit: number | undefined, used: number) =>
    limit === undefined ? undefined : Math.max(0, limit - used);
  return {
    trials: left(allowance.trials, spent.trials),
    tokens: left(allowance.tokens, tokensOf(spent)),
    usd: left(allowance.usd, spent.usd ?? 0),
    until: allowance.until,
  };
}

/** Whether nothing is left of one of its parts. */
export function isExhausted(allowance: Allowance, spent: Spend, now: number): boolean {
  const { trials, tokens, usd, until } = reduceAllowance(allowance, spent);
  return trials === 0 || tokens === 0 || usd === 0 || (until !== undefined && now >= until);
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
