import { specificLiterals } from '../../src/harness/answers.js';
import { applyEdit, type EditContext } from '../../src/harness/edit.js';
import { seedHarness } from '../../src/harness/seed.js';
import type { Edit } from '../../src/harness/types.js';

const seed = seedHarness();
const note = (value: string): Edit => ({
  surface: 'memory',
  patch: [{ op: 'add', path: '/memory/notes/n', value }],
});

/** A suite of forty tasks that deliver to one place; three of them know something of their own. */
const common = 'Write the result to /app/result.txt.';
const tasks = [
  [common, '[ "$(cat /app/result.txt)" = 48213 ]'],
  [common, 'grep -q "order-20417" /app/result.txt; head -c 100000 /dev/zero; sha256sum x'],
  [common, 'cmp /srv/orders/march.csv /app/result.txt.'],
  ...Array.from({ length: 37 }, () => [common, 'grep -q ok /app/result.txt']),
];
const answers = specificLiterals(tasks);
const context: EditContext = { taskNames: [], forbiddenTexts: [], earlierDigests: [], answers };
const reason = (text: string) => {
  const result = applyEdit(seed, note(text), context);
  return result.ok ? 'accepted' : result.reason;
};

test('literals of single tasks are known, those of the suite, of systems and of programs are not', () => {
  expect([...answers].sort()).toEqual(['/srv/orders/march.csv', '48213', 'order-20417']);
});

test.each([
  ['When asked for the total, answer 48213.', '48213'],
  ['The id that is missing is Order-20417.', 'order-20417'],
  ['Read /srv/orders/march.csv first.', '/srv/orders/march.csv'],
])('an edit that hard-codes an answer is refused: %s', (text, literal) => {
  expect(reason(text)).toBe(
    `the edit hard-codes what belongs to one task (${literal}); a harness has to serve any task`,
  );
});

test.each([
  'Write /app/result.txt before you explore; stop after 100000 bytes.',
  'Numbers such as 4821 or 482130 are none of its answers, nor is order-2041.',
  'Compare with sha256sum, and look below /usr/share/doc/bash.',
])('general advice passes: %s', (text) => {
  expect(reason(text)).toBe('accepted');
});

test('what the harness held before is no news', () => {
  const before = applyEdit(seed, note('Read /srv/orders/march.csv first.'), { ...context, answers: [] });
  if (!before.ok) throw new Error(before.reason);
  const again: Edit = {
    surface: 'memory',
    patch: [{ op: 'replace', path: '/memory/notes/n', value: 'Read /srv/orders/march.csv last.' }],
  };
  expect(applyEdit(before.harness, again, context).ok).toBe(true);
});

describe('limits of the contract', () => {
  const limits = { turns: 100, toolCalls: 200, tokens: 1000, wallSeconds: 900 };
  const turns = (max: number): Edit => ({
    surface: 'runtime',
    patch: [{ op: 'replace', path: '/runtime/turns/max', value: max }],
  });
  const edited = (max: number) => applyEdit(seed, turns(max), { ...context, limits });

  test('an edit may tighten them', () => {
    expect(edited(60).ok).toBe(true);
    expect(edited(100).ok).toBe(true);
  });

  test('one that asks for more is refused', () => {
    expect(edited(101)).toEqual({
      ok: false,
      reason:
        "the edit sets runtime.turns.max to 101, above the contract's 100: a harness can only tighten it",
    });
  });
});
