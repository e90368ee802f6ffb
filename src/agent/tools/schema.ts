/**
 * JSON Schema of tool arguments, checked with ajv. Schemas of custom tools are written by models: their depth is bounded (their size is, by the harness schema),
 * `$ref` is refused (no remote schemas, no recursion, so checking takes time linear in schema and arguments), and
 * patterns run on RE2, which cannot backtrack.
 */
import { Ajv, type ValidateFunction } from 'ajv';
import { RE2JS } from 're2js';
import { clipEnd } from '../text.js';

const MAX_SCHEMA_DEPTH = 16;
const MAX_CACHED = 200;
const FORBIDDEN_KEYS = ['$ref', '$dynamicRef', '$recursiveRef', '$id', '$async'];

/** Checks arguments; the answer is null or what is wrong, in words. Fills in defaults of the schema. */
export type ArgumentCheck = (args: Record<string, unknown>) => string | null;

const re2 = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    return { test: (text: string) => compiled.matcher(text).find() };
  },
  { code: 're2' },
);

const ajv = new Ajv({
  strict: false,
  allErrors: false,
  useDefaults: true,
  validateFormats: false,
  logger: false,
  code: { regExp: re2 as never },
});
const cache = new Map<string, ArgumentCheck>();

/** @throws {Error} with a sentence that says what is wrong with the schema. */
export function compileSchema(schema: Record<string, unknown>): ArgumentCheck {
  const text = JSON.stringify(schema);
  const known = cache.get(text);
  if (known) return known;
  if (schema.type !== 'object') throw new Error('the schema has to have "type": "object"');
  refuseUnboundedKeywords(schema, 0);
  const copy = JSON.parse(text) as Record<string, unknown>;
  delete copy.$schema;
  const validate = ajv.compile(copy);
  // ajv keeps every schema it has compiled; the cache here is the bounded one.
  ajv.removeSchema(copy);
  const check = toCheck(validate);
  if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value as string);
  cache.set(text, check);
  return check;
}

function refuseUnboundedKeywords(value: unknown, depth: number): void {
  if (value === null || typeof value !== 'object') return;
  if (depth > MAX_SCHEMA_DEPTH) throw new Error(`the schema is nested deeper than ${MAX_SCHEMA_DEPTH}`);
  for (const [key, inner] of Object.entries(value)) {
    const isKeyword = typeof inner === 'string' || typeof inner === 'boolean';
    if (FORBIDDEN_KEYS.includes(key) && isKeyword)
      throw new Error(`"${key}" is not supported: write the schema out in one piece`);
    refuseUnboundedKeywords(inner, depth + 1);
  }
}

function toCheck(validate: ValidateFunction): ArgumentCheck {
  return (args) => {
    if (validate(args)) return null;
    const error = validate.errors?.[0];
    const place = error?.instancePath ? `"${error.instancePath.slice(1).replaceAll('/', '.')}" ` : '';
    const extra =
      error?.keyword === 'additionalProperties' ? ` ("${String(error.params.additionalProperty)}")` : '';
    return clipEnd(`${place}${error?.message ?? 'does not match'}${extra}`, 500);
  };
}
