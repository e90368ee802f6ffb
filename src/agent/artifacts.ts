/** Declared artifacts: which files the instruction asks for, and what becomes of them. Pure. */
import type { RunState } from './state.js';

const MAX_ARTIFACTS = 32;
const MAX_PATH = 256;
/** Places of the task format that are filled only after the agent has ended, and those that are no files. */
const NOT_ARTIFACTS = /^\/(?:tests|solution|logs|dev|proc|sys)(?:\/|$)/;
/** An absolute path in prose: not part of a word, a URL, a closing tag, a placeholder or a glob. */
const PATH_IN_PROSE = /(?<![\w.~:<>/*?${}[\]\\-])\/[\w.@%+=-]+(?:\/[\w.@%+=-]+)*\/?(?![\w/*?<>{}[\]$])/g;
const HTTP_METHOD_BEFORE = /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)[`"' ]*$/;
const HAS_EXTENSION = /\.[A-Za-z0-9]{1,10}$/;

/**
 * Paths in `instruction` that may be artifacts, and the top-level directory of each: a path without extension counts only
 * where that directory exists, because `/api/users` is more likely a route than a file to make.
 */
export function artifactCandidates(instruction: string): { path: string; top: string; needsTop: boolean }[] {
  const found = new Map<string, { path: string; top: string; needsTop: boolean }>();
  for (const match of instruction.matchAll(PATH_IN_PROSE)) {
    const path = match[0].replace(/[./]+$/, '');
    const segments = path.split('/').slice(1);
    const hasExtension = HAS_EXTENSION.test(path);
    if (path.length > MAX_PATH || segments.includes('..') || segments.includes('.')) continue;
    if (NOT_ARTIFACTS.test(path) || (segments.length < 2 && !hasExtension)) continue;
    if (HTTP_METHOD_BEFORE.test(instruction.slice(Math.max(0, match.index - 12), match.index))) continue;
    found.set(path, { path, top: `/${segments[0]}`, needsTop: !hasExtension });
    if (found.size >= MAX_ARTIFACTS) break;
  }
  return [...found.values()];
}

/** What `present` (one answer per declared artifact) says has changed. */
export function artifactChanges(
  artifacts: RunState['artifacts'],
  present: readonly boolean[],
): { created: string[]; deleted: string[] } {
  const created: string[] = [];
  const deleted: string[] = [];
  artifacts.declared.forEach((path, index) => {
    const wasMissing = artifacts.missing.includes(path);
    if (present[index] && wasMissing) created.push(path);
    if (!present[index] && !wasMissing) deleted.push(path);
  });
  return { created, deleted };
}
