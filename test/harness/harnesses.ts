import fc from 'fast-check';
import { type HarnessResult, parseHarness } from '../../src/harness/parse.js';
import { formatProblems } from '../../src/harness/problems.js';
import type { Harness, HarnessInput } from '../../src/harness/schema.js';

/** The validated harness; a test that builds a broken one should hear why. */
export function harnessOf(input: HarnessInput): Harness {
  return valid(parseHarness(input, 'test'));
}

export function valid(result: HarnessResult): Harness {
  if (!result.ok) throw new Error(formatProblems(result.problems));
  return result.harness;
}

const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,12}$/);
const prose = fc
  .array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 4 })
  .map((lines) => lines.join('\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' '));
const order = fc.integer({ min: 0, max: 1000 });

const rule = fc.record({
  description: prose,
  order,
  on: fc.constantFrom('start', 'before-model', 'after-tool' as const),
  when: fc.constantFrom('true', 'toolCalls >= 5', 'size(artifacts.missing) > 0', "call.tool == 'shell'"),
  do: fc.array(
    fc.record({ action: fc.constant('inject' as const), message: prose.map((text) => `m${text}`) }),
    { minLength: 1, maxLength: 3 },
  ),
  limit: fc.option(fc.integer({ min: 1, max: 9 })),
});

/** Harness documents as people might write them, on several surfaces. */
export const harnessInputs: fc.Arbitrary<HarnessInput> = fc.record({
  name,
  description: prose,
  instructions: fc.dictionary(name, fc.record({ order, text: prose }), { maxKeys: 4 }),
  memory: fc.record({ notes: fc.dictionary(name, prose, { maxKeys: 3 }) }),
  skills: fc.dictionary(name, fc.record({ description: prose, body: prose }), { maxKeys: 2 }),
  rules: fc.dictionary(name, rule, { maxKeys: 3 }),
  runtime: fc.record({ turns: fc.record({ max: fc.option(fc.integer({ min: 1, max: 10_000 })) }) }),
  files: fc.dictionary(
    name.map((file) => `/etc/${file}~/a`),
    fc.record({ content: prose }),
    { maxKeys: 2 },
  ),
}) as fc.Arbitrary<HarnessInput>;

export const harnesses: fc.Arbitrary<Harness> = harnessInputs.map(harnessOf);
