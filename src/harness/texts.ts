/** The texts that a change brings into a harness. */
import type { HarnessChange } from './diff.js';
import { parsePointer } from './pointer.js';

/** Names and texts that a change brings in, the last name of its path included. */
export function newTexts(change: HarnessChange): string[] {
  if (change.kind === 'removed') return [];
  const own = change.kind === 'added' ? (parsePointer(change.path)?.slice(-1) ?? []) : [];
  return [...own, ...strings(change.after)];
}

/** Every string in a document, names of fields included. */
export function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  const inner = Object.values(value).flatMap(strings);
  return Array.isArray(value) ? inner : [...Object.keys(value), ...inner];
}
