import { NO_SPEND } from './spend.js';
import type { EvolutionResult, EvolutionState } from './types.js';

/** Of one that has only begun. @param startedAt milliseconds since the epoch */
export function newState(startedAt: number): EvolutionState {
  return {
    prepared: null,
    phase: 'preparing',
    round: 0,
    incumbent: null,
    history: null,
    rounds: [],
    spend: NO_SPEND,
    costs: {},
    paused: null,
    question: null,
    calibration: null,
    stopRequested: false,
    startedAt,
    ablation: null,
    final: null,
    controls: null,
    problems: [],
    batch: null,
  };
}

/** What an evolution came to, by its state: at its end, or while it stands at its cap. */
export function resultOf(state: EvolutionState, status: EvolutionResult['status']): EvolutionResult {
  const { name, contract, seedHarness, registry } = state.prepared!;
  const { calibration, rounds, ablation, final, controls, spend, problems } = state;
  return {
    name,
    status,
    contract,
    seedHarness,
    champion: state.incumbent!,
    registry,
    calibration,
    rounds,
    ablation,
    final,
    controls,
    spend,
    problems,
  };
}
