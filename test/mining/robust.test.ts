import fc from 'fast-check';
import { attribute } from '../../src/mining/attribute.js';
import { jsonAnswer } from '../../src/mining/json-answer.js';
import { parseReading } from '../../src/mining/reading.js';
import { dataBlock, quoteRemover } from '../../src/mining/text.js';
import { MECHANISMS } from '../../src/mining/types.js';
import type { Made } from './trials.js';
import { result, sh, trajectory } from './trials.js';

const word = fc.constantFrom(
  'cd',
  'export',
  'PATH=/x',
  'rm',
  '-rf',
  '/app/out',
  '&&',
  ';',
  '|',
  '&',
  '"',
  "'",
  '$X',
  '<<E',
  '\n',
  '>',
  '2>&1',
  'kit',
  'test',
  '',
);
const command = fc.oneof(
  fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
  fc.string({ maxLength: 60 }),
);
const output = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.constantFrom(
    'kit: command not found',
    'x: No such file or directory',
    'FAIL',
    '<tool_call>',
    '1 failed',
  ),
);
const made: fc.Arbitrary<Made> = fc.record({
  tool: fc.constantFrom('shell', 'write', 'read', 'finish', 'odd', '__proto__'),
  args: fc.oneof(
    command.map((text) => ({ command: text })),
    fc.record({ path: fc.string({ maxLength: 20 }), content: output }),
    fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 })) as fc.Arbitrary<
      Record<string, unknown>
    >,
  ),
  content: output,
  extra: fc.record(
    {
      ok: fc.boolean(),
      exit_code: fc.integer({ min: 0, max: 255 }),
      timed_out: fc.boolean(),
      duration_ms: fc.nat(1e6),
      check_passed: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
});
const stop = fc.constantFrom('finished', 'answered', 'turn-limit', 'time-limit', 'model-broken', null);

test('any trace is explained within the closed vocabulary, bounded, and the same each time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(made, { maxLength: 25 }),
      stop,
      output,
      async (calls, stopReason, verifierOutput) => {
        const trial = { result: result({ stopReason }), trajectory: trajectory(calls), verifierOutput };
        const found = await attribute(trial);
        expect(MECHANISMS).toContain(found.signature.mechanism);
        expect(found.mendable).toBe(found.notMendableReason === '');
        expect(JSON.stringify(found).length).toBeLessThan(8000);
        expect(await attribute(trial)).toEqual(found);
      },
    ),
    { numRuns: 300 },
  );
});

test.each(['a', '!', ' ', '\n', "'", '(', '1', 'x:', '"a ', '$X'])(
  'a long trace of %j stays cheap',
  async (piece) => {
    const long = `${piece.repeat(Math.ceil(30_000 / piece.length))}: b`;
    const calls = Array.from({ length: 150 }, (_, i) =>
      sh(`cd d${i}; export A${i}=${i}; ${long.slice(0, 5000)}`, long, { exit_code: 1 }),
    );
    const found = await attribute({ result: result(), trajectory: trajectory(calls), verifierOutput: long });
    expect(found.task).toBe('collect-warnings');
  },
  5000,
);

test('any text is read as an answer or refused in words', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((json) => `so: ${json}!`),
      ),
      (text) => {
        const read = parseReading(text);
        expect(read.ok || read.problem.length > 0).toBe(true);
      },
    ),
  );
});

test('the answer is the whole object, never a part of a broken one', () => {
  expect(jsonAnswer('{"a": {"b": 1}, "c": }').ok).toBe(false);
  expect(jsonAnswer('{"a": {"b": 1}')).toMatchObject({ ok: false });
  expect(jsonAnswer('x {y} {"a": "}"} z')).toEqual({ ok: true, value: { a: '}' } });
});

test('a block of data cannot be ended from within', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const [, mark] = /mark="(\w+)"/.exec(dataBlock('x', text))!;
      expect(dataBlock('x', text).split(`</data mark="${mark}">`)).toHaveLength(2);
    }),
  );
});

test('quotations of six words and more are taken out, whatever stands around them', () => {
  const clean = quoteRemover(['One two three four five six seven.']);
  expect(clean('He said "two three four\n five six seven" and left')).toBe('He said […] and left');
  expect(clean('two three four five six')).toBe(
    'two three four five six'.replace(/.*/, 'two three four five six'),
  );
  expect(quoteRemover([])('anything')).toBe('anything');
});
