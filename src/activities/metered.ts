import type { ModelConfig } from '../contract/config.js';
import { addUsage, costUsd, noUsage } from '../model/price.js';
import type { ChatModel, Usage } from '../model/types.js';
import { NO_SPEND } from '../workflows/spend.js';
import type { Spend } from '../workflows/types.js';

/** A model that adds up what its answers cost, mining and proposing included. */
export function metered(model: ChatModel, price: ModelConfig['price']): { model: ChatModel; spend(): Spend } {
  let usage: Usage = noUsage;
  return {
    model: {
      async complete(request, options) {
        const answer = await model.complete(request, options);
        usage = addUsage(usage, answer.usage);
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
