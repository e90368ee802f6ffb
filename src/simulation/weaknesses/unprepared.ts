/** Three ways of insisting on what is not to be had: a program that is not there, a download without a network, calls in markup. */
import type { Behaviour, Mind, Observation } from '../mind.js';
import type { Pressure } from '../pressure.js';
import { finish, look, run, solve } from '../work.js';
import type { Weakness } from './types.js';

/** Starts with a program that it has not looked for. */
export const unprepared: Weakness = {
  name: 'unprepared',
  fits: (task) => task.doing.length > 0,
  drawnTo: /\b(table|csv|data|list|sum|count|report)\b/i,
  *act(mind, start) {
    const program = ['mlr', 'xsv', 'datamash', 'csvtk'][Math.floor(mind.chance('program') * 4)]!;
    yield* look();
    if (mind.instructed('dependencies') || mind.heard(start, 'dependencies')) {
      yield* run(`command -v ${program} || echo "${program} is not there"`, 'First: is what I need there?');
      return yield* solve(mind);
    }
    const first = mind.task.blocks[mind.task.doing[0]!]!;
    const tries = [
      `${program} --version &&\n{\n${first}\n}`,
      `${program} --help`,
      `${program} --icsv --ojson cat /app`,
    ];
    return yield* insist(mind, tries, ['dependencies'], `${program} does not work here.`);
  },
};

/** Wants a helper from the internet first, from one mirror after another. */
export const downloader: Weakness = {
  name: 'downloader',
  fits: () => true,
  drawnTo: /\b(compute|fast|limit|large|second|package|release)\b/i,
  *act(mind, start) {
    yield* look();
    if (mind.instructed('bound-outside') || mind.heard(start, 'bound-outside')) return yield* solve(mind);
    const tries = ['files', 'mirror', 'cdn', 'archive', 'dist'].map(
      (host) =>
        `curl -fsSL https://${host}.toolkits.invalid/solver.tar.gz -o /tmp/solver.tar.gz && tar -xzf /tmp/solver.tar.gz -C /tmp`,
    );
    return yield* insist(mind, tries, ['bound-outside'], 'The solver could not be downloaded.');
  },
};

/** Writes its commands inside the markup of a call, which the shell cannot read. */
export const tagger: Weakness = {
  name: 'tagger',
  fits: (task) => task.doing.length > 0,
  drawnTo: /\b(xml|html|markup|format|script|file)\b/i,
  *act(mind, start) {
    yield* look();
    if (mind.instructed('plain-content') || mind.heard(start, 'plain-content')) return yield* solve(mind);
    const block = mind.task.blocks[mind.task.doing[0]!]!;
    const tries = ['parameter name="command"', 'invoke name="shell"', 'parameter name="content"'].map(
      (tag) => `<${tag}>\n${block}\n</${tag.split(' ')[0]}>`,
    );
    return yield* insist(mind, tries, ['plain-content'], 'The commands have been sent.');
  },
};

/** One try after another; turned round, it does the task, else it gives up. */
function* insist(mind: Mind, tries: string[], pressures: Pressure[], excuse: string): Behaviour {
  for (const command of tries) {
    const seen: Observation = yield { kind: 'run', commands: [command] };
    if (mind.heard(seen, ...pressures)) return yield* solve(mind);
  }
  for (let refusals = 0; refusals < 3; refusals++) {
    const seen: Observation = yield { kind: 'finish', message: excuse };
    if (mind.heard(seen, ...pressures)) return yield* solve(mind);
  }
  return yield* finish(mind, excuse);
}
