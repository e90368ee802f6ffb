/** Money in words: one way of writing it, everywhere. */
import type { TrialEstimate } from '../validation/estimate.js';
import { compact } from '../validation/words.js';
import type { Forecast } from './forecast.js';
import { ROLES } from './roles.js';
import { tokensOf } from './spend.js';
import type { Prepared, Spend } from './types.js';

/** `412 trials, 3 invalid, 1200k tokens, $4.10` */
export function formatSpend(spend: Spend): string {
  const parts = [`${spend.trials} trials`, `${compact(tokensOf(spend))} tokens`];
  if (spend.invalid > 0) parts.splice(1, 0, `${spend.invalid} invalid`);
  parts.push(spend.usd === null ? 'no price configured' : dollars(spend.usd));
  return parts.join(', ');
}

/** Who spent it, and what of it was counted here; '': the agent alone, by the endpoint's own numbers. */
export function formatRoles(spend: Spend): string {
  const spenders = ROLES.filter((role) => spend.roles[role].tokens > 0);
  const roles = spenders.map((role) => {
    const { tokens, usd } = spend.roles[role];
    return `${role} ${compact(tokens)}${usd === null ? '' : ` (${dollars(usd)})`}`;
  });
  return [...(spenders.some((role) => role !== 'agent') ? [roles.join(', ')] : []), ...estimated(spend)].join(
    '; ',
  );
}

function estimated({ estimatedTokens }: Spend): string[] {
  if (estimatedTokens === 0) return [];
  return [
    `estimated: ${compact(estimatedTokens)} tokens, of answers whose usage the endpoint left out in part or whole`,
  ];
}

/** `1733 trials (710 to 5912), 52.0M tokens (21.3M to 177.4M)`, and which cap comes before that. */
export function formatForecast({ trials, tokens, usd }: Forecast, budget: Prepared['budget']): string {
  const parts = [
    `${range(trials, compact)} trials`,
    `${range(tokens, compact)} tokens`,
    ...(usd ? [range(usd, dollars)] : []),
  ];
  const caps = [
    { name: 'trials', cap: budget.trials, likely: trials.likely },
    { name: 'tokens', cap: budget.tokens, likely: tokens.likely },
    { name: 'dollars', cap: budget.usd, likely: usd?.likely ?? 0 },
  ].filter(({ cap, likely }) => cap !== undefined && likely > cap);
  const before = caps.map(({ name, cap }) => `; the cap of ${cap} ${name} is likely to come first`);
  return `${parts.join(', ')}${before.join('')}`;
}

function range({ min, likely, max }: TrialEstimate, format: (value: number) => string): string {
  return `${format(likely)} (${format(min)} to ${format(max)})`;
}

function dollars(usd: number): string {
  return `$${usd.toFixed(2)}`;
}
