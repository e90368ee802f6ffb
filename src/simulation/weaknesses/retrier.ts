/**
 * Writes its deliverable in a way that refuses to overwrite, repeats the failing command word for word, removes the file
 * in the way, which is the very one that was asked for, and finishes.
 */
import type { Behaviour, Mind, Observation } from '../mind.js';
import { finish, run, solve, steps } from '../work.js';
import type { Weakness } from './types.js';

const repeats = 4;

export const retrier: Weakness = {
  name: 'retrier',
  fits: (task) => task.target !== null,
  drawnTo: /\b(overwrit|exist|refus|write|result|answer)/i,
  *act(mind) {
    const { path, block } = mind.task.target!;
    yield* steps(mind, 0, block);
    yield* run(`mkdir -p "$(dirname ${path})"; : >> ${path}`, 'I reserve the output file first.');
    const command = `set -eC\n: > ${path}\n${mind.task.blocks[block]!}`;
    for (let tries = 0; tries < repeats; tries++) {
      const seen: Observation = yield { kind: 'run', commands: [command] };
      if (mind.instructed('no-repeat') || mind.heard(seen, 'no-repeat')) return yield* deliver(mind);
    }
    const seen = yield* run(`rm -f ${path}`, 'The existing file is in the way.');
    if (mind.instructed('recreate') || mind.heard(seen, 'recreate', 'deliver')) return yield* deliver(mind);
    return yield* giveUp(mind);
  },
};

function* deliver(mind: Mind): Behaviour {
  return yield* solve(mind, mind.task.target!.block);
}

function* giveUp(mind: Mind): Behaviour {
  for (let tries = 0; tries < 3; tries++) {
    const seen: Observation = yield { kind: 'finish', message: 'The file that was in the way is removed.' };
    if (mind.heard(seen, 'recreate', 'deliver')) return yield* deliver(mind);
  }
  return yield* finish(mind);
}
