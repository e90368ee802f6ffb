/** What an evolution can be asked and told. */
import { setHandler } from '@temporalio/workflow';
import { budgetProblem } from './inputs.js';
import { phaseSignal, setBudgetUpdate, stateQuery } from './messages.js';
import type { Steering } from './steering.js';
import { handleSteering } from './steering-updates.js';
import type { EvolutionPhase, EvolutionState } from './types.js';

/** @param enter told the phase that a round has come to */
export function handleMessages(
  state: EvolutionState,
  steering: Steering,
  enter: (phase: EvolutionPhase, round: number) => void,
): void {
  if (state.stopRequested) steering.stop();
  else if (state.paused !== null) steering.pause(state.paused);
  setHandler(stateQuery, () => state, { description: 'Where the evolution stands.' });
  setHandler(phaseSignal, (report) => {
    if (typeof report?.phase === 'string' && Number.isInteger(report.round))
      enter(report.phase, report.round);
  });
  handleSteering(steering, () => {
    state.stopRequested = true;
  });
  setHandler(
    setBudgetUpdate,
    (budget) => {
      Object.assign(state.prepared!.budget, budget);
      return `budget is now ${JSON.stringify(state.prepared!.budget)}; it holds from the next round on`;
    },
    {
      description: 'Sets limits on {usd, tokens, trials, hours}, counted from the start.',
      validator: (budget) => {
        if (!state.prepared) throw new Error('it is still preparing');
        const problem = budgetProblem(budget);
        if (problem) throw new Error(problem);
      },
    },
  );
}
