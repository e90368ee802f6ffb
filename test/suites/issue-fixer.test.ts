/**
 * What the suite of issues and pull requests promises: its form, that the tasks are what their generator writes, and that half of
 * a solution earns nothing. That whole solutions pass and idleness does not is proven with the other bundled suites.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSandboxProvider } from '../../src/sandbox/index.js';
import type { SandboxProvider } from '../../src/sandbox/types.js';
import { drawSplit } from '../../src/suite/split.js';
import { loadSuite } from '../../src/suite/suite.js';
import type { Suite } from '../../src/suite/types.js';
import { verify } from '../../src/trial/verify.js';

const DIR = path.resolve('suites/issue-fixer');

let suite: Suite;
let scratch: string;
beforeAll(async () => {
  const loaded = await loadSuite(DIR);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  suite = loaded.suite;
  scratch = mkdtempSync(path.join(tmpdir(), 'issue-fixer-test-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const text = (task: string, file: string) => readFileSync(path.join(DIR, task, file), 'utf8');

/** Every file below a folder by its path, with its mode and content. */
function files(dir: string): Map<string, string> {
  const entries = readdirSync(dir, { withFileTypes: true, recursive: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    entries
      .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
      .map((file) => [
        path.relative(dir, file),
        `${statSync(file).mode & 0o100}\n${readFileSync(file, 'utf8')}`,
      ]),
  );
}

const blocks = (task: string) =>
  text(task, 'solution/solve.sh')
    .replace(/^#!.*\n/, '')
    .split(/\n\s*\n/)
    .map((block) => block.trim());

test('two styles of documentation, six kinds of projects in each, two tasks of each', () => {
  const kinds = new Map<string, number>();
  for (const { category } of suite.tasks) kinds.set(category, (kinds.get(category) ?? 0) + 1);
  expect(suite.tasks.length).toBeGreaterThanOrEqual(24);
  expect([...kinds.keys()].filter((kind) => kind.startsWith('prose-'))).toHaveLength(6);
  expect([...kinds.keys()].filter((kind) => kind.startsWith('indexed-'))).toHaveLength(6);
  expect([...kinds.values()].every((tasks) => tasks >= 2)).toBe(true);
  const drawn = drawSplit(suite, { heldIn: 14, heldOut: 10, seed: 1 });
  if (!drawn.ok) throw new Error(JSON.stringify(drawn.problems));
  const style = new Map(suite.tasks.map((task) => [task.name, task.category.split('-')[0]]));
  for (const side of [drawn.split.heldIn, drawn.split.heldOut])
    expect(new Set(side.map((name) => style.get(name)))).toEqual(new Set(['prose', 'indexed']));
});

test('no two tasks ask for the same patch, branch or record', () => {
  const patches = suite.tasks.map(
    ({ name }) => /<<'PATCH'\n([\s\S]*?)\nPATCH/.exec(text(name, 'solution/solve.sh'))![1],
  );
  expect(new Set(patches).size).toBe(suite.tasks.length);
  expect(new Set(suite.tasks.map((task) => task.instruction)).size).toBe(suite.tasks.length);
  const asked = suite.tasks.map(({ name }) => /^branch .*$/m.exec(text(name, 'tests/test.sh'))![0]);
  expect(new Set(asked).size).toBe(suite.tasks.length);
  const records = new Set(
    suite.tasks.map(({ name }) => /^record (\w+)/m.exec(text(name, 'tests/test.sh'))![1]),
  );
  expect(records).toEqual(new Set(['file', 'queue', 'tag', 'note', 'ref']));
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
    const lines = task.instruction.trim().split('\n');
    expect(lines.length).toBeLessThanOrEqual(20);
    expect(lines.filter((line) => line.length > 110)).toEqual([]);
  }
});

test('what the rules ask for stands in the documentation of the style, and there only', () => {
  for (const { name, category } of suite.tasks) {
    const setup = path.join(DIR, name, 'environment/setup');
    const contributing = readFileSync(
      path.join(setup, category.startsWith('prose') ? '2' : '3', 'tree/CONTRIBUTING.md'),
      'utf8',
    );
    expect(/^## Branches$/m.test(contributing)).toBe(category.startsWith('prose'));
    expect(contributing.includes('docs/index.yaml')).toBe(category.startsWith('indexed'));
    const [, branch] = /^branch '(.*)'$/m.exec(text(name, 'tests/test.sh'))!;
    const given = [...files(path.join(DIR, name, 'environment')).values(), text(name, 'instruction.md')];
    expect(given.filter((content) => content.includes(branch!))).toEqual([]);
  }
});

test('the tasks are what the generator writes, as three of its projects show', () => {
  const projects = ['rota', 'csvcut', 'wrapit'];
  execFileSync('node', [path.join(DIR, 'generator/generate.mjs'), scratch, ...projects]);
  const names = suite.tasks.map(({ name }) => name).filter((name) => projects.includes(name.split('-')[0]!));
  expect(readdirSync(scratch).sort()).toEqual(names);
  for (const name of names) expect(files(path.join(scratch, name))).toEqual(files(path.join(DIR, name)));
});

describe('half of a solution earns nothing', () => {
  let provider: SandboxProvider;
  let stateDir: string;
  afterAll(() => rmSync(stateDir, { recursive: true, force: true }));
  beforeAll(async () => {
    stateDir = mkdtempSync(path.join(tmpdir(), 'issue-fixer-state-'));
    provider = await createSandboxProvider({ kind: 'auto', allowHost: false, baseRoot: null, stateDir });
  });

  /** Reward and findings after these commands, each in a shell of its own. */
  async function after(name: string, commands: string[]) {
    const task = suite.tasks.find((one) => one.name === name)!;
    const sandbox = await provider.create({
      id: `issue-fixer-${process.pid}-${Math.random().toString(36).slice(2, 8)}`,
      environment: task.environment,
      contextDir: path.join(task.dir, 'environment'),
      limits: { memoryMb: 512, processes: 128, storageMb: 128 },
    });
    try {
      for (const command of commands) await sandbox.exec(command, { timeoutSeconds: 60, outputBytes: 4000 });
      const verified = await verify(sandbox, task);
      return { reward: verified.ok ? verified.reward : null, output: verified.output };
    } finally {
      await sandbox.destroy();
    }
  }
  const without = (name: string, part: RegExp) => blocks(name).filter((block) => !part.test(block));
  const altered = (name: string, from: RegExp, to: string) =>
    blocks(name).map((block) => block.replace(from, to));

  /** One task of each kind of request; what each lacks, and the words of the verifier that say so. */
  const cases: [string, () => string[], RegExp][] = [
    [
      'verso-ten-before-nine',
      () => without('verso-ten-before-nine', /\/tmp\/requests/),
      /record \(queue\) does not exist/,
    ],
    [
      'inikit-comment-sign-in-quotes',
      () => without('inikit-comment-sign-in-quotes', /git -C \S+ tag /),
      /record \(tag\) does not exist/,
    ],
    [
      'mdtoc-fenced-headings',
      () =>
        altered(
          'mdtoc-fenced-headings',
          /^\+ {2}if \(mark != "".*$/m,
          '+  if (mark == "never") { fence = mark; next }',
        ),
      /FAIL: blocks of code/,
    ],
    [
      'splitbill-lost-cents',
      () => altered('splitbill-lost-cents', /Pablo Ruiz/, 'Oda Lind'),
      /trailer .* is missing or wrong/,
    ],
    [
      'kassa-amounts-in-parentheses',
      () => altered('kassa-amounts-in-parentheses', /^git -C \S+ push .*$/m, ':'),
      /does not exist on the server/,
    ],
  ];
  test.each(cases)('%s', async (name, commands, words) => {
    const { reward, output } = await after(name, commands());
    expect({ reward, output }).toEqual({ reward: 0, output: expect.stringMatching(words) });
  });
});
