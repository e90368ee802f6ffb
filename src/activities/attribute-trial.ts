import { attribute } from '../mining/attribute.js';
import type { Attribution } from '../mining/types.js';
import { trialSeed } from '../trial/key.js';
import { NO_SPEND } from '../workflows/spend.js';
import type { AttributeReport, Grant, Observation } from '../workflows/types.js';
import type { WorkerContext } from './context.js';
import { costsOf, payerOf } from './costs.js';
import { granted, OutOfMoney } from './granted.js';
import { metered } from './metered.js';
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
      const costs = costsOf(store, ATTRIBUTIONS, result.key, run);
      if (await store.getKeyed<Attribution>(ATTRIBUTIONS, result.key)) return costs.bill();
      const failed = await failedTrial(store, result);
      if (!failed) return { spend: NO_SPEND };
      const config = contract.proposer ?? contract.model;
      const meter = metered(context.model(config), config.price, run);
      try {
        const attribution = await attribute(failed, {
          model: granted(meter, config, grant),
          seed: trialSeed(result.key),
          throwRetryable: run.attempt < READING_ATTEMPTS,
          signal: run.signal,
        });
        await costs.keep(meter.spend('miner'), payerOf(input));
        await store.putKeyed(ATTRIBUTIONS, result.key, attribution);
        return { spend: meter.spend('miner') };
      } catch (error) {
        if (error instanceof OutOfMoney) return { spend: meter.spend('miner'), stopped: true };
        throw error;
      }
    });
}
