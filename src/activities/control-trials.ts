/** Trials of control arms as the store has them, and what a whole measurement cost. */
import { taskDigestOf } from '../contract/tasks.js';
import type { Contract } from '../contract/types.js';
import type { ArtifactStore } from '../store/types.js';
import { storedTrial, trialKey } from '../trial/key.js';
import type { TrialSpec } from '../trial/types.js';
import type { ControlAttempt, Outlay } from '../validation/controls.js';
import type { GateTask } from '../validation/scores.js';
import { tokensOf } from '../workflows/spend.js';
import { reportOf } from './tries.js';

/** Trials of one harness for one purpose. */
export type TrialsOf = Pick<TrialSpec, 'contract' | 'harness' | 'purpose'>;

/** Attempts 1 to `attempts` at each task; one that is not in the store was not run, and is left out. */
export async function readAttempts(
  store: ArtifactStore,
  contract: Contract,
  of: TrialsOf,
  { tasks, attempts }: { tasks: readonly GateTask[]; attempts: number },
): Promise<ControlAttempt[]> {
  const found: ControlAttempt[] = [];
  for (const { task, split } of tasks) {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const key = trialKey({ ...of, task, attempt }, taskDigestOf(contract, task));
      const result = await storedTrial(store, key);
      if (!result) continue;
      const valid = result.outcome !== 'invalid' && result.outcome !== 'budget-stopped';
      found.push({
        ...{ task, split, attempt },
        passed: valid ? result.outcome === 'passed' : null,
        fingerprint: result.fingerprint ?? null,
        ...(await costOf(store, contract, result)),
      });
    }
  }
  return found;
}

/** Tries that broke are part of it. */
async function costOf(
  store: ArtifactStore,
  contract: Contract,
  result: Parameters<typeof reportOf>[2],
): Promise<Pick<ControlAttempt, 'tokens' | 'usd'>> {
  // Every run's id begins with the empty text: nothing is told apart by who paid.
  const report = await reportOf(store, contract, result, '');
  return { tokens: tokensOf(report), usd: report.costUsd };
}

export function addOutlay(a: Outlay, b: Outlay): Outlay {
  const usd = a.usd === null && b.usd === null ? null : (a.usd ?? 0) + (b.usd ?? 0);
  return { trials: a.trials + b.trials, tokens: a.tokens + b.tokens, usd };
}
