/** What differs between two harnesses, as data and as text for people. */
import pc from 'picocolors';
import { canonicalJson } from './digest.js';
import { formatYaml } from './format.js';
import { diffLines, type LineChange } from './line-diff.js';
import { formatPointer } from './pointer.js';
import { type Harness, SURFACES, type Surface } from './schema.js';

/** One difference. Maps are compared field by field; texts, numbers and lists as a whole. */
export interface HarnessChange {
  /** `document`: the name, description or version of the document itself. */
  surface: Surface | 'document';
  /** JSON Pointer. */
  path: string;
  kind: 'added' | 'removed' | 'changed';
  /** Left out when added. */
  before?: unknown;
  /** Left out when removed. */
  after?: unknown;
}

/** Differences in order of the surfaces, then of the paths. Both must be validated. */
export function diffHarness(before: Harness, after: Harness): HarnessChange[] {
  return ['schemaVersion', 'name', 'description', ...SURFACES].flatMap((name) =>
    compare(before[name as keyof Harness], after[name as keyof Harness], [name]),
  );
}

function compare(before: unknown, after: unknown, path: readonly string[]): HarnessChange[] {
  if (isMap(before) && isMap(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => compare(own(before, name), own(after, name), [...path, name]));
  }
  if (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after))
    return [];
  const [name] = path;
  const place = {
    surface: SURFACES.find((surface) => surface === name) ?? 'document',
    path: formatPointer(path),
  } as const;
  if (before === undefined) return [{ ...place, kind: 'added', after }];
  if (after === undefined) return [{ ...place, kind: 'removed', before }];
  return [{ ...place, kind: 'changed', before, after }];
}

/**
 * A diff to read: by surface, each path with what it was (`-`) and what it is (`+`), long texts line by line.
 * `color`: with terminal colours (default: none).
 */
export function formatDiff(changes: readonly HarnessChange[], options: { color?: boolean } = {}): string {
  const colors = pc.createColors(options.color ?? false);
  const lines: string[] = [];
  let surface: string | undefined;
  for (const change of changes) {
    if (change.surface !== surface) {
      if (surface !== undefined) lines.push('');
      surface = change.surface;
      lines.push(colors.bold(surface));
    }
    lines.push(`  ${colors.cyan(change.path)}${change.kind === 'changed' ? '' : ` (${change.kind})`}`);
    for (const { kind, line } of changedLines(change)) {
      const text = visible(line);
      if (kind === 'removed') lines.push(colors.red(`    - ${text}`));
      else if (kind === 'added') lines.push(colors.green(`    + ${text}`));
      else lines.push(colors.dim(`      ${text}`));
    }
  }
  return lines.join('\n');
}

function changedLines({ kind, before, after }: HarnessChange): LineChange[] {
  if (kind === 'added') return readable(after).map((line) => ({ kind, line }));
  if (kind === 'removed') return readable(before).map((line) => ({ kind, line }));
  // Of different types, "5" and 5 must not look alike.
  if (typeof before !== typeof after) return diffLines(yamlLines(before), yamlLines(after));
  return diffLines(readable(before), readable(after));
}

/** Texts as they are (an empty one in quotes, or nothing would show), everything else as YAML. */
function readable(value: unknown): string[] {
  return typeof value === 'string' && value !== '' ? value.split('\n') : yamlLines(value);
}

function yamlLines(value: unknown): string[] {
  return formatYaml(value).trimEnd().split('\n');
}

/** Characters that reorder or hide text would let an edit look like another one. */
export function visible(line: string): string {
  return line.replace(
    /[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function own(map: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
