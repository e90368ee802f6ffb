/**
 * What the bundled suite promises about its form. That solutions pass and idleness does not is proven elsewhere, in
 * real sandboxes.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { drawSplit } from '../../src/suite/split.js';
import { loadSuite } from '../../src/suite/suite.js';
import type { Suite } from '../../src/suite/types.js';

const DIR = path.resolve('suites/terminal-basics');

let suite: Suite;
beforeAll(async () => {
  const loaded = await loadSuite(DIR);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  suite = loaded.suite;
});

const text = (task: string, file: string) => readFileSync(path.join(DIR, task, file), 'utf8');

function files(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(dir, entry.name);
    if (entry.isDirectory()) return files(file);
    return entry.isFile() ? [file] : [];
  });
}

/** The parts of a solution between empty lines, each meant for a shell of its own; the first line names the interpreter. */
const blocks = (task: string) =>
  text(task, 'solution/solve.sh')
    .split('\n')
    .slice(1)
    .join('\n')
    .split(/\n\s*\n/)
    .map((block) => block.trim())
    .filter((block) => block !== '');

/** Names of the tasks for which something is wrong; a failing test then names them. */
const offenders = (wrong: (name: string) => boolean) => suite.tasks.map((task) => task.name).filter(wrong);

test('there are at least 84 tasks in at least 14 kinds, several in each', () => {
  const kinds = new Map<string, number>();
  for (const { category } of suite.tasks) kinds.set(category, (kinds.get(category) ?? 0) + 1);
  expect(suite.tasks.length).toBeGreaterThanOrEqual(84);
  expect(kinds.size).toBeGreaterThanOrEqual(14);
  expect([...kinds].filter(([, tasks]) => tasks < 5)).toEqual([]);
  const listed = text('', 'README.md');
  expect([...kinds].filter(([kind, tasks]) => !listed.includes(`| \`${kind}\` | ${tasks} |`))).toEqual([]);
});

test('a split of 43 and 21 has every kind on both sides, and leaves 20 tasks to seal', () => {
  const drawn = drawSplit(suite, { heldIn: 43, heldOut: 21, seed: 1 });
  if (!drawn.ok) throw new Error(JSON.stringify(drawn.problems));
  const kind = new Map(suite.tasks.map((task) => [task.name, task.category]));
  const all = new Set(kind.values()).size;
  for (const side of [drawn.split.heldIn, drawn.split.heldOut]) {
    expect(new Set(side.map((name) => kind.get(name))).size).toBe(all);
  }
  expect(drawn.split.sealed).toHaveLength(20);
});

test('every task is described, bounded in time, offline, and can be built without a container engine', () => {
  for (const task of suite.tasks) {
    expect(task).toMatchObject({
      name: path.basename(task.dir),
      hasSolution: true,
      difficulty: expect.stringMatching(/^(easy|medium|hard)$/),
      agentTimeoutSeconds: expect.any(Number),
      environment: { workdir: '/app', network: 'no-network', unsupported: null },
    });
    expect(task.verifierTimeoutSeconds).toBeLessThanOrEqual(60);
    expect(text(task.name, 'task.toml')).toContain(
      `schema_version = "1.1"\n\n[task]\nname = "self-harness/${task.name}"`,
    );
  }
});

