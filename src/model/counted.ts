import { addUsage, noUsage } from './price.js';
import type { ChatModel, Usage } from './types.js';

/** A model that adds up what its answers use, those that were cut off included, on top of `before`. */
export function counted(model: ChatModel, before: Usage = noUsage): { model: ChatModel; usage(): Usage } {
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
