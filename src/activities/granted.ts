/** Holds a piece of work to its grant: before each call of the model, what that can cost at most has to fit. */
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ModelConfig } from '../contract/config.js';
import { callBound, costUsd } from '../model/price.js';
import type { ChatModel, Usage } from '../model/types.js';
import { extendUpdate } from '../workflows/messages.js';
import { tokensOf } from '../workflows/spend.js';
import type { Amount, Ceiling, Grant } from '../workflows/types.js';

/** There is no money for the next call: the piece of work ends here, and is not scored. */
export class OutOfMoney extends Error {
  override readonly name = 'OutOfMoney';
}

/** Asks for more: what is needed in all. null: there is none. */
export type AskForMore = (needs: Amount) => Promise<Ceiling | null>;

/**
 * A model whose calls throw {OutOfMoney} where there is no money for them. Without a grant nothing is limited.
 * `usage` is what its answers used, earlier tries of the same piece of work included.
 */
export function granted(
  { model, usage }: { model: ChatModel; usage(): Usage },
  config: ModelConfig,
  grant: Grant | undefined,
  ask: AskForMore = askWorkflow(grant),
): ChatModel {
  if (!grant) return model;
  let ceiling: Ceiling = grant;
  return {
    async complete(request, options) {
      const used = usage();
      const most = callBound(config, request);
      const needs = {
        tokens: tokensOf(used) + most.tokens,
        usd: (costUsd(used, config.price) ?? 0) + (most.usd ?? 0),
      };
      if (!fits(needs, ceiling)) {
        const more = await ask(needs);
        if (more === null || !fits(needs, more)) throw new OutOfMoney('the budget is used up');
        ceiling = more;
      }
      return model.complete(request, options);
    },
  };
}

function fits(needs: Amount, { tokens, usd }: Ceiling): boolean {
  return (tokens === undefined || needs.tokens <= tokens) && (usd === undefined || needs.usd <= usd);
}

/** The workflow that gave the grant knows what all others under way hold. */
function askWorkflow(grant: Grant | undefined): AskForMore {
  return async (needs) => {
    const { client, info } = Context.current();
    const { workflowId, runId } = info.workflowExecution!;
    try {
      return await client.workflow
        .getHandle(workflowId, runId)
        .executeUpdate(extendUpdate, { args: [{ id: grant!.id, ...needs }] });
    } catch (error) {
      // Without an answer nothing more may be spent; the piece is tried again.
      throw ApplicationFailure.create({ type: 'NoAnswerOnMoney', message: (error as Error).message });
    }
  };
}
