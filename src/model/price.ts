import type { ModelConfig } from '../contract/config.js';
import type { ChatRequest, Usage } from './types.js';

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

/** Room for what a template puts around each message, tokens. */
const TOKENS_AROUND_MESSAGE = 16;
/** Room for what is put before all of them, such as the description of the answer's form. */
const TOKENS_AROUND_REQUEST = 2000;

/**
 * What one call can cost at most: no token is shorter than a byte, no answer longer than the configured `maxTokens`, and
 * prompt and answer together fit into the context window. Without a request, that of the largest one.
 */
export function callBound(
  config: ModelConfig,
  request?: ChatRequest,
): { tokens: number; usd: number | null } {
  const { contextTokens, price } = config;
  const prompt = request ? Math.min(contextTokens, promptBytes(request)) : contextTokens;
  const answer = Math.min(contextTokens, request?.maxTokens ?? config.sampling.maxTokens ?? contextTokens);
  const tokens = Math.min(contextTokens, prompt + answer);
  if (!price) return { tokens, usd: null };
  const parts = [
    { most: prompt, price: Math.max(price.inputPerMillion, price.cachedInputPerMillion ?? 0) },
    { most: answer, price: price.outputPerMillion },
  ].sort((a, b) => b.price - a.price);
  const dearer = Math.min(tokens, parts[0]!.most);
  return { tokens, usd: (dearer * parts[0]!.price + (tokens - dearer) * parts[1]!.price) / 1e6 };
}

function promptBytes({ messages, tools, response }: ChatRequest): number {
  const extra = JSON.stringify([tools ?? [], response ?? null]);
  const texts = messages.map((message) => Buffer.byteLength(JSON.stringify(message)) + TOKENS_AROUND_MESSAGE);
  // Where the endpoint has no tools of its own, their description is written out twice as long.
  return texts.reduce((sum, bytes) => sum + bytes, 2 * Buffer.byteLength(extra) + TOKENS_AROUND_REQUEST);
}
