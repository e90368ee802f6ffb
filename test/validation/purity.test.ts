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
  // What plays rounds is for activities, commands and benches: no gate and no workflow may use it in turn.
  const playing = importers(FILES, 'simulate');
  expect(playing).toContain('power.ts');
  for (const name of ['simulate.ts', ...playing]) {
    const module = name.replace('.ts', '');
    expect(importers(deciding, module)).toEqual([]);
    expect(importers(FILES, module).filter((importer) => !playing.includes(importer))).toEqual([]);
  }
});
