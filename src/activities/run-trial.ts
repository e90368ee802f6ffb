import { runAgent } from '../agent/loop.js';
import { withRetries } from '../model/retries.js';
import { redact } from '../trace/redact.js';
import { executeTrial, InvalidTrial, keepInvalid, type TrialProgress } from '../trial/run.js';
import type { TrialResult, TrialSpec } from '../trial/types.js';
import type { TrialReport } from '../workflows/types.js';
import type { WorkerContext } from './context.js';
import { runActivity } from './run.js';

/** Times that the infrastructure may break a trial before it is kept as `invalid`. */
const BROKEN_MAX = 3;
/** How long the agent's own calls are retried inside a trial. */
const MODEL_RETRY_MS = 120_000;

/** A whole trial in one activity: sandbox, agent, verifier, result under the trial's key. */
export function createRunTrial(context: WorkerContext) {
  return (spec: TrialSpec): Promise<TrialReport> =>
    runActivity(async ({ signal, note, before }) => {
      const broken = brokenBefore(before);
      const { contract, suite, unchanged } = await context.contract(spec.contract);
      await unchanged(spec.task);
      const { kind, baseRoot } = contract.sandbox;
      const deps = {
        store: context.store,
        sandbox: await context.sandbox({ kind, allowHost: kind === 'host', baseRoot }),
        model: withRetries(context.model(contract.model), { maxElapsedMs: MODEL_RETRY_MS }),
        runAgent,
        redact: <T>(value: T): T => redact(value, context.secrets(contract.model)),
      };
      const input = {
        spec,
        contract,
        suite,
        harness: await context.harness(spec.harness),
        signal,
        onProgress: (progress: TrialProgress) => note({ ...progress, broken }),
      };
      try {
        return reportOf(await executeTrial(deps, input));
      } catch (error) {
        if (!(error instanceof InvalidTrial)) throw error;
        if (error.retryable && broken + 1 < BROKEN_MAX) {
          note({ phase: 'broken', broken: broken + 1 });
          throw error;
        }
        return reportOf(await keepInvalid(deps, input, error));
      }
    });
}

/** Attempts of the activity count workers that died or were shut down as well, which says nothing of the trial. */
function brokenBefore(details: unknown): number {
  const broken = (details as { broken?: unknown } | null | undefined)?.broken;
  return typeof broken === 'number' ? broken : 0;
}

function reportOf(result: TrialResult): TrialReport {
  return {
    outcome: result.outcome,
    ...(result.outcome === 'invalid' ? { reason: result.reason.slice(0, 300) } : {}),
    promptTokens: result.promptTokens,
    cachedTokens: result.cachedTokens,
    completionTokens: result.completionTokens,
    costUsd: result.costUsd,
    seconds: result.seconds,
  };
}
