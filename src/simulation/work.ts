/** The ordinary course of work that all simulated models share: look, do the steps, finish. */
import type { Behaviour, Mind, Observation, Stretch } from './mind.js';

/** A first look around. */
export function* look(): Stretch<Observation> {
  return yield { kind: 'run', commands: ['ls -la'], text: 'Let me look at the working directory.' };
}

/** One command; a call that was not run is put once more in other words, then left. */
export function* run(command: string, text?: string): Stretch<Observation> {
  const seen: Observation = yield { kind: 'run', commands: [command], ...(text ? { text } : {}) };
  if (!notRun(seen)) return seen;
  return yield { kind: 'run', commands: [`${command}\n# once more`] };
}

export function notRun(seen: Observation): boolean {
  return seen.speech.some((speech) => speech.channel === 'blocked');
}

/** Steps of the solution from `from` up to `to` (not included). */
export function* steps(mind: Mind, from = 0, to = mind.task.blocks.length): Stretch {
  for (const block of plan(mind).slice(from, to)) if (block !== null) yield* run(block);
}

/** The whole task as well as the model can, then the end. */
export function* solve(mind: Mind, from = 0): Behaviour {
  yield* steps(mind, from);
  return yield* finish(mind);
}

/** Finishes, and goes on doing so: whoever gets here has nothing left to do. */
export function* finish(mind: Mind, message = 'The task is done.'): Behaviour {
  for (let tries = 0; ; tries++) {
    yield { kind: 'finish', message };
    if (tries % 2 === 0)
      yield { kind: 'run', commands: [`ls -la ${mind.task.target?.path ?? '.'} # ${tries}`] };
  }
}

/**
 * The steps that this model takes this time. One that is not up to the task writes something else than what was asked
 * for, or leaves its last two steps out: after one of them alone a task may be done all the same. No word of a harness changes that.
 */
function plan(mind: Mind): (string | null)[] {
  const { blocks, doing, target } = mind.task;
  if (mind.capable) return blocks;
  const wrong = target?.block ?? doing.at(-2) ?? doing.at(-1) ?? 0;
  const guess = target ? `printf 'unknown\\n' > ${target.path}` : null;
  return blocks.map((block, i) => (i < wrong ? block : i === wrong ? guess : null));
}
