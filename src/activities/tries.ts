/** Tries of one trial, from one attempt of its activity to the next, and what all of them cost. */
import { taskDigestOf } from '../contract/tasks.js';
import type { Contract } from '../contract/types.js';
import { costUsd } from '../model/price.js';
import type { ArtifactStore } from '../store/types.js';
import { TRIALS, trialKey } from '../trial/key.js';
import { brokenTries, noteBrokenTry, type Try, usageOf } from '../trial/tries.js';
import type { TrialResult, TrialSpec } from '../trial/types.js';
import type { TrialReport } from '../workflows/types.js';

/** What a try says of itself in its heartbeats, for the next one. */
export interface TryDetails {
  /** Times that the infrastructure broke the trial. Workers that died or were shut down say nothing of it. */
  broken: number;
  /** The try itself, while it runs: if nothing more is heard of it, it was cut off. */
  cut: Try | null;
}

/** Of our own making, but maybe of an earlier version's. */
export function readDetails(details: unknown): TryDetails {
  const { broken, cut } = (details ?? {}) as Partial<TryDetails>;
  return { broken: typeof broken === 'number' ? broken : 0, cut: cut ?? null };
}

/** Notes a try whose worker went away before it could do so itself. */
export async function noteCut(
  store: ArtifactStore,
  contract: Contract,
  spec: TrialSpec,
  cut: Try | null,
): Promise<void> {
  if (cut === null) return;
  const key = trialKey(spec, taskDigestOf(contract, spec.task));
  const stored = await store.getKeyed<TrialResult>(TRIALS, key);
  if (stored?.tryId === cut.id) return;
  const { contract: digest, purpose } = spec;
  await noteBrokenTry(store, key, { ...cut, contract: digest, purpose, reason: 'its worker went away' });
}

/**
 * A trial counts once, however many tries it took; what all of them spent is spent, and what of it other workflow runs than
 * this one have paid, is told apart.
 */
export async function reportOf(
  store: ArtifactStore,
  contract: Contract,
  result: TrialResult,
  run: string,
): Promise<TrialReport> {
  const tries: Try[] = await brokenTries(store, result.key);
  // An invalid result is that of its last try, which is noted with the broken ones.
  if (result.outcome !== 'invalid')
    tries.push({ id: result.tryId, usage: { ...result, estimated: result.usageEstimated } });
  return {
    outcome: result.outcome,
    ...(result.outcome === 'invalid' ? { reason: result.reason.slice(0, 300) } : {}),
    ...bill(contract, tries, run, result.tryId.startsWith(run) ? 0 : 1),
    seconds: result.seconds,
  };
}

/** Its tries are noted, its result is kept nowhere: with more money it is run again, from its start. */
export async function stoppedReport(
  store: ArtifactStore,
  contract: Contract,
  key: string,
  run: string,
  seconds: number,
): Promise<TrialReport> {
  return {
    outcome: 'budget-stopped',
    ...bill(contract, await brokenTries(store, key), run, 0),
    seconds,
  };
}

function bill(contract: Contract, tries: readonly Try[], run: string, trialsBefore: 0 | 1) {
  const others = tries.filter(({ id }) => !id.startsWith(run));
  return {
    ...money(contract, tries),
    ...(others.length > 0 ? { before: { trials: trialsBefore, ...money(contract, others) } } : {}),
  };
}

function money(contract: Contract, tries: readonly Try[]) {
  const { estimated, ...tokens } = usageOf(tries);
  const usd = costUsd({ ...tokens, estimated }, contract.model.price);
  return { ...tokens, costUsd: usd, usageEstimated: estimated };
}
