/** What something cost, as control arms are held equal by. */
import type { Budget, Money, Outlay } from '../validation/controls.js';
import { addSpend, NO_SPEND, tokensOf } from './spend.js';
import type { EvolutionState, Spend } from './types.js';

export function outlayOfSpend(spend: Spend): Outlay {
  return { trials: spend.trials, tokens: tokensOf(spend), usd: spend.usd };
}

/**
 * What rounds and ablation of an evolution cost. Not read off its purse: what an earlier run under the same name has paid
 * was spent on this result too, and what a round took over from itself counts once.
 */
export function decidedOutlay({ rounds, ablation }: Pick<EvolutionState, 'rounds' | 'ablation'>): Outlay {
  const parts = [...rounds.map(({ spend }) => spend), ...(ablation ? [ablation.spend] : [])];
  return outlayOfSpend(parts.reduce(addSpend, NO_SPEND));
}

/** What of an outlay a budget is counted in; null: unknown. */
export function amountOf(outlay: Outlay, budget: Budget, money: Money): number | null {
  return budget === 'trials' ? outlay.trials : outlay[money];
}
