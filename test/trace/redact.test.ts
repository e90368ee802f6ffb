import fc from 'fast-check';
import { redact } from '../../src/trace/redact.js';

const key = 'sk-test/+key=42';

test('at any depth, in keys too, leaving the rest alone', () => {
  const value = { a: [`Bearer ${key}`, 1, null], [`x-${key}`]: { b: true } };
  expect(redact(value, [key])).toEqual({ a: ['Bearer [redacted]', 1, null], 'x-[redacted]': { b: true } });
  expect(value.a[0]).toContain(key);
});
test('the longer of two secrets goes first', () => {
  expect(redact('abcdef abc', ['abc', 'abcdef'])).toBe('[redacted] [redacted]');
});
test('blank secrets are no secrets', () => {
  expect(redact('a b', ['', ' '])).toBe('a b');
});
test('URL-encoded and inside JSON', () => {
  expect(redact(`?k=${encodeURIComponent(key)}&x`, [key])).toBe('?k=[redacted]&x');
  expect(redact(JSON.stringify({ k: 'pass"word\n1' }), ['pass"word\n1'])).toBe('{"k":"[redacted]"}');
});
test('inside base64 at any position', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), (before, after) => {
      const encoded = Buffer.from(before + key + after).toString('base64');
      expect(redact(encoded, [key])).toContain('[redacted]');
    }),
  );
});
