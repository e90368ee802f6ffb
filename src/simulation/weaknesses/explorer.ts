/** Lists and reads file after file and never gets to its deliverable, unless the harness turns it round. */
import type { Observation } from '../mind.js';
import { solve } from '../work.js';
import type { Weakness } from './types.js';

/** Looks in one answer, and until its patience ends. */
const perAnswer = 2;
const looks = 60;

const turned = ['deliver', 'stop-exploring', 'recreate'] as const;

export const explorer: Weakness = {
  name: 'explorer',
  fits: () => true,
  drawnTo: /\b(files|logs?|folder|each|every|all|report|count)\b/i,
  *act(mind, start) {
    if (mind.instructed(...turned) || mind.heard(start, ...turned)) return yield* solve(mind);
    let seen: Observation = yield {
      kind: 'run',
      commands: ['find /app -type f | head -n 60', 'ls -la /app'],
    };
    const files = filesIn(seen);
    for (let done = perAnswer; done < looks; done += perAnswer) {
      if (mind.heard(seen, ...turned)) return yield* solve(mind);
      const commands = Array.from({ length: perAnswer }, (_, i) => lookAt(files, done - perAnswer + i));
      seen = yield { kind: 'run', commands, text: 'I want to understand the data better.' };
    }
    for (;;) {
      if (mind.heard(seen, ...turned)) return yield* solve(mind);
      seen = yield {
        kind: 'say',
        text: 'I have looked at many of the files and would need more time to go through the rest.',
      };
    }
  },
};

function filesIn(seen: Observation): string[] {
  const paths = (seen.results[0]?.text ?? '').split('\n').filter((line) => line.startsWith('/'));
  return paths.length > 0 ? paths : ['/app'];
}

const aspects: ((file: string) => string)[] = [
  (file) => `head -c 300 ${file}`,
  (file) => `tail -c 200 ${file}`,
  (file) => `wc ${file}`,
  (file) => `stat -c '%n %s %A' ${file}`,
  (file) => `grep -c . ${file}`,
  (file) => `head -n 2 ${file}`,
  (file) => `ls -la ${file}`,
  (file) => `tail -n 1 ${file}`,
];

/** Each look is at something else, so no duplicate ever shows. */
function lookAt(files: string[], index: number): string {
  const aspect = Math.floor(index / files.length);
  const file = files[index % files.length]!;
  const quoted = `'${file.replaceAll("'", "'\\''")}'`;
  return aspect < aspects.length ? aspects[aspect]!(quoted) : `head -c ${400 + index} ${quoted}`;
}
