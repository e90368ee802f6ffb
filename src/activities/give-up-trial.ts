import { taskDigestOf } from '../contract/tasks.js';
import { noUsage } from '../model/price.js';
import { redact } from '../trace/redact.js';
import { TRIALS, trialKey } from '../trial/key.js';
import { InvalidTrial, keepInvalid } from '../trial/run.js';
import type { TrialResult } from '../trial/types.js';
import type { GiveUpInput, TrialReport } from '../workflows/types.js';
import type { WorkerContext } from './context.js';
import { runActivity } from './run.js';
import { noteCut, readDetails, reportOf } from './tries.js';

/**
 * Keeps a trial that no worker brought to an end as `invalid`, so that it is seen like all others; where a result was stored
 * after all, that one counts.
 */
export function createGiveUpTrial(context: WorkerContext) {
  return ({ spec, reason, details }: GiveUpInput): Promise<TrialReport> =>
    runActivity(async ({ id, run }) => {
      const { store } = context;
      const { contract, suite } = await context.contract(spec.contract);
      await noteCut(store, contract, spec, readDetails(details).cut);
      const stored = await store.getKeyed<TrialResult>(
        TRIALS,
        trialKey(spec, taskDigestOf(contract, spec.task)),
      );
      if (stored) return reportOf(store, contract, stored, run);
      const nothing = { usage: noUsage, agent: null, trace: null, verifierOutput: null };
      const error = new InvalidTrial(reason, false, { startedAt: new Date(), seconds: 0, ...nothing });
      const ports = {
        store,
        redact: <T>(value: T): T => redact(value, context.secrets(contract.model)),
      };
      const kept = await keepInvalid(ports, { spec, tryId: id, contract, suite }, error);
      return reportOf(store, contract, kept, run);
    });
}
