import { runAgent } from '../agent/loop.js';
import { taskDigestOf } from '../contract/tasks.js';
import type { Contract } from '../contract/types.js';
import { addUsage, costUsd, noUsage } from '../model/price.js';
import { type RetryOptions, withRetries } from '../model/retries.js';
import type { ArtifactStore } from '../store/types.js';
import { redact } from '../trace/redact.js';
import { TRIALS, trialKey } from '../trial/key.js';
import { executeTrial, InvalidTrial, keepInvalid, type TrialProgress } from '../trial/run.js';
import { brokenTries, noteBrokenTry, type Try, usageOf } from '../trial/tries.js';
import type { TrialResult, TrialSpec } from '../trial/types.js';
import type { TrialReport } from '../workflows/types.js';
import type { WorkerContext } from './context.js';
import { runActivity } from './run.js';

/** Times that the infrastructure may break a trial before it is kept as `invalid`. */
const BROKEN_MAX = 3;
/** How long the agent's own calls are retried inside a trial. */
const MODEL_RETRIES: RetryOptions = { maxElapsedMs: 120_000 };

/** A whole trial in one activity: sandbox, agent, verifier, result under the trial's key. */
export function createRunTrial(context: WorkerContext, retries = MODEL_RETRIES) {
  return (spec: TrialSpec): Promise<TrialReport> =>
    runActivity(async ({ signal, id, note, before }) => {
      const { store } = context;
      const { contract, suite, unchanged } = await context.contract(spec.contract);
      const { broken, cut } = readDetails(before);
      await noteCut(store, contract, spec, cut);
      await unchanged(spec.task);
      const { kind, baseRoot } = contract.sandbox;
      const deps = {
        store,
        sandbox: await context.sandbox({ kind, allowHost: kind === 'host', baseRoot }),
        model: withRetries(context.model(contract.model), retries),
        runAgent,
        redact: <T>(value: T): T => redact(value, context.secrets(contract.model)),
      };
      const input = {
        spec,
        tryId: id,
        contract,
        suite,
        harness: await context.harness(spec.harness),
        signal,
        onProgress: ({ usage, ...progress }: TrialProgress) =>
          note({ ...progress, broken, cut: { id, usage } }),
      };
      try {
        return await reportOf(store, contract, await executeTrial(deps, input));
      } catch (error) {
        if (!(error instanceof InvalidTrial)) throw error;
        if (error.retryable && broken + 1 < BROKEN_MAX) {
          note({ phase: 'broken', broken: broken + 1 });
          throw error;
        }
        return await reportOf(store, contract, await keepInvalid(deps, input, error));
      }
    });
}

/** What a try says of itself in its heartbeats, for the next one. */
interface Details {
  /** Times that the infrastructure broke the trial. Workers that died or were shut down say nothing of it. */
  broken: number;
  /** The try itself, while it runs: if nothing more is heard of it, it was cut off. */
  cut: Try | null;
}

/** Of our own making, but maybe of an earlier version's. */
function readDetails(before: unknown): Details {
  const { broken, cut } = (before ?? {}) as Partial<Details>;
  return { broken: typeof broken === 'number' ? broken : 0, cut: cut ?? null };
}

/** Notes a try whose worker went away before it could do so itself. */
async function noteCut(
  store: ArtifactStore,
  contract: Contract,
  spec: TrialSpec,
  cut: Try | null,
): Promise<void> {
  if (cut === null) return;
  const key = trialKey(spec, taskDigestOf(contract, spec.task));
  const stored = await store.getKeyed<TrialResult>(TRIALS, key);
  if (stored?.tryId === cut.id) return;
  await noteBrokenTry(store, key, { ...cut, reason: 'its worker went away' });
}

/** A trial counts once, however many tries it took; what all of them spent is spent. */
export async function reportOf(
  store: ArtifactStore,
  contract: Contract,
  result: TrialResult,
): Promise<TrialReport> {
  // An invalid result is that of its last try, which is noted with the broken ones.
  const own = result.outcome === 'invalid' ? noUsage : { ...result, estimated: result.usageEstimated };
  const usage = addUsage(own, usageOf(await brokenTries(store, result.key)));
  return {
    outcome: result.outcome,
    ...(result.outcome === 'invalid' ? { reason: result.reason.slice(0, 300) } : {}),
    promptTokens: usage.promptTokens,
    cachedTokens: usage.cachedTokens,
    completionTokens: usage.completionTokens,
    costUsd: costUsd(usage, contract.model.price),
    seconds: result.seconds,
  };
}
