/** What workflows can be asked and told. All of it also works with the Temporal CLI and plain JSON. */
import {
  defineQuery,
  defineSignal,
  defineUpdate,
  getExternalWorkflowHandle,
  workflowInfo,
} from '@temporalio/workflow';
import type { AblationView } from './ablation-types.js';
import type { ControlsView } from './control-types.js';
import type { Allowance, Amount, Ceiling, EvolutionPhase, EvolutionState, RoundView } from './types.js';

export const stateQuery = defineQuery<EvolutionState>('state');
export const ablationQuery = defineQuery<AblationView>('ablation');
export const controlsQuery = defineQuery<ControlsView>('controls');
export const roundStateQuery = defineQuery<RoundView>('round');

export const pauseUpdate = defineUpdate<string, [string]>('pause');
export const resumeUpdate = defineUpdate<string>('resume');
export const stopUpdate = defineUpdate<string>('stop');
export const setBudgetUpdate = defineUpdate<
  string,
  [{ usd?: number; tokens?: number; trials?: number; hours?: number }]
>('setBudget');

/** From a workflow to its child: what that may spend in all, counted from the child's start. */
export const allowanceSignal = defineSignal<[Allowance]>('allowance');
/**
 * From a piece of work that comes to its ceiling: what it needs in all to go on. Answers with the new ceiling, or null: there is no
 * money for it.
 */
export const extendUpdate = defineUpdate<Ceiling | null, [Amount & { id: number }]>('extend');

/** From a round to its evolution: where it stands, for state, search attributes and details. */
export const phaseSignal = defineSignal<[{ round: number; phase: EvolutionPhase }]>('phase');

export async function tellPhase(round: number, phase: EvolutionPhase): Promise<void> {
  const parent = workflowInfo().parent;
  if (!parent) return;
  await getExternalWorkflowHandle(parent.workflowId)
    .signal(phaseSignal, { round, phase })
    .catch(() => {});
}
