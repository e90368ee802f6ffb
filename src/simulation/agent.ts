/** A simulated model in the agent's role. */
import { chanceOf, type Dialogue } from './dialogue.js';
import { type Answer, answerFor } from './hands.js';
import { createMind, type Mind, type Move, nextMove } from './mind.js';
import { abilities, type Profile, proneness } from './profiles.js';
import type { KnownSuite } from './tasks.js';
import { explorer } from './weaknesses/explorer.js';
import type { Weakness } from './weaknesses/types.js';
import { look, solve } from './work.js';

/** Chance that an instruction to read everything first turns a trial into one of endless reading. */
const overReading = 0.4;

export type Agent = (dialogue: Dialogue) => Answer;

export function createAgent(profile: Profile, suite: KnownSuite): Agent {
  const ability = abilities(profile, suite);
  const prone = proneness(profile, suite);
  return (dialogue) => {
    const task = suite.recognise(dialogue.opening);
    if (dialogue.tools.length === 0 && dialogue.schema === null) return planInWords(dialogue);
    if (!task) return answerFor({ kind: 'finish', message: 'I do not know how to do this.' }, dialogue);
    const chance = chanceOf(dialogue);
    const capable = chance('capable') < ability.get(task.name)!;
    const mind = createMind(dialogue, task, chance, profile.compliance, capable);
    return answerFor(act(mind, dialogue, profile, prone.get(task.name)), dialogue);
  };
}

function act(mind: Mind, dialogue: Dialogue, profile: Profile, weakness: Weakness | undefined): Move {
  const shows = weakness && mind.chance('shows') < profile.activation;
  const reads =
    profile.weaknesses.length > 0 && mind.chance('reads') < overReading && mind.instructed('explore-more');
  return nextMove(function* (start) {
    if (shows) return yield* weakness.act(mind, start);
    if (reads) return yield* explorer.act(mind, start);
    yield* look();
    return yield* solve(mind);
  }, dialogue);
}

function planInWords(dialogue: Dialogue): Answer {
  const asked = dialogue.turns.at(-1)?.messages.at(-1) ?? dialogue.opening.at(-1) ?? '';
  const text = /\bplan\b/i.test(asked)
    ? 'Plan: look at what is there, do the steps one by one, look at the result, finish.'
    : 'Understood.';
  return { text, calls: [] };
}
