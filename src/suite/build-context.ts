/**
 * A build context is a task's `environment/` folder as COPY sees it: its entries without those that `.dockerignore`
 * leaves out.
 */
import path from 'node:path';
import ignore from 'ignore';
import type { Entry } from './files.js';
import type { BuildStep } from './types.js';

type CopyStep = Extract<BuildStep, { kind: 'copy' }>;

export interface BuildContext {
  /** Entries relative to `environment/`, sorted by path. */
  entries: Entry[];
  isIgnored(entry: Entry): boolean;
}

/**
 * @param entries of the task folder; those outside `environment/` are passed over.
 * @param dockerignore text of `environment/.dockerignore`; '' without one.
 */
export function buildContext(entries: readonly Entry[], dockerignore: string): BuildContext {
  const prefix = 'environment/';
  const rules = ignore({ ignorecase: false, allowRelativePaths: true }).add(
    dockerignore.split('\n').map(anchor),
  );
  return {
    entries: entries
      .filter((entry) => entry.path.startsWith(prefix))
      .map((entry) => ({ ...entry, path: entry.path.slice(prefix.length) }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    isIgnored: (entry) => rules.ignores(entry.kind === 'folder' ? `${entry.path}/` : entry.path),
  };
}

/** Patterns of `.dockerignore` start at the context's root; those of a `.gitignore` only with a slash in front. */
function anchor(pattern: string): string {
  const text = pattern.trim();
  if (text === '' || text.startsWith('#')) return '';
  const negated = text.startsWith('!');
  const plain = path.posix.normalize((negated ? text.slice(1) : text).trim()).replace(/^\/+|\/+$/g, '');
  if (plain === '.' || plain === '') return '';
  return `${negated ? '!' : ''}/${plain}`;
}

/**
 * The paths that a COPY source names: one for a plain path, any number for a pattern of Go's `filepath.Match`;
 * none when nothing is there; 'outside' when it leads out of the context.
 */
export function findSources(source: string, context: BuildContext): string[] | 'outside' {
  const relative = path.posix.normalize(source).replace(/^\/+|\/+$/g, '');
  if (relative === '..' || relative.startsWith('../')) return 'outside';
  if (relative === '.' || relative === '') return ['.'];
  const isPattern = /[*?[\\]/.test(relative);
  return context.entries
    .filter((entry) => (isPattern ? matchesGlob(relative, entry.path) : entry.path === relative))
    .filter((entry) => !context.isIgnored(entry))
    .map((entry) => entry.path);
}

/**
 * Copy steps with the meaning of `step` in which no source holds an ignored entry: folders that do are replaced by
 * what else is in them.
 */
export function withoutIgnored(step: CopyStep, context: BuildContext): CopyStep[] {
  const touched = step.sources.filter((source) => holdsIgnored(source, context));
  if (touched.length === 0) return [step];
  const clean = step.sources.filter((source) => !touched.includes(source));
  const steps: CopyStep[] = clean.length > 0 ? [{ ...step, sources: clean }] : [];
  for (const folder of touched) {
    const kept = context.entries.filter((entry) => isChild(entry.path, folder) && !context.isIgnored(entry));
    const destination = step.destination.endsWith('/') ? step.destination : `${step.destination}/`;
    const files = kept.filter((entry) => entry.kind === 'file').map((entry) => entry.path);
    if (files.length > 0) steps.push({ ...step, sources: files, destination });
    for (const child of kept.filter((entry) => entry.kind === 'folder')) {
      const inner = `${destination}${path.posix.basename(child.path)}/`;
      steps.push(...withoutIgnored({ ...step, sources: [child.path], destination: inner }, context));
    }
  }
  return steps;
}

function holdsIgnored(source: string, context: BuildContext): boolean {
  const prefix = source === '.' ? '' : `${source}/`;
  return context.entries.some((entry) => entry.path.startsWith(prefix) && context.isIgnored(entry));
}

function isChild(file: string, folder: string): boolean {
  return path.posix.dirname(file) === folder;
}

type GlobToken = 'star' | ((char: string) => boolean);

/**
 * Go's `filepath.Match`: `*` and `?` stay within a path segment, `[a-z]` and `[^a]` are classes, a backslash quotes.
 * Written out, because a regular expression can take exponential time on a pattern that someone else wrote.
 */
function matchesGlob(pattern: string, file: string): boolean {
  const patterns = pattern.split('/');
  const segments = file.split('/');
  return (
    patterns.length === segments.length && patterns.every((p, i) => matchesSegment(tokens(p), segments[i]!))
  );
}

function matchesSegment(glob: GlobToken[], name: string): boolean {
  const chars = [...name];
  let at = 0;
  let next = 0;
  let star = -1;
  let starAt = 0;
  while (at < chars.length) {
    const token = glob[next];
    if (token === 'star') {
      star = next++;
      starAt = at;
    } else if (token?.(chars[at]!)) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      next = star + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  return glob.slice(next).every((token) => token === 'star');
}

function tokens(segment: string): GlobToken[] {
  const parts = segment.match(/\[\^?(?:\\.|[^\]\\])+\]|\\.|./gsu) ?? [];
  return parts.map((part) => {
    if (part === '*') return 'star';
    if (part === '?') return () => true;
    if (part.length > 2 && part.startsWith('[')) return classToken(part.slice(1, -1));
    const literal = part.length > 1 && part.startsWith('\\') ? part.slice(1) : part;
    return (char) => char === literal;
  });
}

function classToken(body: string): GlobToken {
  const negated = body.startsWith('^');
  const ranges = [...(negated ? body.slice(1) : body).matchAll(/\\?(.)(?:-\\?(.))?/gsu)].map(
    ([, from, to]) => [from!, to ?? from!] as const,
  );
  return (char) => ranges.some(([from, to]) => from <= char && char <= to) !== negated;
}
