import { z } from 'zod';
import { expectedBy, quote, valueAt } from '../issues.js';
import { type Failure, failure, type Problem } from '../suite/problem.js';
import { type EvolutionConfig, evolutionSchema } from './config.js';

/** Validates a configuration of an evolution. `source` names the file, or says that it came with the workflow. */
export function parseConfig(input: unknown, source: string): { ok: true; config: EvolutionConfig } | Failure {
  const parsed = evolutionSchema.safeParse(input);
  if (!parsed.success) return failure(...problemsOf(parsed.error, input, source, evolutionSchema));
  const config = parsed.data;
  if (config.sandbox.kind === 'host' && !config.sandbox.allowHost) {
    return failure({
      file: source,
      field: 'sandbox.allowHost',
      found: 'false',
      expected: 'true: kind host runs model-written commands unprotected on this machine',
    });
  }
  if (config.controls.length > 0 && config.finalAttempts === 0) {
    return failure({
      file: source,
      field: 'controls',
      found: 'control arms, and finalAttempts: 0',
      expected: 'a final measurement that they can stand beside: finalAttempts of 1 or more',
    });
  }
  return { ok: true, config };
}

/** Problems of a failed validation of `input` by `schema`, which says what the fields are. */
export function problemsOf(error: z.ZodError, input: unknown, source: string, schema: z.ZodType): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    const field = (path: readonly PropertyKey[]) => path.join('.') || '(document)';
    if (issue.code === 'unrecognized_keys') {
      const known = fieldsAt(schema, issue.path);
      return issue.keys.map((name) => ({
        file: source,
        field: field([...issue.path, name]),
        found: 'a field that does not exist',
        expected: known.length > 0 ? `one of ${known.join(', ')}` : 'a documented field',
      }));
    }
    const found = valueAt(input, issue.path);
    // Where the name of a key's variable is wanted, people paste the key.
    const secret = issue.path.at(-1) === 'apiKeyEnv' && typeof found === 'string';
    return [
      {
        file: source,
        field: field(issue.path),
        found: secret ? `a text of ${found.length} characters, not shown` : quote(found),
        expected: expectedBy(issue),
      },
    ];
  });
}

/** Names of the fields that a schema has at a place; none where it is no plain map of fields. */
function fieldsAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = bare(schema);
  for (const step of path) at = at instanceof z.ZodObject ? bare(at.shape[String(step)]) : undefined;
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

/** A schema without the default, or leave to be absent, around it. */
function bare(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault)
    inner = inner.unwrap();
  return inner;
}
