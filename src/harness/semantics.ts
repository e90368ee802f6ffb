/** What a harness must get right beyond its form: rules and patterns that compile, tools that can be described. */
import { Ajv } from 'ajv';
import { quote } from '../issues.js';
import { compilePattern } from './pattern.js';
import type { PlacedProblem } from './problems.js';
import { compileRules } from './rules.js';
import type { Harness } from './schema.js';

const jsonSchemas = new Ajv({ strict: false, logger: false });

export function semanticProblems(harness: Harness): PlacedProblem[] {
  return [...ruleProblems(harness), ...checkProblems(harness), ...toolProblems(harness)];
}

function ruleProblems(harness: Harness): PlacedProblem[] {
  const compiled = compileRules(harness);
  if (compiled.ok) return [];
  return compiled.problems.map(({ rule, position, message }) => {
    const { when } = harness.rules[rule]!;
    return {
      path: ['rules', rule, 'when'],
      found: `${quote(when.slice(position, position + 40))} at character ${position + 1}: ${message}`,
      expected: 'a CEL expression of type bool',
    };
  });
}

function checkProblems(harness: Harness): PlacedProblem[] {
  return Object.entries(harness.orchestration.checks).flatMap(([name, { match }]) => {
    const compiled = compilePattern(match);
    if (compiled.ok) return [];
    const found = `${quote(match)} (${compiled.message})`;
    return [
      { path: ['orchestration', 'checks', name, 'match'], found, expected: 'an RE2 regular expression' },
    ];
  });
}

function toolProblems(harness: Harness): PlacedProblem[] {
  return Object.entries(harness.tools.custom).flatMap(([name, { parameters }]) => {
    if (jsonSchemas.validateSchema({ ...parameters, $schema: undefined }) === true) return [];
    const [error] = jsonSchemas.errors ?? [];
    const found = `${quote(parameters)} (${error?.instancePath ?? ''} ${error?.message ?? 'broken'})`;
    return [{ path: ['tools', 'custom', name, 'parameters'], found, expected: 'a JSON Schema' }];
  });
}
