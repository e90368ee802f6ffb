import type { EvolutionResult, EvolutionState } from './types.js';

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
