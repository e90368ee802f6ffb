import { addUsage } from '../model/price.js';
import type { RetryOptions } from '../model/retries.js';
import type { ChatModel, Usage } from '../model/types.js';

/** How long each call of a model is retried within one activity, and all of them together: less than a trial's margin. */
export const MODEL_RETRIES: RetryOptions = { maxElapsedMs: 120_000, maxLostMs: 600_000 };

/** A model that adds up what its answers use, those that were cut off included, on top of `before`. */
export function counted(model: ChatModel, before: Usage): { model: ChatModel; usage(): Usage } {
  let usage = before;
  return {
    model: {
      async complete(request, options) {
        const onLostUsage = (lost: Usage) => {
          usage = addUsage(usage, lost);
          options?.onLostUsage?.(lost);
        };
        const answer = await model.complete(request, { ...options, onLostUsage });
        usage = addUsage(usage, answer.usage);
        return answer;
      },
    },
    usage: () => usage,
  };
}
