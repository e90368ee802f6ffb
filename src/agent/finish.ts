/** Ending a run at the model's wish: the rules on `before-finish` may hold it back. */
import type { TrajectoryStep } from '../trace/types.js';
import { applyRules, type Ending, type Episode, note, noteRules } from './episode.js';

/** Times that finishing can be refused in a run. After that the model is let go: no rule keeps it for ever. */
export const MAX_FINISH_REFUSALS = 10;

export type FinishAttempt =
  | { ending: Ending; refusal: null; messages: [] }
  /** The run goes on; `refusal` is what the model is told, `messages` what rules have to show besides. */
  | { ending: null; refusal: string; messages: string[] };

export async function tryFinish(
  episode: Episode,
  step: TrajectoryStep,
  stopReason: 'finished' | 'answered',
  finalText: string,
): Promise<FinishAttempt> {
  const effects = await applyRules(episode, 'before-finish');
  noteRules(step, effects);
  if (effects.stopped) {
    const ending: Ending = { stopReason: 'rule-stop', finalText: effects.stopped.message };
    return { ending, refusal: null, messages: [] };
  }
  const refused = effects.refused !== null && episode.state.finishRefusals < MAX_FINISH_REFUSALS;
  if (!refused) return { ending: { stopReason, finalText }, refusal: null, messages: [] };
  note(episode, { type: 'finish-refused' });
  return { ending: null, refusal: effects.refused as string, messages: effects.messages };
}
