/** What is wrong with a harness document, in words for whoever wrote it: a person, or a model that is asked again. */
import type { z } from 'zod';
import { expectedBy, foundBy } from '../issues.js';
import { schemaAt } from './json-schema.js';

export interface HarnessProblem {
  /** The file, or whatever else the document came from. */
  file: string;
  /** Place in the document, such as `rules.loop-breaker.when`. */
  field: string;
  /** What stands there, shortened. */
  found: string;
  /** What would be right. */
  expected: string;
  /** Line of the field in the text, from 1; left out where there was no text. */
  line?: number;
}

/** One line per problem: file, line, field, what was found, what was expected. */
export function formatProblems(problems: readonly HarnessProblem[]): string {
  return problems
    .map(({ file, line, field, found, expected }) => {
      const place = line === undefined ? file : `${file}:${line}`;
      return `${place}: ${field}: found ${found}, expected ${expected}`;
    })
    .join('\n');
}

/** A problem with its place as a path, before it is known on which line that is. */
export interface PlacedProblem {
  path: readonly PropertyKey[];
  found: string;
  expected: string;
}

/** Problems of a failed validation of `data`; `fieldsAt` says which fields there are at a path. */
export function problemsOf(
  error: z.ZodError,
  data: unknown,
  fieldsAt: (path: readonly PropertyKey[], data: unknown) => string[] = harnessFields,
): PlacedProblem[] {
  return error.issues.flatMap((issue): PlacedProblem[] => {
    const { path } = issue;
    if (issue.code !== 'unrecognized_keys')
      return [{ path, found: foundBy(issue, data), expected: expectedBy(issue) }];
    return issue.keys.map((name) => ({
      path: [...path, name],
      found: 'an unknown field',
      expected: oneOf(fieldsAt(path, data)),
    }));
  });
}

/** `rules.loop-breaker.do[0].message`; names with dots or slashes stand in quotes. */
export function formatPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(document)';
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      const name = /^[\w-]+$/.test(String(step)) ? String(step) : JSON.stringify(String(step));
      return index === 0 ? name : `.${name}`;
    })
    .join('');
}

function harnessFields(path: readonly PropertyKey[], data: unknown): string[] {
  return Object.keys(schemaAt(path, data)?.properties ?? {});
}

function oneOf(names: readonly string[]): string {
  return names.length > 0 ? `one of ${names.join(', ')}` : 'a documented field';
}
