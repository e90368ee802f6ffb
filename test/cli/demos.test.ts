/** What the demos name is there: suites, harnesses, models, folders of the examples. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { EXAMPLES, MODELS, PLAIN } from '../../src/cli/demos.js';
import { evolutionSchema } from '../../src/contract/config.js';
import { parseHarness } from '../../src/harness/parse.js';
import { profiles } from '../../src/simulation/profiles.js';
import { loadSuite } from '../../src/suite/suite.js';

const ROOT = resolve(__dirname, '../..');

test('every simulated model can be chosen, and is one', () => {
  expect([...MODELS].sort()).toEqual(profiles.map(({ name }) => name).sort());
});

test.each([['demo', PLAIN] as const, ...Object.entries(EXAMPLES)])('%s', async (_name, demo) => {
  const suite = await loadSuite(demo.suite);
  expect(suite.ok && suite.suite.tasks.length).toBeGreaterThanOrEqual(demo.split.heldIn + demo.split.heldOut);
  expect(MODELS).toContain(demo.model);
  if (demo.harness === 'seed') return;
  expect(parseHarness(readFileSync(demo.harness, 'utf8'), demo.harness)).toMatchObject({ ok: true });
});

test('demos have names and state folders of their own; examples are told in their folders', () => {
  const demos = [PLAIN, ...Object.values(EXAMPLES)];
  expect(new Set(demos.map(({ name }) => name)).size).toBe(demos.length);
  expect(new Set(demos.map(({ state }) => state)).size).toBe(demos.length);
  for (const [name, demo] of Object.entries(EXAMPLES)) {
    const folder = join(ROOT, 'examples', name);
    expect(existsSync(join(folder, 'README.md'))).toBe(true);
    const config = evolutionSchema.parse(parse(readFileSync(join(folder, 'evolution.yaml'), 'utf8')));
    expect(config).toMatchObject({ suite: demo.suite, split: { ...demo.split, sealed: 0 } });
    expect(join(folder, config.harness)).toBe(demo.harness);
  }
});
