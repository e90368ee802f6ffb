/** Trials that the infrastructure broke for good: never scored, never hidden. */
import type { Contract } from '../contract/types.js';
import type { ArtifactStore } from '../store/types.js';
import { INVALID_TRIALS, TRIALS, trialKey } from './key.js';
import type { TrialResult } from './types.js';

export interface InvalidResult {
  result: TrialResult;
  /** What it came to when it was run again later; null: it stayed invalid. */
  again: TrialResult | null;
}

/**
 * All results in an area that were made under a contract, whose purpose begins so (`mine/` for an evolution, `mine/r2/`
 * for a round). A result does not name its contract, but lies under a key that follows from it.
 */
export async function* resultsOf(
  store: ArtifactStore,
  area: typeof TRIALS | typeof INVALID_TRIALS,
  contract: { digest: string; tasks: Contract['tasks'] },
  purpose: string,
): AsyncIterable<TrialResult> {
  const digests = new Map(contract.tasks.map((task) => [task.name, task.digest]));
  for await (const key of store.listKeyed(area)) {
    const result = await store.getKeyed<TrialResult>(area, key);
    if (!result?.purpose.startsWith(purpose)) continue;
    if (trialKey({ ...result, contract: contract.digest }, digests.get(result.task) ?? '') === key)
      yield result;
  }
}

/** All invalid trials, ordered by purpose, task and attempt. */
export async function invalidTrials(
  store: ArtifactStore,
  contract: { digest: string; tasks: Contract['tasks'] },
  purpose: string,
): Promise<InvalidResult[]> {
  const found: InvalidResult[] = [];
  for await (const result of resultsOf(store, INVALID_TRIALS, contract, purpose))
    found.push({ result, again: (await store.getKeyed<TrialResult>(TRIALS, result.key)) ?? null });
  return found.sort(
    ({ result: a }, { result: b }) =>
      a.purpose.localeCompare(b.purpose) || a.task.localeCompare(b.task) || a.attempt - b.attempt,
  );
}
