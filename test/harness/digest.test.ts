import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalJson, digestOf, harnessDigest } from '../../src/harness/digest.js';
import { formatHarness } from '../../src/harness/format.js';
import { parseHarness } from '../../src/harness/parse.js';
import { harnesses, harnessInputs, harnessOf, valid } from './harnesses.js';

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, reversed(inner)]),
  );
}

describe('digest', () => {
  test('is the SHA-256 of RFC 8785 canonical JSON', () => {
    expect(canonicalJson({ b: 1e21, a: [1.0, '\u20ac\n', null] })).toBe(
      '{"a":[1,"\u20ac\\n",null],"b":1e+21}',
    );
    const expected = createHash('sha256').update('{"a":1,"b":2}').digest('hex');
    expect(digestOf({ b: 2, a: 1 })).toBe(expected);
  });

  // Versions in registries are named by it: a new field with a default changes it, and is a new format.
  test('does not change from one release to the next', () => {
    expect(harnessDigest(harnessOf({ name: 'fixed' }))).toBe(
      '1a4d0761d0ccf0d5cb6290991d433b4119af4dafc0c74cc0d74feabaff13aef2',
    );
  });

  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(harnessInputs, (input) => {
        expect(harnessDigest(harnessOf(reversed(input) as typeof input))).toBe(
          harnessDigest(harnessOf(input)),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('differs when anything differs', () => {
    fc.assert(
      fc.property(harnesses, (harness) => {
        const other = { ...harness, description: `${harness.description}.` };
        expect(harnessDigest(other)).not.toBe(harnessDigest(harness));
      }),
      { numRuns: 20 },
    );
  });
});

describe('formatHarness', () => {
  test('reads back to the same harness, with every field written out', () => {
    fc.assert(
      fc.property(harnesses, (harness) => {
        const text = formatHarness(harness);
        expect(valid(parseHarness(text, 'formatted'))).toEqual(harness);
        expect(formatHarness(valid(parseHarness(text, 'formatted')))).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  test('is the same text whatever the order of keys was', () => {
    fc.assert(
      fc.property(harnesses, (harness) => {
        expect(formatHarness(reversed(harness) as typeof harness)).toBe(formatHarness(harness));
      }),
      { numRuns: 30 },
    );
  });

  test('shows texts as blocks, so that one changed line is one line of a diff', () => {
    const text = formatHarness(harnessOf({ name: 'a', instructions: { s: { text: 'one\ntwo: #\n' } } }));
    expect(text).toContain('    text: |\n      one\n      two: #\n');
    expect(text).toContain('persistEnvironment: false');
  });
});
