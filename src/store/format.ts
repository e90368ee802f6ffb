/** Names and bytes of what the store keeps, the same for every implementation. */
import { createHash } from 'node:crypto';
import { StoreError } from './error.js';

export function sha256Hex(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** @throws {StoreError} when `sha256` is not a digest: it becomes part of a path. */
export function checkDigest(sha256: string): string {
  if (typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)) return sha256;
  throw new StoreError('bad-input', `Found ${quote(sha256)} where a lower-case hex SHA-256 was expected.`);
}

/** @throws {StoreError} when area or key could not be a name of a file. */
export function checkKeyed(area: string, key: string): void {
  checkArea(area);
  if (!/^[0-9a-f]{8,128}$/.test(key)) {
    throw new StoreError(
      'bad-input',
      `Found the key ${quote(key)} where 8-128 lower-case hex digits were expected.`,
    );
  }
}

/** @throws {StoreError} */
export function checkArea(area: string): void {
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(area)) {
    throw new StoreError(
      'bad-input',
      `Found the area ${quote(area)} where lower-case letters, digits and dashes were expected.`,
    );
  }
}

/** @throws {StoreError} when `value` has no JSON text (undefined, a function, a cycle, a bigint). */
export function jsonText(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new StoreError(
      'bad-input',
      `A value cannot be stored as JSON: ${(error as Error).message}.`,
      null,
      {
        cause: error,
      },
    );
  }
  if (text === undefined) {
    throw new StoreError('bad-input', `A value of type ${typeof value} cannot be stored as JSON.`);
  }
  return text;
}

/** A keyed file is two lines: the SHA-256 of the second, and the value as JSON. */
export function keyedText(json: string): string {
  return `${sha256Hex(json)}\n${json}\n`;
}

/** The JSON line of a keyed file; undefined when the check sum does not fit. */
export function keyedJson(text: string): string | undefined {
  const json = text.slice(65, -1);
  return text === keyedText(json) ? json : undefined;
}

function quote(found: unknown): string {
  return JSON.stringify(String(found).slice(0, 100));
}
