/** Endpoints that claim an overflow where there is none. */
import { type ChatModel, type ChatRequest, ModelError } from './types.js';

/** Share of the contract's context below which a request cannot have been too long, however roughly we count. */
const SHORT_SHARE = 0.5;
/** UTF-8 bytes per token: a rough mean over languages and code. */
const BYTES_PER_TOKEN = 4;

/**
 * Takes an endpoint's word that a request is longer than its context only where that can be. Else it is the endpoint that
 * fails: the error is retryable, and whoever runs out of patience has met a broken endpoint, not a request that was too long.
 */
export function withPlausibleOverflows(model: ChatModel, contextTokens: number): ChatModel {
  return {
    async complete(request, options) {
      try {
        return await model.complete(request, options);
      } catch (error) {
        if (!(error instanceof ModelError) || error.kind !== 'context-length') throw error;
        const tokens = tokensOf(request);
        if (tokens >= contextTokens * SHORT_SHARE) throw error;
        throw new ModelError(
          `A request of about ${tokens} tokens was refused as too long, and model.contextTokens says ${contextTokens}. ${error.message}`,
          'context-length',
          { retryable: true, status: error.status, retryAfterMs: error.retryAfterMs, cause: error },
        );
      }
    },
  };
}

function tokensOf({ messages, tools, response }: ChatRequest): number {
  return Math.ceil(Buffer.byteLength(JSON.stringify({ messages, tools, response })) / BYTES_PER_TOKEN);
}
