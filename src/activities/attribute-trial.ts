import { attribute } from '../mining/attribute.js';
import type { Attribution } from '../mining/types.js';
import { withRetries } from '../model/retries.js';
import { trialSeed } from '../trial/key.js';
import { NO_SPEND } from '../workflows/spend.js';
import type { AttributeReport, Grant, Observation } from '../workflows/types.js';
import type { WorkerContext } from './context.js';
import { isLost, keptBill, paidCall, payerOf } from './costs.js';
import { granted, OutOfMoney } from './granted.js';
import { MODEL_RETRIES } from './model-retries.js';
import { ATTRIBUTIONS, failedTrial, observedTrial } from './observed.js';
import { runActivity } from './run.js';

/** Attempts after which the detectors decide without the model's reading. */
const READING_ATTEMPTS = 4;

/** Explains one failed held-in trial; kept under the trial's key, so that it is paid for once. */
export function createAttributeTrial(context: WorkerContext) {
  return (input: Observation & { task: string }, grant?: Grant): Promise<AttributeReport> =>
    runActivity(async (run) => {
      const { store } = context;
      const { contract } = await context.contract(input.contract);
      const result = await observedTrial(store, contract, input, input.task);
      if (!result) return { spend: NO_SPEND };
      const config = contract.proposer ?? contract.model;
      const asked = {
        area: ATTRIBUTIONS,
        key: result.key,
        role: 'miner' as const,
        payer: payerOf(input),
        config,
      };
      if (await store.getKeyed<Attribution>(ATTRIBUTIONS, result.key)) return keptBill(store, asked, run);
      const failed = await failedTrial(store, result);
      if (!failed) return { spend: NO_SPEND };
      const call = await paidCall(store, asked, context.model(config), run);
      try {
        const attribution = await call.spend(() =>
          attribute(failed, {
            model: withRetries(granted(call, config, grant), MODEL_RETRIES),
            seed: trialSeed(result.key),
            throwRetryable: run.attempt < READING_ATTEMPTS,
            signal: run.signal,
          }),
        );
        await call.keep();
        await store.putKeyed(ATTRIBUTIONS, result.key, attribution);
        return call.bill();
      } catch (error) {
        if (error instanceof OutOfMoney) return { ...call.bill(), stopped: true };
        if (isLost(error)) return call.bill();
        throw error;
      }
    });
}
