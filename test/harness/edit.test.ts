import fc from 'fast-check';
import { harnessDigest } from '../../src/harness/digest.js';
import { applyEdit, type EditContext, type EditResult } from '../../src/harness/edit.js';
import type { Surface } from '../../src/harness/schema.js';
import { seedHarness } from '../../src/harness/seed.js';
import type { Edit, PatchOperation } from '../../src/harness/types.js';
import { harnesses, harnessOf } from './harnesses.js';

const free: EditContext = { taskNames: [], forbiddenTexts: [], earlierDigests: [] };
const seed = seedHarness();
const edit = (surface: Surface, ...patch: PatchOperation[]): Edit => ({ surface, patch });
const reason = (result: EditResult): string => (result.ok ? 'accepted' : result.reason);
const note = (value: string) => edit('memory', { op: 'add', path: '/memory/notes/n', value });

describe('applyEdit', () => {
  test('gives the edited harness, its digest and what changed', () => {
    const result = applyEdit(
      seed,
      edit('rules', {
        op: 'add',
        path: '/rules/breaker',
        value: {
          on: 'before-model',
          when: 'toolCalls >= 50',
          do: [{ action: 'inject', message: 'Deliver.' }],
        },
      }),
      free,
    );
    if (!result.ok) throw new Error(result.reason);
    expect(result.harness.rules.breaker).toMatchObject({ order: 500, limit: null, cooldown: 0 });
    expect(result.digest).toBe(harnessDigest(result.harness));
    expect(result.changes.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['added /rules/breaker']);
    expect(seed.rules).toEqual({});
  });

  test('refuses what stands there already under another name, however it is described', () => {
    const value = { on: 'start', when: 'true', do: [{ action: 'inject', message: 'Take your time.' }] };
    const first = applyEdit(seed, edit('rules', { op: 'add', path: '/rules/a', value }), free);
    if (!first.ok) throw new Error(first.reason);
    const again = (change: object) =>
      reason(
        applyEdit(
          first.harness,
          edit('rules', { op: 'add', path: '/rules/b', value: { ...value, ...change } }),
          free,
        ),
      );
    expect(again({})).toContain('only repeats a, which is there already');
    expect(again({ description: 'another', order: 7 })).toContain('only repeats a');
    expect(again({ on: 'after-tool' })).toBe('accepted');
  });

  test('follows the escapes of JSON Pointer', () => {
    const result = applyEdit(
      seed,
      edit('files', { op: 'add', path: '/files/~1etc~1a~0b', value: { content: 'x' } }),
      free,
    );
    expect(result.ok && Object.keys(result.harness.files)).toEqual(['/etc/a~b']);
  });

  test('changes all or nothing, and never the harness it was given', () => {
    const operation = fc.oneof(
      fc.record({
        op: fc.constantFrom('add', 'replace', 'test' as const),
        path: fc.constantFrom(
          '/memory/notes/a',
          '/memory/notes/b',
          '/memory/files/agents/maxBytes',
          '/memory/x',
          '/memory',
        ),
        value: fc.constantFrom<unknown>('text', 5000, null, {}),
      }),
      fc.record({
        op: fc.constant('remove' as const),
        path: fc.constantFrom('/memory/notes/a', '/memory/files/agents'),
      }),
    );
    fc.assert(
      fc.property(harnesses, fc.array(operation, { minLength: 1, maxLength: 4 }), (harness, patch) => {
        const before = harnessDigest(harness);
        const result = applyEdit(harness, edit('memory', ...(patch as PatchOperation[])), free);
        expect(harnessDigest(harness)).toBe(before);
        if (result.ok) expect(result.changes.every(({ surface }) => surface === 'memory')).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('names exactly the paths that a patch touched', () => {
    const notes = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.stringMatching(/^[a-z ]{1,20}$/), {
      minKeys: 1,
      maxKeys: 5,
    });
    fc.assert(
      fc.property(notes, (added) => {
        const patch = Object.entries(added).map(([name, value]) => ({
          op: 'add' as const,
          path: `/memory/notes/${name}`,
          value,
        }));
        const result = applyEdit(seed, edit('memory', ...patch), free);
        expect(result.ok && result.changes.map(({ path }) => path)).toEqual(
          patch.map(({ path }) => path).sort(),
        );
      }),
    );
  });

  test.each<[string, unknown, string]>([
    [
      'another surface',
      edit('rules', { op: 'add', path: '/memory/notes/n', value: 'x' }),
      'outside of the surface rules',
    ],
    [
      'a surface by its beginning',
      edit('rules', { op: 'add', path: '/rulesx', value: {} }),
      'outside of the surface rules',
    ],
    ['the name', edit('rules', { op: 'replace', path: '/name', value: 'x' }), 'outside of the surface rules'],
    [
      'the whole document',
      edit('rules', { op: 'replace', path: '', value: {} }),
      'outside of the surface rules',
    ],
    [
      'a prototype by path',
      edit('rules', { op: 'add', path: '/rules/__proto__/x', value: 1 }),
      'which is reserved',
    ],
    [
      'a prototype by value',
      JSON.parse(
        '{"surface":"rules","patch":[{"op":"add","path":"/rules/x","value":{"__proto__":{"on":"start"}}}]}',
      ),
      'a name that is not reserved',
    ],
    [
      'a constructor',
      edit('rules', { op: 'add', path: '/rules/constructor', value: {} }),
      'which is reserved',
    ],
    ['no pointer', edit('rules', { op: 'add', path: 'rules/x', value: {} }), 'not a JSON Pointer'],
    ['a broken escape', edit('rules', { op: 'add', path: '/rules/~2', value: {} }), 'not a JSON Pointer'],
    ['what is not there', edit('rules', { op: 'remove', path: '/rules/x' }), 'cannot be applied'],
    [
      'a failed test',
      edit('memory', { op: 'test', path: '/memory/notes', value: { a: 'b' } }),
      'cannot be applied',
    ],
    [
      'an invalid value',
      edit('runtime', { op: 'replace', path: '/runtime/turns/max', value: -1 }),
      'runtime.turns.max: found -1, expected more than 0',
    ],
    [
      'an unknown field',
      edit('tools', { op: 'add', path: '/tools/builtin/shell/sudo', value: true }),
      'expected one of enabled, description',
    ],
    [
      'a rule that does not compile',
      edit('rules', {
        op: 'add',
        path: '/rules/x',
        value: { on: 'start', when: 'turns > 1', do: [{ action: 'stop' }] },
      }),
      'Unknown variable: turns (known: event, turn,',
    ],
    [
      'no change',
      edit('runtime', { op: 'replace', path: '/runtime/turns/max', value: null }),
      'changes nothing',
    ],
    ['no operation', edit('rules'), 'edit: patch: found [], expected at least 1 entries'],
    [
      'too many operations',
      edit(
        'memory',
        ...Array.from({ length: 17 }, (_, i) => ({
          op: 'add' as const,
          path: `/memory/notes/n${i}`,
          value: 'x',
        })),
      ),
      'at most 16 entries',
    ],
    [
      'too large a patch',
      edit('files', { op: 'add', path: '/files/~1a', value: { content: 'x'.repeat(17_000) } }),
      'at most 16384 are allowed',
    ],
    [
      'an unknown surface',
      { surface: 'prompts', patch: [{ op: 'remove', path: '/prompts' }] },
      'edit: surface: found "prompts", expected one of "instructions"',
    ],
    [
      'an unknown operation',
      { surface: 'rules', patch: [{ op: 'move', path: '/rules/a', from: '/rules/b' }] },
      'edit: patch[0].op',
    ],
    [
      'a further field',
      { surface: 'rules', patch: [{ op: 'remove', path: '/rules/a' }], why: 'x' },
      'edit: why: found an unknown field, expected one of surface, patch',
    ],
    [
      'what is nested without end',
      JSON.parse(`{"surface":"rules","patch":${'['.repeat(1000)}${']'.repeat(1000)}}`),
      'nested too deeply',
    ],
    ['nothing', null, 'edit: (document): found null'],
  ])('refuses %s', (_, broken, expected) => {
    expect(reason(applyEdit(seed, broken as Edit, free))).toContain(expected);
    expect(({} as Record<string, unknown>).on).toBeUndefined();
  });

  test('refuses what leads to a harness that was tried already, by whatever way', () => {
    const first = applyEdit(seed, note('x'), free);
    if (!first.ok) throw new Error(first.reason);
    const again = edit('memory', { op: 'add', path: '/memory/notes', value: { n: 'x' } });
    expect(reason(applyEdit(seed, again, { ...free, earlierDigests: [first.digest] }))).toContain(
      'tried already',
    );
    expect(applyEdit(seed, note('y'), { ...free, earlierDigests: [first.digest] }).ok).toBe(true);
  });

  test('accepts any change to an edited harness as it does to the seed', () => {
    const grown = harnessOf({ name: 'a', memory: { notes: { n: 'x' } } });
    expect(reason(applyEdit(grown, edit('memory', { op: 'remove', path: '/memory/notes/n' }), free))).toBe(
      'accepted',
    );
  });
});

describe('an edit may not carry the suite', () => {
  const naming = { ...free, taskNames: ['merge-three-logs', 'log2csv', 'script', 'mailman', 'sort'] };

  test.each([
    'In merge-three-logs use sort -m.',
    'See MERGE_THREE_LOGS.',
    'for log2csv: read twice',
    'Start mailman first.',
  ])('by naming a task: %s', (text) => {
    expect(reason(applyEdit(seed, note(text), naming))).toContain('names a task of the suite');
  });

  test.each([
    'Write a script and sort its output.',
    'merge three logs when there are three',
    'emerge-three-logs-now',
    'mailmanager',
  ])('but words that only look like one pass: %s', (text) => {
    expect(reason(applyEdit(seed, note(text), naming))).toBe('accepted');
  });

  test('by the name of a rule, or of a skill', () => {
    const named = edit('skills', {
      op: 'add',
      path: '/skills/merge-three-logs',
      value: { description: 'd', body: 'b' },
    });
    expect(reason(applyEdit(seed, named, naming))).toContain('names a task');
  });

  const verifier = `#!/bin/bash\nset -e\nexpected="$(sort -u /app/in/*.log | awk '{ print $1, $3 }' | head -n 20)"\n[ "$expected" = "$(cat /app/out.txt)" ] && echo 1 > /logs/verifier/reward.txt`;
  const quoting = { ...free, forbiddenTexts: ['Count the words.', verifier] };

  test('by quoting a verifier, also with other spacing, case and quotes', () => {
    const stolen = `First Expected=$(SORT -u  '/app/in/*.log' |  awk "{ print $1, $3 }" | head -n 20); [ $expected = $(cat /app/out.txt) ]`;
    expect(reason(applyEdit(seed, note(stolen), quoting))).toContain('quotes the text of a task');
  });

  test('but what is shared by chance, or was there before, passes', () => {
    expect(reason(applyEdit(seed, note('Use sort -u on the log files and cat the output.'), quoting))).toBe(
      'accepted',
    );
    const old = harnessOf({ name: 'a', memory: { notes: { n: `${verifier}` } } });
    const same = edit('memory', {
      op: 'replace',
      path: '/memory/notes/n',
      value: `${verifier}\nBe careful.`,
    });
    expect(reason(applyEdit(old, same, quoting))).toBe('accepted');
  });

  test('wherever the quoted run begins', () => {
    const source = Array.from({ length: 40 }, (_, i) => `word${(i * 7919) % 1000}`).join(' ');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: source.length - 64 }), (start) => {
        const taken = `abc ${source.slice(start, start + 64)} xyz`;
        expect(reason(applyEdit(seed, note(taken), { ...free, forbiddenTexts: [source] }))).toContain(
          'quotes',
        );
      }),
      { numRuns: 50 },
    );
  });
});
