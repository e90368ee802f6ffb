/**
 * How a simulated model acts in a trial. Its behaviour is a generator that yields moves and is given what came of each.
 * The server keeps nothing between requests: with every request the generator is run again from the start over the
 * conversation, and what it yields at its end is the answer.
 */
import type { CallResult, Dialogue, Speech } from './dialogue.js';
import { type Pressure, pressuresIn } from './pressure.js';
import type { KnownTask } from './tasks.js';

export type Move =
  /** Shell commands, all in one answer. */
  | { kind: 'run'; commands: string[]; text?: string }
  | { kind: 'finish'; message: string }
  /** Words without a call. */
  | { kind: 'say'; text: string };

export interface Observation {
  results: CallResult[];
  speech: Speech[];
}

export type Behaviour = Generator<Move, never, Observation>;
/** A stretch of behaviour that comes to an end, for others to go on from. */
export type Stretch<T = void> = Generator<Move, T, Observation>;

/** How likely words in each channel change what the model does. */
export interface Compliance {
  /** A standing instruction in the prompt. */
  instruction: number;
  /** A message at the moment. */
  injected: number;
  /** A call that was not run, with the reason. */
  blocked: number;
  /** A finish that was not accepted, with the reason. */
  refused: number;
}

export interface Mind {
  task: KnownTask;
  /** Same words, same number, through the whole conversation. */
  chance(...words: (string | number)[]): number;
  /** Whether the model is up to the task this time. */
  capable: boolean;
  /** Whether a standing instruction moves it; drawn once. */
  instructed(...pressures: Pressure[]): boolean;
  /** Whether what was said since the last move moves it. */
  heard(seen: Observation, ...pressures: Pressure[]): boolean;
}

export function createMind(
  dialogue: Dialogue,
  task: KnownTask,
  chance: Mind['chance'],
  compliance: Compliance,
  capable: boolean,
): Mind {
  const standing = [dialogue.system, ...dialogue.tools.map((tool) => tool.description)];
  let spoken = 0;
  return {
    task,
    chance,
    capable,
    instructed: (...pressures) =>
      pressures.some(
        (pressure) =>
          standing.some((text) => pressuresIn(text, true).has(pressure)) &&
          chance('instruction', pressure) < compliance.instruction,
      ),
    heard: (seen, ...pressures) =>
      seen.speech.some(({ channel, text }) => {
        const meant = pressuresIn(text, false);
        spoken++;
        return (
          pressures.some((pressure) => meant.has(pressure)) && chance(channel, spoken) < compliance[channel]
        );
      }),
  };
}

/** The move that follows the conversation so far. */
export function nextMove(behaviour: (start: Observation) => Behaviour, dialogue: Dialogue): Move {
  const start: Observation = {
    results: [],
    speech: dialogue.opening.slice(1).map((text) => ({ channel: 'injected', text })),
  };
  const walk = behaviour(start);
  let move = walk.next().value as Move;
  let carried: Speech[] = [];
  for (const turn of dialogue.turns) {
    // Words that were asked for in between, such as a plan, are no move of the behaviour.
    if (turn.calls === 0 && move.kind !== 'say') {
      carried.push(...turn.messages.map((text): Speech => ({ channel: 'injected', text })));
      continue;
    }
    const seen = observe(move, turn.results, turn.messages);
    move = walk.next({ results: seen.results, speech: [...carried, ...seen.speech] }).value as Move;
    carried = [];
  }
  return move;
}

function observe(move: Move, results: CallResult[], messages: string[]): Observation {
  if (move.kind === 'run') {
    const speech: Speech[] = [];
    for (const result of results) if (isBlock(result)) speech.push({ channel: 'blocked', text: result.text });
    for (const text of messages) speech.push({ channel: 'injected', text });
    return { results, speech };
  }
  const refusals = [...results.map((result) => result.text), ...messages];
  return { results, speech: refusals.map((text) => ({ channel: 'refused', text })) };
}

/** A result without a status that asks for something is the harness's word in place of the command's. */
function isBlock(result: CallResult): boolean {
  return result.exitCode === null && /[a-z]{3}/i.test(result.text);
}

export const failed = (seen: Observation): boolean => seen.results.some((result) => result.exitCode !== 0);
