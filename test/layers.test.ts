/** Dependencies point one way. Each rule names what a folder may not import; a breach names file and import. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const SRC = resolve(__dirname, '../src');
const STAGES = ['mining', 'proposal', 'trial', 'validation', 'registry', 'agent'];
const ADAPTERS = ['workflows', 'activities', 'client', 'cli', 'server', 'report'];

interface Import {
  file: string;
  folder: string;
  target: string;
  typeOnly: boolean;
}

function files(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    return entry.isDirectory() ? files(path) : path.endsWith('.ts') ? [path] : [];
  });
}

/** Folder of a source file below src; '' for files directly in it. */
function folderOf(path: string): string {
  const inside = relative(SRC, path);
  return inside.includes('/') ? inside.split('/')[0]! : '';
}

function importsOf(path: string): Import[] {
  const text = readFileSync(path, 'utf8');
  const statements = text.matchAll(/^(?:import|export)\s+(type\s+)?([^;]*?)from\s+'([^']+)'/gm);
  return [...statements].map(([, typeOnly, names, specifier]) => {
    const onlyTypes =
      typeOnly !== undefined || /^\{(\s*type\s+\w+(\s+as\s+\w+)?\s*,?)+\s*\}\s*$/.test(names!);
    const target = specifier!.startsWith('.') ? folderOf(resolve(dirname(path), specifier!)) : specifier!;
    return { file: relative(SRC, path), folder: folderOf(path), target, typeOnly: onlyTypes };
  });
}

const IMPORTS = files(SRC).flatMap(importsOf);

function breaches(breach: (found: Import) => boolean): string[] {
  return IMPORTS.filter(breach).map(({ file, target }) => `${file} imports ${target}`);
}

test('the scan sees the imports', () => {
  expect(IMPORTS.length).toBeGreaterThan(200);
  expect(IMPORTS.some(({ folder, target }) => folder === 'activities' && target === 'mining')).toBe(true);
});

test('harness, suite, trace and store know nothing of any stage', () => {
  const low = ['harness', 'suite', 'trace', 'store'];
  expect(
    breaches(({ folder, target }) => low.includes(folder) && [...STAGES, ...ADAPTERS].includes(target)),
  ).toEqual([]);
});

test('the stages know nothing of Temporal or of what drives them', () => {
  expect(
    breaches(
      ({ folder, target }) =>
        [...STAGES, 'model', 'sandbox', 'contract'].includes(folder) &&
        (target.startsWith('@temporalio/') || ADAPTERS.includes(target)),
    ),
  ).toEqual([]);
});

test('workflows know types and pure functions only', () => {
  const pure = ['workflows', 'validation', '@temporalio/workflow', '@temporalio/common'];
  const allowed = [...pure, 'proposal', 'activities'];
  expect(
    breaches(
      ({ folder, target, typeOnly }) => folder === 'workflows' && !typeOnly && !allowed.includes(target),
    ),
  ).toEqual([]);
  const bundle = readFileSync(resolve(SRC, '../dist/workflow-bundle.js'), 'utf8');
  for (const banned of ['node_modules/zod', 'node_modules/openai', 'cel-js'])
    expect(bundle).not.toContain(banned);
});

test('validation is free of effects', () => {
  expect(
    breaches(
      ({ folder, target }) => folder === 'validation' && (target.startsWith('node:') || target === 'zod'),
    ),
  ).toEqual([]);
});

test('nothing imports the command line, and only its demo knows of the simulation', () => {
  expect(breaches(({ folder, target }) => folder !== 'cli' && target === 'cli')).toEqual([]);
  expect(breaches(({ folder, target }) => folder !== 'simulation' && target === 'simulation')).toEqual([]);
  const mentions = files(SRC).filter(
    (path) =>
      folderOf(path) !== 'simulation' &&
      !path.endsWith('commands/demo.ts') &&
      !path.endsWith('cli/demos.ts') &&
      /simulation\/|sim-(minimax|qwen|glm|steady|fixer)/.test(readFileSync(path, 'utf8')),
  );
  expect(mentions.map((path) => relative(SRC, path))).toEqual([]);
});

test('no source file is longer than 350 lines', () => {
  const long = files(SRC).filter((path) => readFileSync(path, 'utf8').split('\n').length > 350);
  expect(long.map((path) => relative(SRC, path))).toEqual([]);
});
