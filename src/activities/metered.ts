import type { ModelConfig } from '../contract/config.js';
import { addUsage, costUsd, noUsage } from '../model/price.js';
import { type RetryOptions, withRetries } from '../model/retries.js';
import type { ChatModel, Usage } from '../model/types.js';
import type { Role } from '../workflows/roles.js';
import { callSpend } from '../workflows/spend.js';
import type { Spend } from '../workflows/types.js';
import type { ActivityRun } from './run.js';

/** How long each call of a model is retried within one activity, and all of them together: less than a trial's margin. */
export const MODEL_RETRIES: RetryOptions = { maxElapsedMs: 120_000, maxLostMs: 600_000 };

/** A model that adds up what its answers use, on top of `before`. */
export function counted(model: ChatModel, before: Usage): { model: ChatModel; usage(): Usage } {
  let usage = before;
  return {
    model: {
      async complete(request, options) {
        const answer = await model.complete(request, options);
        usage = addUsage(usage, answer.usage);
        return answer;
      },
    },
    usage: () => usage,
  };
}

/**
 * A model for mining and proposing that adds up what its answers cost, in this attempt of the activity and in those before
 * it: what is run again after a failure was paid for all the same.
 */
export function metered(
  model: ChatModel,
  price: ModelConfig['price'],
  run: Pick<ActivityRun, 'note' | 'before'>,
): { model: ChatModel; usage(): Usage; spend(role: Role): Spend } {
  const counting = counted(withRetries(model, MODEL_RETRIES), spentBefore(run.before));
  return {
    model: {
      async complete(request, options) {
        const answer = await counting.model.complete(request, options);
        run.note({ spent: counting.usage() });
        return answer;
      },
    },
    usage: counting.usage,
    spend: (role) => callSpend(role, { ...counting.usage(), usd: costUsd(counting.usage(), price) }),
  };
}

function spentBefore(details: unknown): Usage {
  return (details as { spent?: Usage } | null | undefined)?.spent ?? noUsage;
}
