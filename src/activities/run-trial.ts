import { runAgent } from '../agent/loop.js';
import { taskDigestOf } from '../contract/tasks.js';
import { counted } from '../model/counted.js';
import { withRetries } from '../model/retries.js';
import { redact } from '../trace/redact.js';
import { trialKey } from '../trial/key.js';
import { executeTrial, InvalidTrial, keepInvalid, type TrialProgress } from '../trial/run.js';
import { brokenTries, usageOf } from '../trial/tries.js';
import type { TrialSpec } from '../trial/types.js';
import type { Grant, TrialReport } from '../workflows/types.js';
import type { WorkerContext } from './context.js';
import { granted, OutOfMoney } from './granted.js';
import { MODEL_RETRIES } from './model-retries.js';
import { runActivity } from './run.js';
import { noteCut, readDetails, reportOf, stoppedReport } from './tries.js';

/** Times that the infrastructure may break a trial before it is kept as `invalid`. */
const BROKEN_MAX = 3;

/** A whole trial in one activity: sandbox, agent, verifier, result under the trial's key. */
export function createRunTrial(context: WorkerContext, retries = MODEL_RETRIES) {
  return (spec: TrialSpec, grant?: Grant): Promise<TrialReport> =>
    runActivity(async ({ signal, id, run, note, before }) => {
      const { store } = context;
      const started = Date.now();
      const { contract, suite, unchanged } = await context.contract(spec.contract);
      const { broken, cut } = readDetails(before);
      await noteCut(store, contract, spec, cut);
      await unchanged(spec.task);
      const key = trialKey(spec, taskDigestOf(contract, spec.task));
      const spent = usageOf((await brokenTries(store, key)).filter((tried) => tried.id.startsWith(run)));
      const counting = counted(context.model(contract.model), spent);
      const { kind, baseRoot } = contract.sandbox;
      const deps = {
        store,
        sandbox: await context.sandbox({ kind, allowHost: kind === 'host', baseRoot }),
        // Each try of a call has to be paid for.
        model: withRetries(granted(counting, contract.model, grant), retries),
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
        return await reportOf(store, contract, await executeTrial(deps, input), run);
      } catch (error) {
        if (error instanceof OutOfMoney)
          return await stoppedReport(store, contract, key, run, (Date.now() - started) / 1000);
        if (!(error instanceof InvalidTrial)) throw error;
        if (error.retryable && broken + 1 < BROKEN_MAX) {
          note({ phase: 'broken', broken: broken + 1 });
          throw error;
        }
        return await reportOf(store, contract, await keepInvalid(deps, input, error), run);
      }
    });
}
