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
 * All invalid trials under a contract whose purpose begins so (`mine/` for an evolution, `mine/r2/` for a round), ordered
 * by purpose, task and attempt.
 */
export async function invalidTrials(
  store: ArtifactStore,
  contract: { digest: string; tasks: Contract['tasks'] },
  purpose: string,
): Promise<InvalidResult[]> {
  const digests = new Map(contract.tasks.map((task) => [task.name, task.digest]));
  const found: InvalidResult[] = [];
  for await (const key of store.listKeyed(INVALID_TRIALS)) {
    const result = await store.getKeyed<TrialResult>(INVALID_TRIALS, key);
    if (!result?.purpose.startsWith(purpose)) continue;
    if (trialKey({ ...result, contract: contract.digest }, digests.get(result.task) ?? '') !== key) continue;
    found.push({ result, again: (await store.getKeyed<TrialResult>(TRIALS, key)) ?? null });
  }
  return found.sort(
    ({ result: a }, { result: b }) =>
      a.purpose.localeCompare(b.purpose) || a.task.localeCompare(b.task) || a.attempt - b.attempt,
  );
}
