/** What evolving cost, by what the state of an evolution says of its parts. */
import { amountOf, decidedOutlay } from '../../src/workflows/outlay.js';
import { NO_SPEND } from '../../src/workflows/spend.js';
import type { EvolutionState } from '../../src/workflows/types.js';

const spend = (trials: number, usd: number | null) => ({
  ...NO_SPEND,
  trials,
  promptTokens: 10 * trials,
  completionTokens: trials,
  usd,
});
const state = (rounds: (number | null)[], ablation: number | null) =>
  ({
    rounds: rounds.map((usd) => ({ spend: spend(5, usd) })),
    ablation: ablation === null ? null : { spend: spend(7, ablation), before: spend(7, ablation) },
  }) as unknown as EvolutionState;

test('rounds and ablation count in full, whoever paid for them', () => {
  expect(decidedOutlay(state([1, 2], 4))).toEqual({ trials: 17, tokens: 187, usd: 7 });
  expect(decidedOutlay(state([1, 2], null))).toEqual({ trials: 10, tokens: 110, usd: 3 });
  expect(decidedOutlay(state([null], null))).toEqual({ trials: 5, tokens: 55, usd: null });
  expect(decidedOutlay(state([], null))).toEqual({ trials: 0, tokens: 0, usd: null });
});

test('money is dollars or tokens; unknown dollars are no 0', () => {
  const outlay = { trials: 3, tokens: 40, usd: null };
  expect(amountOf(outlay, 'trials', 'usd')).toBe(3);
  expect(amountOf(outlay, 'money', 'tokens')).toBe(40);
  expect(amountOf(outlay, 'money', 'usd')).toBeNull();
});
