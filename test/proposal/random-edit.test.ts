/** Edits by chance: valid whatever the harness, one surface each, the same for the same seed, and of every kind. */
import fc from 'fast-check';
import { diffHarness } from '../../src/harness/diff.js';
import { applyEdit } from '../../src/harness/edit.js';
import { type Harness, SURFACES } from '../../src/harness/schema.js';
import { seedHarness } from '../../src/harness/seed.js';
import { movesOf } from '../../src/proposal/mutations.js';
import { drawEdit } from '../../src/proposal/random-edit.js';
import { seededRandom } from '../../src/validation/random.js';
import { harnesses, harnessOf } from '../harness/harnesses.js';

const context = { taskNames: [], forbiddenTexts: [], earlierDigests: [] as string[] };
const draw = (harness: Harness, seed: string, more = {}) =>
  drawEdit(harness, { ...context, ...more }, seededRandom(seed));
const draws = (harness: Harness, count: number, more = {}) =>
  Array.from({ length: count }, (_, i) => draw(harness, `draw ${i}`, more)!);

test('whatever the harness, an edit is one that a proposer could have made: accepted anew, on one surface, with the harness it says', () => {
  fc.assert(
    fc.property(harnesses, fc.nat(), (harness, seed) => {
      const drawn = draw(harness, String(seed))!;
      const again = applyEdit(harness, drawn.edit, context);
      expect(again).toMatchObject({ ok: true, digest: drawn.digest });
      const surfaces = new Set(diffHarness(harness, drawn.harness).map(({ surface }) => surface));
      expect([...surfaces]).toEqual([drawn.edit.surface]);
    }),
    { numRuns: 60, seed: 5 },
  );
});

test('the same seed draws the same edit, and the harness it is drawn for stays as it was', () => {
  fc.assert(
    fc.property(harnesses, fc.nat(), (harness, seed) => {
      const before = structuredClone(harness);
      expect(draw(harness, String(seed))).toEqual(draw(harness, String(seed)));
      expect(harness).toEqual(before);
    }),
    { numRuns: 30, seed: 6 },
  );
});

test('every single mutation of any harness keeps numbers within their bounds and changes no other surface', () => {
  fc.assert(
    fc.property(harnesses, fc.nat(), (harness, seed) => {
      const random = seededRandom(seed);
      for (const [surface, moves] of movesOf(harness))
        for (const move of moves) {
          const mutation = move(random);
          if (mutation === null) continue;
          for (const { path } of mutation.patch) expect(path.split('/')[1]).toBe(surface);
          const applied = applyEdit(harness, { surface, patch: mutation.patch }, context);
          if (!applied.ok)
            expect(applied.reason).not.toMatch(/expected .*(number|integer|at least|at most \d)/);
        }
    }),
    { numRuns: 6, seed: 7 },
  );
});

const rich = harnessOf({
  name: 'rich',
  instructions: { a: { order: 10, text: 'One.' }, b: { order: 20, text: 'Two.' } },
  files: { '/etc/a': { content: 'x' }, '/etc/b': { content: 'y' } },
  rules: {
    loop: {
      on: 'before-model',
      when: 'turn > 3',
      limit: 5,
      do: [
        { action: 'inject', message: 'First.' },
        { action: 'stop', message: 'Last.' },
      ],
    },
  },
  orchestration: { checks: { tests: { match: 'npm test' } } },
  subagents: { helper: { description: 'Helps.', instructions: 'Help.' } },
});

test('over many seeds every surface is edited, in every way that the schema knows', () => {
  const drawn = draws(rich, 600);
  expect(new Set(drawn.map(({ edit }) => edit.surface))).toEqual(new Set(SURFACES));
  const ways = new Set(drawn.map(({ summary }) => summary.split(' /')[0]));
  for (const way of [
    'scale by 0.25',
    'scale by 0.5',
    'scale by 2',
    'scale by 4',
    'set',
    'unset',
    'switch',
    'append a sentence to',
    'drop',
    'double into',
    'add',
    'swap',
    'drop an item of',
    'swap items of',
    'double an item of',
  ])
    expect(ways).toContain(way);
});

test('code is never given a sentence', () => {
  for (const { edit, summary } of draws(rich, 100))
    if (summary.startsWith('append')) expect(edit.patch[0]!.path).not.toMatch(/\/(when|match|command|path)$/);
});

test('what a proposer may not do chance may not either: no limit above the contract, no harness that was tried', () => {
  const limits = { turns: 7, toolCalls: 7, tokens: 7, wallSeconds: 7 };
  const seed = seedHarness();
  for (const { harness } of draws(seed, 150, { limits }))
    for (const resource of ['turns', 'toolCalls', 'tokens', 'wallSeconds'] as const)
      expect(harness.runtime[resource].max ?? 0).toBeLessThanOrEqual(7);
  const first = draw(seed, 'one')!;
  const second = draw(seed, 'one', { earlierDigests: [first.digest] })!;
  expect(second.digest).not.toBe(first.digest);
});

test('where nothing valid can be found there is no edit', () => {
  const stuck = () => 0;
  const only = drawEdit(rich, context, stuck)!;
  expect(drawEdit(rich, { ...context, earlierDigests: [only.digest] }, stuck)).toBeNull();
});
