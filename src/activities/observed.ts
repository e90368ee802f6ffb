/** What the observation left in the store: trials, traces, attributions. */
import { taskDigestOf } from '../contract/tasks.js';
import type { Contract } from '../contract/types.js';
import type { FailedTrial } from '../mining/attribute.js';
import { assertHeldIn, type HeldInTrial } from '../mining/held-in.js';
import type { ArtifactStore } from '../store/types.js';
import type { Trajectory } from '../trace/types.js';
import { storedTrial, trialKey } from '../trial/key.js';
import type { TrialResult } from '../trial/types.js';
import type { Observation } from '../workflows/types.js';

/** Area of the store with attributions, under the key of their trial. */
export const ATTRIBUTIONS = 'attributions';

/** The observed trial of a held-in task; undefined: it was never brought to an end. */
export async function observedTrial(
  store: ArtifactStore,
  contract: Contract,
  observation: Observation,
  task: string,
): Promise<HeldInTrial | undefined> {
  const result = await storedTrial(store, trialKey({ ...observation, task }, taskDigestOf(contract, task)));
  if (result) assertHeldIn(result);
  return result as HeldInTrial | undefined;
}

export async function traceOf(store: ArtifactStore, result: TrialResult): Promise<Trajectory | null> {
  return result.trace === null ? null : store.getJson<Trajectory>(result.trace);
}

/** A failed trial with its trace; null: there is no trace to read. */
export async function failedTrial(store: ArtifactStore, result: HeldInTrial): Promise<FailedTrial | null> {
  const trajectory = await traceOf(store, result);
  if (!trajectory) return null;
  const output =
    result.verifierOutput === null ? '' : (await store.get(result.verifierOutput)).toString('utf8');
  return { result, trajectory, verifierOutput: output };
}
