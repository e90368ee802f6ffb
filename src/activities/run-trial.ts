import { runAgent } from '../agent/loop.js';
import { withRetries } from '../model/retries.js';
import { redact } from '../trace/redact.js';
import { executeTrial, InvalidTrial, keepInvalid } from '../trial/run.js';
import type { TrialResult, TrialSpec } from '../trial/types.js';
import type { TrialReport } from '../workflows/types.js';
import type { WorkerContext } from './context.js';
import { runActivity } from './run.js';

/** Attempts after which what the infrastructure breaks is kept as `invalid`. */
const INVALID_ATTEMPTS = 3;
/** How long the agent's own calls are retried inside a trial. */
const MODEL_RETRY_MS = 120_000;

/** A whole trial in one activity: sandbox, agent, verifier, result under the trial's key. */
export function createRunTrial(context: WorkerContext) {
  return (spec: TrialSpec): Promise<TrialReport> =>
    runActivity(async ({ signal, attempt, note }) => {
      const { contract, suite } = await context.contract(spec.contract);
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
        onProgress: note,
      };
      try {
        return reportOf(await executeTrial(deps, input));
      } catch (error) {
        if (!(error instanceof InvalidTrial) || (error.retryable && attempt < INVALID_ATTEMPTS)) throw error;
        return reportOf(await keepInvalid(deps, input, error));
      }
    });
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
