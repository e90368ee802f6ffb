import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { parseConfig } from '../../src/contract/parse.js';
import { formatProblem } from '../../src/suite/problem.js';

const minimal = { suite: 'terminal-basics', model: { name: 'any' } };

function problemsOf(input: unknown): string[] {
  const parsed = parseConfig(input, 'evolution.yaml');
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
}

test('suite and model are enough, everything else has a default', () => {
  const parsed = parseConfig(minimal, 'input');
  expect(parsed).toMatchObject({
    ok: true,
    config: {
      harness: 'seed',
      rounds: 3,
      width: 4,
      gate: { kind: 'confirmed', confirm: { looks: [1, 2, 3, 4, 6] } },
      split: { heldIn: 43, heldOut: 21 },
      sandbox: { kind: 'auto', allowHost: false },
      controls: [],
    },
  });
});

test('the commented configuration that init writes is valid', () => {
  const text = readFileSync(resolve(__dirname, '../../harness-registry/evolution.yaml'), 'utf8');
  expect(problemsOf(parseYaml(text))).toEqual([]);
});

test.each([
  ['a missing suite', { model: { name: 'any' } }, 'suite', 'found nothing'],
  ['a number out of range', { ...minimal, rounds: 0 }, 'rounds', 'found 0'],
  ['a wrong type', { ...minimal, width: 'four' }, 'width', 'found "four"'],
  ['a field that does not exist', { ...minimal, round: 3 }, 'round', 'does not exist'],
  ['a deep field', { ...minimal, limits: { turns: -1 } }, 'limits.turns', 'found -1'],
  [
    'alphas that do not fit the looks',
    { ...minimal, gate: { confirm: { looks: [1, 2] } } },
    'gate.confirm.alphas',
    'as many',
  ],
  [
    'looks that fall',
    { ...minimal, gate: { confirm: { looks: [2, 1], alphas: [0.1, 0.1] } } },
    'gate.confirm.looks',
    'rising',
  ],
  [
    'a key in the configuration',
    { ...minimal, model: { name: 'm', endpoint: { apiKeyEnv: 'sk-123' } } },
    'model.endpoint.apiKeyEnv',
    'environment variable',
  ],
  [
    'the host without its flag',
    { ...minimal, sandbox: { kind: 'host' } },
    'sandbox.allowHost',
    'unprotected',
  ],
  [
    'a cap on dollars that nothing is counted in',
    {
      ...minimal,
      model: { name: 'm', price: { inputPerMillion: 1, outputPerMillion: 2 } },
      proposer: { name: 'p' },
      budget: { usd: 5 },
    },
    'budget.usd',
    'found 5, expected a price at proposer.price as well',
  ],
  ['a control that does not exist', { ...minimal, controls: ['luck'] }, 'controls.0', 'no-op'],
  ['a control twice', { ...minimal, controls: ['no-op', 'no-op'] }, 'controls', 'expected each control once'],
  [
    'controls with nothing to stand beside',
    { ...minimal, controls: ['no-op'], finalAttempts: 0 },
    'controls',
    'finalAttempts of 1 or more',
  ],
  ['no object at all', 'hello', '(document)', 'found "hello", expected a map of fields'],
  ['a missing model', { suite: 'terminal-basics' }, 'model', 'found nothing, expected a map of fields'],
  ['a broken number', { ...minimal, rounds: 1.5 }, 'rounds', 'found 1.5, expected a whole number'],
  [
    'a wrong word',
    { ...minimal, gate: { kind: 'best' } },
    'gate.kind',
    'expected one of "confirmed", "paper"',
  ],
  [
    'a deep field that does not exist',
    { ...minimal, model: { name: 'm', endpoint: { apikey: 'sk-123' } } },
    'model.endpoint.apikey',
    'expected one of name, baseUrl, apiKeyEnv',
  ],
  [
    'an address that is none',
    { ...minimal, model: { name: 'm', endpoint: { baseUrl: 'localhost:8000' } } },
    'model.endpoint.baseUrl',
    'expected an address such as http',
  ],
  [
    'a number for the file of a split',
    { ...minimal, split: { file: 3 } },
    'split.file',
    'found 3, expected a text',
  ],
  [
    'a size out of range',
    { ...minimal, split: { heldIn: 0 } },
    'split.heldIn',
    'found 0, expected at least 1',
  ],
  [
    'a size with a slip of the pen',
    { ...minimal, split: { heldin: 5 } },
    'split.heldin',
    'found a field that does not exist, expected one of heldIn, heldOut, sealed, seed',
  ],
  [
    'a seed beside a file',
    { ...minimal, split: { file: 'split.yaml', seed: 2 } },
    'split.seed',
    'found a field that does not exist, expected one of file',
  ],
  ['a split that is none', { ...minimal, split: 3 }, 'split', 'found 3, expected a map of fields'],
  [
    'a reason for quarantine that is none',
    { ...minimal, quarantine: { flaky: 3 } },
    'quarantine.flaky',
    'found 3, expected a text',
  ],
  [
    'a quarantine of the wrong kind',
    { ...minimal, quarantine: 3 },
    'quarantine',
    'found 3, expected a text or a map of names',
  ],
  [
    'a quarantined task without a name',
    { ...minimal, quarantine: { '': 'flaky' } },
    'quarantine.',
    'found "", expected as name at least 1 characters',
  ],
])('%s is refused with file, field, what was found and what was expected', (_, input, field, words) => {
  const [problem, ...more] = problemsOf(input);
  expect(more).toEqual([]);
  expect(problem).toContain('evolution.yaml');
  expect(problem).toContain(field);
  expect(problem).toContain(words);
});

test.each([
  ['as the name of its variable', { apiKeyEnv: 'sk-live-0123456789' }],
  ['as a field of its own', { apiKey: 'sk-live-0123456789' }],
])('a key that was pasted into the configuration %s is not repeated', (_, endpoint) => {
  const problems = problemsOf({ ...minimal, model: { name: 'm', endpoint } });
  expect(problems).toHaveLength(1);
  expect(problems.join()).not.toContain('0123456789');
});

test('what is expected reads as a sentence, without the validator speaking', () => {
  const inputs = [{}, null, [], { ...minimal, rounds: 'x', width: 99, split: 3, seed: -1, gate: [] }];
  const problems = inputs.flatMap(problemsOf);
  expect(problems.length).toBeGreaterThan(7);
  expect(problems.join('\n')).not.toMatch(/invalid|too (small|big)|received|expected expected|undefined/i);
});
