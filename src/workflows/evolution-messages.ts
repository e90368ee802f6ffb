/** What an evolution can be asked and told. */
import { setHandler } from '@temporalio/workflow';
import { budgetProblem } from './inputs.js';
import { phaseSignal, setBudgetUpdate, stateQuery } from './messages.js';
import type { Steering } from './steering.js';
import { handleSteering } from './steering-updates.js';
import type { EvolutionPhase, EvolutionState } from './types.js';

export function handleMessages(
  state: EvolutionState,
  steering: Steering,
  told: {
    /** The phase that a round has come to. */
    onPhase: (phase: EvolutionPhase, round: number) => void;
    /** `state.prepared.budget` was changed. */
    onBudget: () => void;
  },
): void {
  if (state.stopRequested) steering.stop();
  else if (state.paused !== null) steering.pause(state.paused);
  setHandler(stateQuery, () => state, { description: 'Where the evolution stands.' });
  setHandler(phaseSignal, (report) => {
    if (typeof report?.phase === 'string' && Number.isInteger(report.round))
      told.onPhase(report.phase, report.round);
  });
  handleSteering(steering, () => {
    state.stopRequested = true;
  });
  setHandler(
    setBudgetUpdate,
    (budget) => {
      const prepared = state.prepared!;
      Object.assign(prepared.budget, budget);
      told.onBudget();
      return `budget is now ${JSON.stringify(prepared.budget)}`;
    },
    {
      description: 'Sets limits on {usd, tokens, trials, hours}, counted from the start; they hold at once.',
      validator: (budget) => {
        if (!state.prepared) throw new Error('it is still preparing');
        const problem = budgetProblem(budget, state.prepared.calls);
        if (problem) throw new Error(problem);
      },
    },
  );
}
