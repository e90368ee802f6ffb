/** What stands beside the figures of control arms: what each row is, and what its figures rest on. */
import type { ControlRow, ControlsFigures } from '../../src/validation/controls.js';
import { controlLabel, controlNotes, outlayText } from '../../src/validation/controls-text.js';

const nothing = { rate: null, gain: null, lead: null };
const outlay = { trials: 12, tokens: 3400, usd: 1.5 };

function row(arm: ControlRow['arm'], more: Partial<ControlRow> = {}): ControlRow {
  return { arm, equal: [], attempts: 2, outlay, harness: 'h', heldIn: nothing, heldOut: nothing, ...more };
}

const notes = (more: Partial<ControlsFigures>) =>
  controlNotes({ evolving: outlay, money: 'usd', rows: [], search: null, votes: null, ...more }).join('\n');

test.each<[ControlRow, string]>([
  [row('evolved'), 'evolved harness'],
  [row('no-op'), 'no-op: the seed again'],
  [row('best-of-n, by verifier', { equal: ['trials'], attempts: 7 }), 'best of 7 by verifier, equal trials'],
  [row('best-of-n, by vote', { equal: ['money'], attempts: null }), 'best of n by vote, equal dollars'],
  [row('random-edit', { equal: ['trials', 'money'] }), 'random edits, equal trials and dollars'],
])('a row says what it is and what is held equal', (line, label) => {
  expect(controlLabel(line, 'usd')).toBe(label);
});

test('without prices tokens stand for dollars, and it says so', () => {
  expect(controlLabel(row('random-edit', { equal: ['money'] }), 'tokens')).toBe('random edits, equal tokens');
  expect(outlayText(outlay, 'tokens')).toBe('12 trials and 3400 tokens');
  expect(outlayText({ ...outlay, tokens: 1_772_704 }, 'tokens')).toBe('12 trials and 1773k tokens');
  expect(outlayText(outlay, 'usd')).toBe('12 trials and $1.50');
  expect(outlayText({ ...outlay, trials: 1, usd: null }, 'usd')).toBe('1 trial');
  expect(notes({ money: 'tokens' })).toContain('tokens stand for dollars');
  expect(notes({})).not.toContain('tokens');
});

test('a budget that bought nothing, or nobody knows what, is named', () => {
  expect(notes({ rows: [row('best-of-n, by vote', { attempts: null })] })).toContain(
    'dollars buy cannot be told',
  );
  expect(notes({ rows: [row('best-of-n, by vote', { attempts: 0 })] })).toContain('no best of n');
  const search = { rounds: 1, edits: 4, promoted: 0 };
  const idle = row('random-edit', { equal: ['money'], outlay: { trials: 0, tokens: 0, usd: 0 } });
  expect(notes({ search, rows: [idle] })).toContain('ended within equal dollars: there it is the seed');
  expect(notes({ search, rows: [row('random-edit')] })).not.toContain('there it is the seed');
});

test('votes whose files are unknown are counted', () => {
  expect(notes({ votes: { attempts: 9, unknown: 2 } })).toContain('2 of 9 attempts are unknown');
  expect(notes({ votes: { attempts: 9, unknown: 0 } })).not.toContain('unknown');
});
