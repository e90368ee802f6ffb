import fc from 'fast-check';
import { diffHarness, formatDiff } from '../../src/harness/diff.js';
import { diffLines } from '../../src/harness/line-diff.js';
import { harnesses, harnessOf } from './harnesses.js';

describe('diffHarness', () => {
  test('is empty for equal harnesses and turns around with its arguments', () => {
    fc.assert(
      fc.property(harnesses, harnesses, (a, b) => {
        expect(diffHarness(a, a)).toEqual([]);
        const turned = diffHarness(b, a).map(({ path, before, after }) => ({
          path,
          before: after,
          after: before,
        }));
        expect(turned).toEqual(diffHarness(a, b).map(({ path, before, after }) => ({ path, before, after })));
      }),
      { numRuns: 30 },
    );
  });

  test('names surface, path, before and after', () => {
    const a = harnessOf({ name: 'a', memory: { notes: { x: 'old', gone: '1' } } });
    const b = harnessOf({ name: 'a', memory: { notes: { x: 'new' } }, files: { '/a~b': { content: 'c' } } });
    expect(diffHarness(a, b)).toEqual([
      { surface: 'memory', path: '/memory/notes/gone', kind: 'removed', before: '1' },
      { surface: 'memory', path: '/memory/notes/x', kind: 'changed', before: 'old', after: 'new' },
      { surface: 'files', path: '/files/~1a~0b', kind: 'added', after: { content: 'c' } },
    ]);
    const renamed = diffHarness(a, { ...a, name: 'b' });
    expect(renamed).toEqual([
      { surface: 'document', path: '/name', kind: 'changed', before: 'a', after: 'b' },
    ]);
  });
});

describe('formatDiff', () => {
  test('reads like a diff, by surface, long texts line by line', () => {
    const a = harnessOf({ name: 'a', instructions: { s: { text: 'one\ntwo\nthree' } } });
    const b = harnessOf({
      name: 'a',
      instructions: { s: { text: 'one\n2\nthree' } },
      rules: { stop: { on: 'after-tool', when: 'toolErrors > 9', do: [{ action: 'stop' }] } },
    });
    expect(formatDiff(diffHarness(a, b))).toBe(
      [
        'instructions',
        '  /instructions/s/text',
        '      one',
        '    - two',
        '    + 2',
        '      three',
        '',
        'rules',
        '  /rules/stop (added)',
        '    + description: ""',
        '    + order: 500',
        '    + on: after-tool',
        '    + when: toolErrors > 9',
        '    + do:',
        '    +   - action: stop',
        '    +     message: ""',
        '    + limit: null',
        '    + cooldown: 0',
      ].join('\n'),
    );
  });

  test('shows what hides or reorders text, and colours only when asked', () => {
    const a = harnessOf({ name: 'a', description: 'x' });
    const changes = diffHarness(a, { ...a, description: 'a\u202eb' });
    expect(formatDiff(changes)).toContain('+ a\\u202eb');
    expect(formatDiff(changes)).not.toContain('\u001b[');
    expect(formatDiff(changes, { color: true })).toContain('\u001b[32m');
  });
});

describe('diffLines', () => {
  test('keeps both texts, and calls the same no more than is the same', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const changes = diffLines(a, b);
        expect(changes.filter(({ kind }) => kind !== 'added').map(({ line }) => line)).toEqual(a);
        expect(changes.filter(({ kind }) => kind !== 'removed').map(({ line }) => line)).toEqual(b);
      }),
    );
  });

  test('finds the longest common part', () => {
    const same = diffLines(['a', 'b', 'c', 'd'], ['b', 'x', 'd', 'a']).filter(({ kind }) => kind === 'same');
    expect(same.map(({ line }) => line)).toEqual(['b', 'd']);
  });

  test('stays cheap on texts of thousands of different lines', () => {
    const many = (prefix: string) => Array.from({ length: 8000 }, (_, i) => `${prefix}${i}`);
    expect(diffLines(['head', ...many('a')], ['head', ...many('b')])).toHaveLength(16_001);
  });
});
