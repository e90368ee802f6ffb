import fc from 'fast-check';
import { diffHarness } from '../../src/harness/diff.js';
import { harnessDigest } from '../../src/harness/digest.js';
import { applyEdit } from '../../src/harness/edit.js';
import { conflictReason, mergeEdits } from '../../src/harness/merge.js';
import type { Surface } from '../../src/harness/schema.js';
import { seedHarness } from '../../src/harness/seed.js';
import type { Edit, PatchOperation } from '../../src/harness/types.js';
import { harnessOf } from './harnesses.js';

const seed = seedHarness();
const edit = (surface: Surface, ...patch: PatchOperation[]): Edit => ({ surface, patch });
const set = (path: string, value: unknown): Edit =>
  edit(path.split('/')[1] as Surface, { op: 'add', path, value });
const rule = (when: string) => ({ on: 'start', when, do: [{ action: 'inject', message: 'm' }] });

describe('mergeEdits', () => {
  test('puts edits of different places together', () => {
    const merged = mergeEdits(seed, [
      { arm: 'a', edit: set('/rules/one', rule('turn > 1')) },
      { arm: 'b', edit: set('/rules/two', rule('turn > 2')) },
      { arm: 'c', edit: set('/tools/builtin/shell/persistEnvironment', true) },
    ]);
    expect(merged).toMatchObject({ members: ['a', 'b', 'c'], dropped: [] });
    expect(merged.digest).toBe(harnessDigest(merged.harness));
    expect(diffHarness(seed, merged.harness).map(({ path }) => path)).toEqual([
      '/tools/builtin/shell/persistEnvironment',
      '/rules/one',
      '/rules/two',
    ]);
  });

  test('drops the weaker of two that differ at one place, and says with whom', () => {
    const merged = mergeEdits(seed, [
      { arm: 'strong', edit: set('/tools/builtin/shell/timeoutSeconds', 60) },
      { arm: 'weak', edit: set('/tools/builtin/shell/timeoutSeconds', 30) },
    ]);
    expect(merged.harness.tools.builtin.shell.timeoutSeconds).toBe(60);
    expect(merged.members).toEqual(['strong']);
    expect(merged.dropped).toEqual([
      {
        arm: 'weak',
        reason: 'conflicts with strong: both change /tools/builtin/shell/timeoutSeconds, differently',
      },
    ]);
  });

  test('lets edits agree', () => {
    const merged = mergeEdits(seed, [
      { arm: 'a', edit: set('/memory/notes/n', 'x') },
      {
        arm: 'b',
        edit: edit(
          'memory',
          { op: 'add', path: '/memory/notes/n', value: 'x' },
          { op: 'remove', path: '/memory/files/agents' },
        ),
      },
      { arm: 'c', edit: edit('memory', { op: 'remove', path: '/memory/files/agents' }) },
    ]);
    expect(merged.members).toEqual(['a', 'b', 'c']);
    expect(merged.harness.memory).toEqual({ files: {}, notes: { n: 'x' } });
  });

  test('drops an edit inside of what another one removes', () => {
    const removal = { arm: 'removal', edit: edit('memory', { op: 'remove', path: '/memory/files/agents' }) };
    const inside = { arm: 'inside', edit: set('/memory/files/agents/maxBytes', 300) };
    expect(mergeEdits(seed, [removal, inside]).dropped[0]?.reason).toContain(
      'one changes /memory/files/agents, the other',
    );
    expect(mergeEdits(seed, [inside, removal]).members).toEqual(['inside']);
  });

  test('drops what is invalid alone, or only together', () => {
    const full = harnessOf({
      name: 'a',
      memory: { notes: Object.fromEntries(Array.from({ length: 63 }, (_, i) => [`n${i}`, 'x'])) },
    });
    const merged = mergeEdits(full, [
      { arm: 'a', edit: set('/memory/notes/a', 'x') },
      { arm: 'b', edit: set('/memory/notes/b', 'x') },
      { arm: 'c', edit: set('/memory/notes/c', 5) },
    ]);
    expect(merged.members).toEqual(['a']);
    expect(merged.dropped.map(({ arm }) => arm)).toEqual(['b', 'c']);
    expect(merged.dropped[0]?.reason).toContain('does not go with a: memory.notes');
  });

  test('gives the incumbent when nothing is left', () => {
    expect(mergeEdits(seed, [])).toEqual({
      harness: seed,
      digest: harnessDigest(seed),
      members: [],
      dropped: [],
    });
  });

  const edits = fc.uniqueArray(
    fc.record({
      path: fc.constantFrom(
        '/memory/notes/a',
        '/memory/notes/b',
        '/rules/r',
        '/runtime/turns/max',
        '/skills/s',
      ),
      variant: fc.integer({ min: 0, max: 1 }),
    }),
    { minLength: 2, maxLength: 5, selector: ({ path, variant }) => `${path} ${variant}` },
  );
  const value = (path: string, variant: number): unknown => {
    if (path.startsWith('/rules')) return rule(`turn > ${variant}`);
    if (path.startsWith('/skills')) return { description: `${variant}`, body: 'b' };
    return path.startsWith('/runtime') ? variant + 1 : `${variant}`;
  };

  test('does not depend on the order of edits that do not conflict', () => {
    fc.assert(
      fc.property(edits, fc.infiniteStream(fc.nat()), (chosen, random) => {
        const disjoint = chosen.filter(
          ({ path }, i) => chosen.findIndex((other) => other.path === path) === i,
        );
        const arms = disjoint.map(({ path, variant }) => ({
          arm: path,
          edit: set(path, value(path, variant)),
        }));
        const shuffled = arms
          .map((arm) => ({ arm, key: random.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ arm }) => arm);
        const merged = mergeEdits(seed, arms);
        expect(merged.dropped).toEqual([]);
        expect(mergeEdits(seed, shuffled).digest).toBe(merged.digest);
      }),
      { numRuns: 50 },
    );
  });

  test('finds conflicts symmetrically', () => {
    const changesOf = (given: Edit) => {
      const result = applyEdit(seed, given, { taskNames: [], forbiddenTexts: [], earlierDigests: [] });
      if (!result.ok) throw new Error(result.reason);
      return result.changes;
    };
    fc.assert(
      fc.property(edits, ([a, b]) => {
        const one = changesOf(set(a!.path, value(a!.path, a!.variant)));
        const other = changesOf(set(b!.path, value(b!.path, b!.variant)));
        const conflict = conflictReason(one, other) !== null;
        expect(conflictReason(other, one) !== null).toBe(conflict);
        expect(conflict).toBe(a!.path === b!.path && a!.variant !== b!.variant);
      }),
      { numRuns: 50 },
    );
  });
});
