/** Names of content: SHA-256 over RFC 8785 canonical JSON. */
import { createHash } from 'node:crypto';
import canonicalizeModule from 'canonicalize';
import type { Harness } from './schema.js';

// The package exports the function itself; its type declarations speak of a `default` that is not there.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string | undefined;

/** RFC 8785 canonical JSON: equal content gives equal text, whatever the order of keys. @throws on what is not JSON */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('expected a JSON value');
  return text;
}

/** SHA-256 of the canonical JSON, as 64 lower-case hex digits. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');
}

/** The identity of a harness. It must be validated, with its defaults filled in, or equal harnesses differ. */
export function harnessDigest(harness: Harness): string {
  return digestOf(harness);
}
