/** Sets up its shell in one call (PATH, a variable) and relies on it in the next ones. */
import type { Behaviour, Mind, Observation, Stretch } from '../mind.js';
import { failed } from '../mind.js';
import { finish, look, run, solve } from '../work.js';
import type { Weakness } from './types.js';

/** Times that it sets up its shell anew, each time in a call of its own. */
const attempts = 3;

interface Setup {
  command: string;
  /** How the runner is called afterwards. */
  runner: string;
}

const prepare = [
  'mkdir -p /tmp/tools',
  'printf \'#!/bin/bash\\nf=$(mktemp); cat > "$f"; bash "$f" < /dev/null\\n\' > /tmp/tools/step',
  'chmod +x /tmp/tools/step',
].join('\n');
const setups: Setup[] = [
  { command: 'export PATH=/tmp/tools:$PATH', runner: 'step' },
  { command: 'export TOOLS=/tmp/tools', runner: '"$TOOLS/step"' },
];

export const forgetter: Weakness = {
  name: 'forgetter',
  fits: () => true,
  drawnTo: /\b(PATH|environment|install|launch|program|tool|command|script)\b/i,
  *act(mind, start) {
    const setup = setups[mind.chance('setup') < 0.6 ? 0 : 1]!;
    const careful = mind.instructed('environment') || mind.heard(start, 'environment');
    yield* look();
    yield* run(prepare, 'I put a small runner for my steps into place.');
    if (careful) return yield* carefully(mind, setup, 0);
    for (let attempt = 0; attempt < attempts; attempt++) {
      let seen: Observation = yield* run(setup.command);
      if (mind.heard(seen, 'environment')) return yield* carefully(mind, setup, 0);
      seen = yield* step(mind, setup.runner, 0);
      if (mind.heard(seen, 'environment')) return yield* carefully(mind, setup, 0);
      if (!lost(seen)) return yield* rest(mind, setup.runner);
    }
    return yield* giveUp(mind, setup);
  },
};

/** The runner is there: go on with the steps after the first, through it. */
function* rest(mind: Mind, runner: string): Behaviour {
  if (!mind.capable) return yield* solve(mind, 1);
  for (let i = 1; i < mind.task.blocks.length; i++) yield* step(mind, runner, i);
  return yield* finish(mind);
}

/** Everything in each call. */
function* carefully(mind: Mind, setup: Setup, from: number): Behaviour {
  if (!mind.capable) return yield* solve(mind, from);
  for (let i = from; i < mind.task.blocks.length; i++)
    yield* step(mind, `${setup.command}\n${setup.runner}`, i);
  return yield* finish(mind);
}

function* step(mind: Mind, runner: string, index: number): Stretch<Observation> {
  return yield* run(`${runner} <<'END_OF_STEP'\n${mind.task.blocks[index]!}\nEND_OF_STEP`);
}

function* giveUp(mind: Mind, setup: Setup): Behaviour {
  for (let tries = 0; tries < 3; tries++) {
    const seen: Observation = yield { kind: 'finish', message: 'My runner cannot be reached from here.' };
    if (mind.heard(seen, 'environment')) return yield* carefully(mind, setup, 0);
  }
  return yield* finish(mind);
}

function lost(seen: Observation): boolean {
  return failed(seen) && /\bstep\b[^\n]{0,40}(not found|No such file)/i.test(seen.results.at(-1)?.text ?? '');
}
