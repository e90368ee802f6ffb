/** Tasks that are left out, each with its reason: what `suite check --write` found, or what people know. */
import { parse as parseYaml, stringify, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { quote } from '../issues.js';
import { readText } from './files.js';
import { type Failure, failure, type Problem } from './problem.js';
import { schemaFailure } from './schema-problems.js';
import type { Quarantine, Suite } from './types.js';

const MAX_BYTES = 4 * 1024 * 1024;
const REASON_CHARS_MAX = 500;

export const quarantineSchema = z.record(
  z.string().min(1).max(256),
  z.string().trim().min(1).max(REASON_CHARS_MAX),
);

export type QuarantineResult = { ok: true; quarantine: Quarantine } | Failure;

/** @param given the map itself, or the YAML or JSON file that holds it */
export async function readQuarantine(given: string | Quarantine): Promise<QuarantineResult> {
  if (typeof given !== 'string') return { ok: true, quarantine: sorted(given) };
  const text = await readText(given, MAX_BYTES);
  if (!text.ok) return text;
  let document: unknown;
  try {
    document = parseYaml(text.text, { maxAliasCount: 10 }) ?? {};
  } catch (error) {
    const place = error instanceof YAMLParseError ? `line ${error.linePos?.[0].line ?? 1}` : 'the document';
    const found = (error as Error).message.split('\n')[0]!;
    return failure({ file: given, field: place, found, expected: 'valid YAML or JSON' });
  }
  const parsed = quarantineSchema.safeParse(document);
  if (!parsed.success) return schemaFailure(given, document, parsed.error);
  return { ok: true, quarantine: sorted(parsed.data) };
}

/**
 * The same, its names held against the suite.
 * @param source what is named when the map itself is wrong
 */
export async function loadQuarantine(
  given: string | Quarantine,
  suite: Suite,
  source: string,
): Promise<QuarantineResult> {
  const read = await readQuarantine(given);
  if (!read.ok) return read;
  const [file, prefix] = typeof given === 'string' ? [given, ''] : [source, 'quarantine.'];
  const known = new Set(suite.tasks.map((task) => task.name));
  const problems = Object.keys(read.quarantine)
    .filter((name) => !known.has(name))
    .map(
      (name): Problem => ({
        file,
        field: `${prefix}${name}`,
        found: quote(name),
        expected: `the name of a task of ${suite.name}`,
      }),
    );
  return problems.length > 0 ? failure(...problems) : read;
}

function sorted(quarantine: Quarantine): Quarantine {
  return Object.fromEntries(Object.entries(quarantine).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The file that `loadQuarantine` reads. */
export function formatQuarantine(suite: string, tasks: { name: string; reason: string }[]): string {
  const entries = tasks.map(({ name, reason }) => [name, reason.slice(0, REASON_CHARS_MAX)]);
  const head = `# Tasks of ${suite} that are left out, each with its reason. Name this file under \`quarantine\` in evolution.yaml.\n`;
  return head + stringify(Object.fromEntries(entries));
}

/** The suite that splits are drawn from. */
export function withoutQuarantined(suite: Suite, quarantine: Quarantine): Suite {
  return { ...suite, tasks: suite.tasks.filter(({ name }) => !Object.hasOwn(quarantine, name)) };
}
