/** The small field types that the harness schema is made of. */
import { z } from 'zod';

/** Entries of one keyed map, and characters of one free JSON value: room for people, little enough to read and diff. */
const MAX_ENTRIES = 64;
const MAX_JSON = 8000;

export const key = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and dashes, at most 64')
  .refine((name) => name !== 'constructor', 'a name that is not reserved');

/** Control characters forge terminal output and break shells; lone surrogates do not survive a file. */
const PRINTABLE = /^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff]*$/u;

export const text = (max: number) =>
  z.string().max(max).regex(PRINTABLE, 'text without control characters, its lines ended by \\n');

export const seconds = (max: number) => z.number().positive().max(max);

export const order = z.number().int().min(0).max(1000).default(500);

export const sandboxPath = z
  .string()
  .min(2)
  .max(256)
  .regex(/^\/[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]*$/u, 'an absolute path in the sandbox')
  .refine((path) => !path.split('/').includes('..'), 'a path without ".."');

/** A map by name. Its keys are sorted on reading: documents with equal digests then render to equal prompts. */
export const keyed = <K extends z.ZodType<string, string>, V extends z.ZodType>(name: K, value: V) =>
  z
    .record(name, value)
    .refine((map) => Object.keys(map).length <= MAX_ENTRIES, `at most ${MAX_ENTRIES} entries`)
    .overwrite(sortKeys)
    .meta({ maxProperties: MAX_ENTRIES });

/** An object of any JSON, of bounded size, its keys sorted at every depth. */
export const jsonObject = z
  .record(z.string(), z.json())
  .refine((value) => JSON.stringify(value).length <= MAX_JSON, `at most ${MAX_JSON} characters of JSON`)
  .overwrite((value) => sortDeep(value) as typeof value);

function sortKeys<T extends object>(map: T): T {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1))) as T;
}

function sortDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortDeep);
  if (value === null || typeof value !== 'object') return value;
  return sortKeys(Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, sortDeep(inner)])));
}
