/** What an evolution will have cost at its end: what it has spent, and the trials to come at the mean cost of those so far. Pure. */
import {
  type EvolutionEstimate,
  estimateEvolution,
  mapEstimates,
  type TrialEstimate,
} from '../validation/estimate.js';
import { addSpend, NO_SPEND, tokensOf } from './spend.js';
import type { EvolutionPhase, EvolutionState, Prepared, Spend } from './types.js';

/** Totals at the end. `usd` null: no price is known. */
export interface Forecast {
  trials: TrialEstimate;
  tokens: TrialEstimate;
  usd: TrialEstimate | null;
}

/** What of an evolution's state says how far it is. */
export type Standing = Pick<
  EvolutionState,
  'prepared' | 'phase' | 'rounds' | 'calibration' | 'final' | 'controls' | 'spend'
>;

/**
 * @param underWay what the round or batch under way has spent, which is not in the state yet
 * @returns null: nothing has been spent that it could tell by
 */
export function forecastOf(state: Standing, underWay: Spend = NO_SPEND): Forecast | null {
  if (!state.prepared) return null;
  const { earlier } = state.prepared;
  const spent = [state.spend, underWay, earlier].reduce(addSpend);
  if (spent.trials === 0) return null;
  const estimate = estimateEvolution(sizesOf(state.prepared));
  const done = underWay.trials + Math.max(0, earlier.trials - takenOver(state, estimate));
  const rest = restOf(state, estimate, done);
  const total = (used: number) => mapEstimates([rest], ([trials]) => used + (used / spent.trials) * trials!);
  return {
    trials: total(spent.trials),
    tokens: total(tokensOf(spent)),
    usd: spent.usd === null ? null : total(spent.usd),
  };
}

/** Trials to come. */
function restOf(state: Standing, estimate: EvolutionEstimate, already: number): TrialEstimate {
  const { rounds, calibration, prepared, final, phase } = state;
  const last = rounds.at(-1);
  // One that stands at its cap is run again, and takes over what it has paid for.
  const again = last?.decision === 'budget-stopped' ? last : null;
  const roundsLeft = AFTER_ROUNDS.has(phase) ? 0 : prepared!.rounds - rounds.length + (again ? 1 : 0);
  const calibrating = rounds.length === 0 && calibration === null ? estimate.calibration : 0;
  const compared = state.controls !== null || ENDED.has(phase);
  const opened = (final !== null && final.sealedOpenings > 0) || ENDED.has(phase);
  const done = already + (again?.spend.trials ?? 0);
  const { round: one, final: measurement, sealed: opening, controls } = estimate;
  return mapEstimates([one, measurement, opening, controls], ([round, measured, sealed, controlled]) => {
    const open = (final === null ? measured! : 0) + (compared ? 0 : controlled!) + (opened ? 0 : sealed!);
    const inRounds = calibrating + roundsLeft * round!;
    return inRounds > 0 ? Math.max(0, inRounds - done) + open : Math.max(0, open - done);
  });
}

/** Trials of earlier runs that this one has come past. */
function takenOver({ rounds, calibration, final, spend }: Standing, estimate: EvolutionEstimate): number {
  const passed =
    rounds.reduce((sum, round) => sum + round.spend.trials, 0) +
    (calibration === null ? 0 : estimate.calibration) +
    (final === null ? 0 : estimate.final.min);
  return Math.max(0, passed - spend.trials);
}

/** No trial is to come. */
export const ENDED: ReadonlySet<EvolutionPhase> = new Set<EvolutionPhase>(['finished', 'stopped']);
const AFTER_ROUNDS = new Set<EvolutionPhase>([...ENDED, 'ablating', 'measuring', 'controlling', 'unsealing']);

function sizesOf(prepared: Prepared) {
  const { gate, seed, rounds, width, finalAttempts, calibration } = prepared;
  return {
    ...{ gate: gate.kind, settings: gate.settings, seed, rounds, width, finalAttempts },
    heldIn: prepared.heldIn.length,
    heldOut: prepared.heldOut.length,
    sealed: prepared.unseal === 'at-end' ? prepared.sealed : 0,
    calibrationAttempts: calibration?.attempts ?? 0,
    controls: prepared.controls ?? [],
  };
}
