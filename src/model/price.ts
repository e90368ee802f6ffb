import type { ModelConfig } from '../contract/config.js';
import type { Usage } from './types.js';

/** Dollars for `usage`; null when the configuration names no price. Cached tokens cost as fresh ones where no price of theirs is named. */
export function costUsd(usage: Usage, price: ModelConfig['price']): number | null {
  if (!price) return null;
  const cachedPrice = price.cachedInputPerMillion ?? price.inputPerMillion;
  const fresh = usage.promptTokens - usage.cachedTokens;
  return (
    (fresh * price.inputPerMillion +
      usage.cachedTokens * cachedPrice +
      usage.completionTokens * price.outputPerMillion) /
    1e6
  );
}

export const noUsage: Usage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0, estimated: false };

/** The sum; estimated as soon as one part is. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    estimated: a.estimated || b.estimated,
  };
}
