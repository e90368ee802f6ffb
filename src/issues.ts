/** What a failed validation says, in the words of this program: one way for configurations, harnesses, suites and splits. */
import type { z } from 'zod';

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

/** What stands where an issue is, quoted. */
export function foundBy(issue: Issue, document: unknown): string {
  return quote(issue.code === 'invalid_key' ? issue.path.at(-1) : valueAt(document, issue.path));
}

/** What an issue wanted, without what it found. Messages of our own refinements already read so. */
export function expectedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1
        ? JSON.stringify(issue.values[0])
        : `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_big':
      return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit(issue.origin)}`;
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit(issue.origin)}`;
    case 'invalid_key':
      return `as name ${expectedBy(issue.issues[0]!)}`;
    case 'invalid_union':
      return expectedByUnion(issue);
    default:
      return issue.message.replace(/^expected /, '');
  }
}

function expectedByUnion(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
  if (options.length > 0) return `one of ${options.map((value) => JSON.stringify(value)).join(', ')}`;
  const wanted = issue.errors.flatMap((issues) => issues.filter(({ path }) => path.length === 0));
  return [...new Set(wanted.map(expectedBy))].join(' or ') || 'a JSON value';
}

function unit(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

/** What stands at a place of a document; undefined: nothing. */
export function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    document,
  );
}

/** A value as it is quoted in a problem: JSON, at most 80 characters. */
export function quote(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text =
    JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner)) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
