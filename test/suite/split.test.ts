import path from 'node:path';
import fc from 'fast-check';
import { formatProblem } from '../../src/suite/problem.js';
import { drawSplit, drawTasks, loadSplit, type SplitSizes } from '../../src/suite/split.js';
import type { SplitPlan, Suite } from '../../src/suite/types.js';
import { fakeSuite, fakeTask, removeTemporaryFolders, temporaryFolder, writeFiles } from './fixtures.js';

afterEach(removeTemporaryFolders);

function drawn(suite: Suite, sizes: SplitSizes): SplitPlan {
  const result = drawSplit(suite, sizes);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.split;
}

/** Category sizes, and sizes of a split that fit. */
const scenario = fc
  .array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 })
  .chain((categories) => {
    const total = categories.reduce((a, b) => a + b, 0);
    return fc.record({
      categories: fc.constant(categories),
      heldIn: fc.integer({ min: 0, max: total }),
      seed: fc.nat(),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
  })
  .map(({ categories, heldIn, seed, share }) => {
    const tasks = categories.flatMap((size, c) =>
      Array.from({ length: size }, (_, i) => fakeTask(`t-${c}-${i}`, `category-${c}`)),
    );
    const heldOut = Math.floor((tasks.length - heldIn) * share);
    const sealed = Math.floor((tasks.length - heldIn - heldOut) * share);
    return { suite: fakeSuite(tasks), sizes: { heldIn, heldOut, sealed, seed } };
  });

test('a drawn split has exactly its sizes, covers the suite and overlaps nowhere', () => {
  fc.assert(
    fc.property(scenario, ({ suite, sizes }) => {
      const split = drawn(suite, sizes);
      expect(split.heldIn).toHaveLength(sizes.heldIn);
      expect(split.heldOut).toHaveLength(sizes.heldOut);
      expect(split.sealed).toHaveLength(sizes.sealed);
      const all = [...split.heldIn, ...split.heldOut, ...split.sealed, ...split.reserve].sort();
      expect(all).toEqual(suite.tasks.map(({ name }) => name).sort());
    }),
  );
});

test('every category has its share of heldIn, to less than one task, and of heldOut as near as that allows', () => {
  fc.assert(
    fc.property(scenario, ({ suite, sizes }) => {
      const split = drawn(suite, sizes);
      const of = (names: string[], category: string) =>
        suite.tasks.filter((task) => task.category === category && names.includes(task.name)).length;
      for (const category of new Set(suite.tasks.map((task) => task.category))) {
        const size = suite.tasks.filter((task) => task.category === category).length;
        const heldIn = (sizes.heldIn * size) / suite.tasks.length;
        expect(Math.abs(of(split.heldIn, category) - heldIn)).toBeLessThan(1);
        const left = size - of(split.heldIn, category);
        const heldOut = (sizes.heldOut * left) / Math.max(1, suite.tasks.length - sizes.heldIn);
        expect(Math.abs(of(split.heldOut, category) - heldOut)).toBeLessThan(1);
      }
    }),
  );
});

test('the seed decides, the order of the tasks does not', () => {
  fc.assert(
    fc.property(scenario, ({ suite, sizes }) => {
      const shuffled = fakeSuite([...suite.tasks].reverse());
      expect(drawn(shuffled, sizes)).toEqual(drawn(suite, sizes));
    }),
  );
  const suite = fakeSuite(Array.from({ length: 40 }, (_, i) => fakeTask(`t${i}`)));
  const splits = [1, 2, 3, 4].map((seed) => drawn(suite, { heldIn: 20, heldOut: 10, seed }).heldIn.join());
  expect(new Set(splits).size).toBe(4);
});

test('sealed is up to 20 of what is left over unless its size is said, and changes neither of the others', () => {
  const suite = fakeSuite(Array.from({ length: 40 }, (_, i) => fakeTask(`t${i}`, `category-${i % 3}`)));
  const sizes = { heldIn: 10, heldOut: 5, seed: 1 };
  const byDefault = drawn(suite, sizes);
  expect([byDefault.sealed.length, byDefault.reserve.length]).toEqual([20, 5]);
  expect(drawn(suite, { ...sizes, heldIn: 30 }).sealed).toHaveLength(5);
  const reserving = drawn(suite, { ...sizes, heldOut: 12, reserved: 12 });
  expect([reserving.sealed.length, reserving.reserve.length]).toEqual([6, 12]);
  expect(drawn(suite, { ...sizes, reserved: 26 }).sealed).toEqual([]);
  expect(drawn(suite, { ...sizes, sealed: 25, reserved: 5 }).sealed).toHaveLength(25);
  const none = drawn(suite, { ...sizes, sealed: 0 });
  expect(none).toMatchObject({ heldIn: byDefault.heldIn, heldOut: byDefault.heldOut, sealed: [] });
  const more = drawSplit(suite, { ...sizes, sealed: 26 });
  expect(more.ok ? '' : formatProblem(more.problems[0]!)).toContain(
    'expected at least 41 (heldIn 10 + heldOut 5 + sealed 26)',
  );
});

test('as many tasks are drawn as are asked for, by seed and in proportion to their categories', () => {
  const tasks = Array.from({ length: 30 }, (_, i) => fakeTask(`t${i}`, `category-${i % 3}`));
  const some = drawTasks(tasks, 9, 1);
  expect(new Set(some).size).toBe(9);
  expect(tasks.filter(({ name, category }) => some.includes(name) && category === 'category-0')).toHaveLength(
    3,
  );
  expect(drawTasks([...tasks].reverse(), 9, 1)).toEqual(some);
  expect(drawTasks(tasks, 9, 2)).not.toEqual(some);
});

test('too few tasks: an error with the numbers', () => {
  const result = drawSplit(fakeSuite([fakeTask('a'), fakeTask('b')]), { heldIn: 2, heldOut: 3, seed: 1 });
  expect(result.ok ? '' : formatProblem(result.problems[0]!)).toContain(
    'found 2 tasks, expected at least 5 (heldIn 2 + heldOut 3)',
  );
});

describe('a split from a file', () => {
  const suite = fakeSuite(['a', 'b', 'c', 'd'].map((name) => fakeTask(name)));
  const load = async (text: string, name = 'split.yaml') =>
    loadSplit(path.join(await writeFiles(await temporaryFolder(), { [name]: text }), name), suite);
  const fields = async (text: string) => {
    const result = await load(text);
    return result.ok ? [] : result.problems.map(({ field, found }) => `${field}: ${found}`);
  };

  test('YAML and JSON; what is left over is the reserve unless it is named', async () => {
    const expected = { ok: true, split: { heldIn: ['c', 'a'], heldOut: ['b'], sealed: [], reserve: ['d'] } };
    expect(await load('heldIn: [c, a]\nheldOut:\n  - b\n')).toEqual(expected);
    expect(await load('{"heldIn": ["c", "a"], "heldOut": ["b"]}', 'split.json')).toEqual(expected);
    expect(await load('heldIn: [a]\nheldOut: [b]\nreserve: []\n')).toMatchObject({ split: { reserve: [] } });
    expect(await load('heldIn: [a]\nheldOut: [b]\nsealed: [d]\n')).toMatchObject({
      split: { sealed: ['d'], reserve: ['c'] },
    });
  });

  test('quarantined tasks are refused by name, with the reason, and are not left over', async () => {
    const file = path.join(
      await writeFiles(await temporaryFolder(), { 's.yaml': 'heldIn: [a]\nheldOut: [b, c]\n' }),
      's.yaml',
    );
    const refused = await loadSplit(file, suite, { c: 'its service hangs' });
    expect(refused.ok ? '' : formatProblem(refused.problems[0]!)).toBe(
      `${file}: heldOut.1: found "c", which is quarantined: its service hangs, expected tasks that are not quarantined`,
    );
    expect(await loadSplit(file, suite, { d: 'flaky' })).toMatchObject({ split: { reserve: [] } });
  });

  test('unknown names, overlaps and duplicates are refused by name', async () => {
    expect(await fields('heldIn: [a, a, x]\nheldOut: [a, b]\nsealed: [b]\nreserve: [b]\n')).toEqual([
      'heldIn.1: "a", which is heldIn.0 already',
      'heldIn.2: "x"',
      'heldOut.0: "a", which is heldIn.1 already',
      'sealed.0: "b", which is heldOut.1 already',
      'reserve.0: "b", which is sealed.0 already',
    ]);
  });

  test('wrong shapes name their field', async () => {
    expect(await fields('heldIn: [a]\n')).toEqual([expect.stringMatching(/^heldOut: /)]);
    expect(await fields('heldIn: []\nheldOut: [a]\n')).toEqual([expect.stringMatching(/^heldIn: /)]);
    expect(await fields('heldIn: [a]\nheldOut: [1]\n')).toEqual([expect.stringMatching(/^heldOut\.0: 1/)]);
    expect(await fields('heldIn: [a]\nheldOut: [b]\nheldin: [c]\n')).toEqual([
      expect.stringContaining('heldin'),
    ]);
    expect(await fields('heldIn: [a\n')).toEqual([expect.stringMatching(/^line \d/)]);
    expect(await fields('')).toHaveLength(1);
  });

  test('a file that is not there', async () => {
    expect(await loadSplit('/no/such/split.yaml', suite)).toMatchObject({
      ok: false,
      problems: [{ file: '/no/such/split.yaml', found: 'no such file' }],
    });
  });
});
