/** The way in for harness documents: from text (YAML or JSON) or from a value, to a validated {@link Harness}. */

import { type Document, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { quote } from '../issues.js';
import { formatPath, type HarnessProblem, type PlacedProblem, problemsOf } from './problems.js';
import { type Harness, harnessSchema } from './schema.js';
import { semanticProblems } from './semantics.js';

export type HarnessResult = { ok: true; harness: Harness } | { ok: false; problems: HarnessProblem[] };

/** Bytes of a document's text: more than anybody would review. */
export const MAX_DOCUMENT_BYTES = 500_000;
const MAX_PROBLEMS = 50;
const MAX_DEPTH = 40;
/** Names by which JavaScript reaches prototypes. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Validates a harness: its form, and that its rules and patterns compile. Anything may be handed in; nothing throws.
 *
 * @param input text in YAML or JSON, or a value that was read already
 * @param source names where it came from, in problems
 */
export function parseHarness(input: unknown, source: string): HarnessResult {
  const read = typeof input === 'string' ? readText(input) : readValue(input);
  const lineOf = read.lineOf ?? (() => undefined);
  const fail = (problems: readonly PlacedProblem[]): HarnessResult => ({
    ok: false,
    problems: problems.slice(0, MAX_PROBLEMS).map(({ path, found, expected }) => {
      const line = lineOf(path);
      return {
        file: source,
        field: formatPath(path),
        found,
        expected,
        ...(line === undefined ? {} : { line }),
      };
    }),
  });
  if (!read.ok) return fail(read.problems);
  const validated = validateHarness(read.value);
  return validated.ok ? validated : fail(validated.problems);
}

/** The checks of {@link parseHarness} on a plain JSON value, with the places as paths. */
export function validateHarness(
  value: unknown,
): { ok: true; harness: Harness } | { ok: false; problems: PlacedProblem[] } {
  const reserved = reservedNames(value);
  if (reserved.length > 0) return { ok: false, problems: reserved };
  const parsed = harnessSchema.safeParse(value);
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error, value) };
  const problems = semanticProblems(parsed.data);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, harness: parsed.data };
}

type Read =
  | { ok: true; value: unknown; lineOf?: (path: readonly PropertyKey[]) => number | undefined }
  | { ok: false; problems: PlacedProblem[]; lineOf?: (path: readonly PropertyKey[]) => number | undefined };

/** JSON is read as YAML too, of which it is a part: one parser, one set of limits, lines for both. */
function readText(text: string): Read {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_DOCUMENT_BYTES) return unreadable(`${bytes} bytes`, `at most ${MAX_DOCUMENT_BYTES} bytes`);
  try {
    return readYaml(text);
  } catch (error) {
    // The parser recurses: text of nothing but brackets ends here.
    if (error instanceof RangeError) return unreadable('a document nested too deeply', 'a harness document');
    throw error;
  }
}

function readYaml(text: string): Read {
  const lines = new LineCounter();
  // The parser's own search for repeated keys is quadratic; `unwelcome` finds them.
  const options = { lineCounter: lines, prettyErrors: false, schema: 'core', uniqueKeys: false } as const;
  const document = parseDocument(text, options);
  const at = (offset: number) => lines.linePos(offset).line;
  // Warnings are about tags that nobody knows.
  const broken = document.errors[0] ?? document.warnings[0];
  const fault =
    broken === undefined
      ? unwelcome(document)
      : {
          offset: broken.pos[0],
          found: `broken YAML (${broken.message})`,
          expected: 'a document in YAML or JSON',
        };
  if (fault !== null) {
    const line = at(fault.offset);
    return { ...unreadable(fault.found, fault.expected), lineOf: () => line };
  }
  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as
        | { range?: [number, number, number] }
        | undefined;
      if (node?.range) return at(node.range[0]);
    }
    return undefined;
  };
  return { ok: true, value: document.toJS({ maxAliasCount: 0 }), lineOf };
}

/** What YAML allows and a harness does not: aliases, which multiply, and repeated keys, of which one would be lost. */
function unwelcome(document: Document): { offset: number; found: string; expected: string } | null {
  let fault: ReturnType<typeof unwelcome> = null;
  visit(document, {
    Alias(_, node) {
      fault = {
        offset: node.range?.[0] ?? 0,
        found: 'an alias (*name)',
        expected: 'every value written out',
      };
      return visit.BREAK;
    },
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? String(key.value) : null;
        const offset = (isNode(key) ? key.range?.[0] : undefined) ?? 0;
        if (name === null) fault = { offset, found: 'a key that is not a name', expected: 'names as keys' };
        else if (seen.has(name))
          fault = { offset, found: `the key ${quote(name)} twice`, expected: 'each key once' };
        if (name === null || seen.has(name)) return visit.BREAK;
        seen.add(name);
      }
    },
  });
  return fault;
}

function readValue(input: unknown): Read {
  try {
    const json = JSON.stringify(input);
    if (json === undefined) return unreadable(quote(input), 'a harness document');
    if (json.length > MAX_DOCUMENT_BYTES) {
      return unreadable(`${json.length} characters`, `at most ${MAX_DOCUMENT_BYTES} characters of JSON`);
    }
    return { ok: true, value: JSON.parse(json) };
  } catch {
    return unreadable('a value that is not JSON', 'a harness document');
  }
}

function unreadable(found: string, expected: string): { ok: false; problems: PlacedProblem[] } {
  return { ok: false, problems: [{ path: [], found, expected }] };
}

/** Places of reserved names in a value, and of nesting that no harness needs and recursion would not survive. */
export function reservedNames(value: unknown, path: readonly PropertyKey[] = []): PlacedProblem[] {
  if (value === null || typeof value !== 'object') return [];
  if (path.length > MAX_DEPTH) {
    return [
      { path: path.slice(0, 8), found: 'a value nested too deeply', expected: `at most ${MAX_DEPTH} levels` },
    ];
  }
  return Object.keys(value).flatMap((name) => {
    const inner = [...path, Array.isArray(value) ? Number(name) : name];
    if (RESERVED_NAMES.has(name)) {
      return [{ path: inner, found: `the name ${name}`, expected: 'a name that is not reserved' }];
    }
    return reservedNames((value as Record<string, unknown>)[name], inner);
  });
}
