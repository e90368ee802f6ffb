/** What is wrong with a harness document, in words for whoever wrote it: a person, or a model that is asked again. */
import type { z } from 'zod';
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
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((name) => ({
          path: [...path, name],
          found: 'an unknown field',
          expected: oneOf(fieldsAt(path, data)),
        }));
      case 'invalid_key':
        return [{ path, found: quote(path.at(-1)), expected: `as name ${wording(issue.issues[0]!)}` }];
      default:
        return [{ path, found: quote(valueAt(data, path)), expected: wording(issue) }];
    }
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

/** A value as it is quoted in a problem: JSON, at most 80 characters. */
export function quote(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text =
    JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner)) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

type Issue = z.core.$ZodIssue;

const TYPES: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map of fields',
  record: 'a map of names',
  array: 'a list',
};

/** What an issue wanted, without what it found. Messages of our own refinements already read so. */
function wording(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1
        ? JSON.stringify(issue.values[0])
        : `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_big':
      return `at most ${issue.maximum}${unit(issue.origin)}`;
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit(issue.origin)}`;
    case 'invalid_union':
      return unionWording(issue);
    default:
      return issue.message;
  }
}

function unionWording(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
  if (options.length > 0) return `one of ${options.map((value) => JSON.stringify(value)).join(', ')}`;
  return 'a JSON value';
}

function unit(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

function harnessFields(path: readonly PropertyKey[], data: unknown): string[] {
  return Object.keys(schemaAt(path, data)?.properties ?? {});
}

function oneOf(names: readonly string[]): string {
  return names.length > 0 ? `one of ${names.join(', ')}` : 'a documented field';
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (value as Record<PropertyKey, unknown> | null | undefined)?.[step],
    data,
  );
}
