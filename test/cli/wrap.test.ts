import { cut, wrapLine } from '../../src/cli/wrap.js';

test('a long line breaks at blanks and goes on further in, whatever its colours', () => {
  const lines = wrapLine('  r1-p1 \x1b[32mpromoted\x1b[39m because it held up on evidence', 24);
  expect(lines).toEqual([
    '  r1-p1 \x1b[32mpromoted\x1b[39m because',
    '      it held up on',
    '      evidence',
  ]);
});

test('a coloured line keeps its margin', () => {
  expect(wrapLine('\x1b[32m  + one two\x1b[39m', 9)).toEqual(['\x1b[32m  + one', '      two\x1b[39m']);
});

test('a line that fits, and a word that never will, stay whole', () => {
  expect(wrapLine('  as it is', 10)).toEqual(['  as it is']);
  expect(wrapLine('http://127.0.0.1:8233/namespaces', 10)).toEqual(['http://127.0.0.1:8233/namespaces']);
});

test('a line of the live block never takes a second row', () => {
  expect(cut('first\nsecond', 40)).toBe('first second');
  expect(cut('0123456789', 8)).toBe('0123456…');
});