test('instructions name what counts by absolute paths and stay readable', () => {
  const unfit = ({ instruction }: { instruction: string }) => {
    const lines = instruction.trim().split('\n');
    return (
      !/(^|[\s`(])\/app\//.test(instruction) ||
      lines.length < 3 ||
      lines.length > 20 ||
      lines.some((line) => line.length > 110)
    );
  };
  expect(suite.tasks.filter(unfit).map((task) => task.name)).toEqual([]);
  expect(new Set(suite.tasks.map((task) => task.instruction)).size).toBe(suite.tasks.length);
});

test('solutions consist of three to eight blocks, each a whole program by itself that leaves the shell as it was', () => {
  expect(offenders((name) => blocks(name).length < 3 || blocks(name).length > 8)).toEqual([]);
  // Shell options, folders and exits would reach into the next block where one shell runs them all.
  const reachesOut = (block: string) =>
    /^(cd|exit|set|exec|shopt)\b/m.test(block.replace(/<<'(\w+)'[\s\S]*?^\1$/gm, ''));
  expect(offenders((name) => blocks(name).some(reachesOut))).toEqual([]);
  const broken = spawnSync(
    'bash',
    [
      '-c',
      'while IFS= read -r -d "" name && IFS= read -r -d "" block; do bash -n <<< "$block" || echo "$name"; done',
    ],
    {
      input: suite.tasks
        .flatMap((task) => blocks(task.name).map((block) => `${task.name}\0${block}\0`))
        .join(''),
    },
  );
  expect(`${broken.stdout}${broken.stderr}`).toBe('');
});

test('only bash, coreutils, grep, sed, awk, tar, gzip and git are needed, and awk only as POSIX has it', () => {
  const command =
    /(?:^|[|;&(`]|\b(?:then|do|else|exec|nohup|timeout [\d.]+)\s)\s*(?:python3?|perl|ruby|node|php|jq|make|cc|gcc|curl|wget|nc|ss|ip|iconv|gawk|bc|dc|ed|ex|vim?|xxd|hexdump|file|diff|cmp|patch|zip|unzip|xz|bzip2|rsync|ssh|sudo|apt|apt-get|pip|npm|socat|find|xargs|setsid|flock|pgrep|pkill|killall|lsof|strings)\s/m;
  const gawk =
    /\b(gensub|strftime|systime|asorti?|patsplit|PROCINFO|BEGINFILE|ENDFILE|IGNORECASE)\b|awk -i\b/;
  const scripts = (name: string) =>
    ['environment', 'tests', 'solution']
      .flatMap((folder) => files(path.join(DIR, name, folder)))
      .map((file) => readFileSync(file, 'latin1'))
      .filter((content) => content.startsWith('#!'));
  expect(
    offenders((name) => scripts(name).some((script) => command.test(script) || gawk.test(script))),
  ).toEqual([]);
  expect(command.test('x=1\n  python3 -c 1')).toBe(true);
  expect(command.test('a | jq .')).toBe(true);
});

test('environments are local files over a base image, with nothing to download or to run', () => {
  const foreign = (line: string) =>
    line !== '' && !/^(FROM [\w.:-]+|WORKDIR \/app|ENV \w+=\S+|COPY \S+\/ \/app\/\S*)$/.test(line);
  expect(offenders((name) => text(name, 'environment/Dockerfile').split('\n').some(foreign))).toEqual([]);
});

test('verifiers share one library, fail closed and are executable; expected results are not in the environment', () => {
  const libraries = new Set(suite.tasks.map((task) => text(task.name, 'tests/lib.sh')));
  expect(libraries.size).toBe(1);
  expect([...libraries][0]).toMatch(/^echo 0 > "\$REWARD"$/m);
  const unlike = (name: string) => {
    const script = text(name, 'tests/test.sh');
    return (
      !script.startsWith('#!/bin/bash\n. "${BASH_SOURCE[0]%/*}/lib.sh"\n') ||
      !script.endsWith('\nverdict\n') ||
      /reward\.txt/.test(script) ||
      !['tests/test.sh', 'solution/solve.sh'].every(
        (file) => statSync(path.join(DIR, name, file)).mode & 0o100,
      )
    );
  };
  expect(offenders(unlike)).toEqual([]);
  const leaks = (name: string) => {
    const given = new Set(
      files(path.join(DIR, name, 'environment')).map((file) => readFileSync(file, 'latin1')),
    );
    return files(path.join(DIR, name, 'tests'))
      .filter((file) => path.basename(file).startsWith('expected'))
      .some((file) => given.has(readFileSync(file, 'latin1')));
  };
  expect(offenders(leaks)).toEqual([]);
});

test('the suite is small', () => {
  const sizes = files(DIR).map((file) => [path.relative(DIR, file), statSync(file).size] as const);
  expect(sizes.reduce((total, [, size]) => total + size, 0)).toBeLessThan(6 * 1024 * 1024);
  expect(sizes.filter(([, size]) => size > 64 * 1024)).toEqual([]);
  expect(existsSync(path.join(DIR, '.gitattributes'))).toBe(true);
});
