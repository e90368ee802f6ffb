import { buildEvidence } from '../mining/evidence.js';
import type { HeldInTrial } from '../mining/held-in.js';
import { type PassingBehaviour, passingBehaviour } from '../mining/protect.js';
import type { Attribution } from '../mining/types.js';
import { assignSlots } from '../proposal/assign.js';
import type { ClusterInput, MineReport } from '../workflows/types.js';
import type { WorkerContext } from './context.js';
import { loadHistory } from './history.js';
import { ATTRIBUTIONS, observedTrial, traceOf } from './observed.js';
import { runActivity } from './run.js';

/** Attributions of the observation to weaknesses, evidence and one assignment for each slot. */
export function createClusterFailures(context: WorkerContext) {
  return (input: ClusterInput): Promise<MineReport> =>
    runActivity(async () => {
      const { store } = context;
      const { contract } = await context.contract(input.observation.contract);
      const trials: HeldInTrial[] = [];
      const attributions: Attribution[] = [];
      const passing: PassingBehaviour[] = [];
      for (const task of input.tasks) {
        const result = await observedTrial(store, contract, input.observation, task);
        if (!result) continue;
        trials.push(result);
        if (result.outcome === 'passed') {
          const trajectory = await traceOf(store, result);
          if (trajectory) passing.push(passingBehaviour(result, trajectory));
        } else {
          const attribution = await store.getKeyed<Attribution>(ATTRIBUTIONS, result.key);
          if (attribution) attributions.push(attribution);
        }
      }
      const { attempts } = await loadHistory(store, input.history);
      const evidence = buildEvidence({
        round: input.round,
        trials,
        attributions,
        passing,
        earlier: attempts,
      });
      const { sha256 } = await store.putJson(evidence);
      return {
        evidence: sha256,
        weaknesses: evidence.weaknesses.map(({ id, support, mendable, tasks }) => ({
          id,
          support,
          mendable,
          tasks,
        })),
        // As many again, for slots that come to nothing.
        assignments: assignSlots(evidence, 2 * input.width, input.seed),
      };
    });
}
