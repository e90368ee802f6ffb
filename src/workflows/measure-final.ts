import { INCUMBENT } from '../validation/types.js';
import type { Batches } from './batches.js';
import {
  CHAMPION,
  changedMeasurement,
  finalPurpose,
  finalRequests,
  sameMeasurement,
} from './final-measurement.js';
import { addProblems } from './problems.js';
import { staysSealed } from './sealed.js';
import { showRates } from './searchable.js';
import type { EvolutionState } from './types.js';

/**
 * Seed and champion on fresh attempts, paired: figures that no decision was made on, into the evolution's state. false: it ended
 * early, and then keeps no figures: those of the tasks that came first are not those of all.
 */
export async function measureFinal(state: EvolutionState, batches: Batches): Promise<boolean> {
  const prepared = state.prepared!;
  const changed = state.incumbent !== prepared.seedHarness;
  const harnesses = new Map([[INCUMBENT, prepared.seedHarness]]);
  if (changed) harnesses.set(CHAMPION, state.incumbent!);
  const { scores, problems, complete } = await batches.run({
    stage: 'final',
    childId: 'final',
    purpose: finalPurpose(prepared.name),
    requests: finalRequests(prepared, [...harnesses.keys()]),
    harnesses,
  });
  state.problems = addProblems(state.problems, problems);
  if (!complete) return false;
  const figures = changed ? changedMeasurement(scores) : sameMeasurement(scores);
  state.final = { ...figures, ...staysSealed(prepared) };
  showRates(prepared, figures.heldInAfter, figures.heldOutAfter);
  return true;
}
