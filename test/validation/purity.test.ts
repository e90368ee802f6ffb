/** The gates run inside a workflow: nothing but arithmetic may be reachable from them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '..', '..', 'src', 'validation');
const FILES = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));

test.each(FILES)('$name imports nothing from outside but types', ({ text }) => {
  const imports = [...text.matchAll(/^import\s+(type\s)?[^;]*?from\s+'([^']+)';/gm)];
  for (const [, type, from] of imports)
    expect([type?.trim(), from]).toEqual([
      type?.trim(),
      type ? from : expect.stringMatching(/^\.\/[a-z0-9-]+\.js$/),
    ]);
  expect(text.match(/\bimport\(|\brequire\(/)).toBeNull();
});

test.each(FILES)('$name knows no clock, no chance of its own, no environment', ({ text }) => {
  expect(text.match(/\bDate\b|Math\.random|performance\.|process\.|setTimeout|crypto|console\./)).toBeNull();
});

test('no code of a workflow is led to the simulation', () => {
  const importers = (files: typeof FILES, module: string) =>
    files
      .filter(({ text }) => new RegExp(`^import (?!type)[^;]*/${module}\\.js';`, 'm').test(text))
      .map(({ name }) => name);
  const workflows = join(FOLDER, '..', 'workflows');
  const deciding = readdirSync(workflows).map((name) => ({
    name,
    text: readFileSync(join(workflows, name), 'utf8'),
  }));
  // What plays rounds, by itself or through another, is for activities, commands and benches.
  const playing = new Set(['simulate.ts']);
  for (const name of playing)
    for (const importer of importers(FILES, name.replace('.ts', ''))) playing.add(importer);
  expect([...playing]).toEqual(expect.arrayContaining(['power.ts', 'assess.ts']));
  expect([...playing]).not.toContain('gate.ts');
  for (const name of playing) expect(importers(deciding, name.replace('.ts', ''))).toEqual([]);
});
