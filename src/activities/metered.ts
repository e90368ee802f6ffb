import type { ModelConfig } from '../contract/config.js';
import { addUsage, costUsd, noUsage } from '../model/price.js';
import { type RetryOptions, withRetries } from '../model/retries.js';
import type { ChatModel, Usage } from '../model/types.js';
import { NO_SPEND } from '../workflows/spend.js';
import type { Spend } from '../workflows/types.js';
import type { ActivityRun } from './run.js';

/** How long each call of a model is retried within one activity, and all of them together: less than a trial's margin. */
export const MODEL_RETRIES: RetryOptions = { maxElapsedMs: 120_000, maxLostMs: 600_000 };

/**
 * A model for mining and proposing that adds up what its answers cost, in this attempt of the activity and in those before
 * it: what is run again after a failure was paid for all the same.
 */
export function metered(
  model: ChatModel,
  price: ModelConfig['price'],
  run: Pick<ActivityRun, 'note' | 'before'>,
): { model: ChatModel; spend(): Spend } {
  let usage = spentBefore(run.before);
  const retrying = withRetries(model, MODEL_RETRIES);
  return {
    model: {
      async complete(request, options) {
        const answer = await retrying.complete(request, options);
        usage = addUsage(usage, answer.usage);
        run.note({ spent: usage });
        return answer;
      },
    },
    spend: () => ({
      ...NO_SPEND,
      promptTokens: usage.promptTokens,
      cachedTokens: usage.cachedTokens,
      completionTokens: usage.completionTokens,
      usd: costUsd(usage, price),
    }),
  };
}

function spentBefore(details: unknown): Usage {
  return (details as { spent?: Usage } | null | undefined)?.spent ?? noUsage;
}
