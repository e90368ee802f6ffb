import { z } from 'zod';
import { expectedBy, foundBy, valueAt } from '../issues.js';
import { type Failure, failure, type Problem } from '../suite/problem.js';
import { type EvolutionConfig, evolutionSchema } from './config.js';
import { fitting, toldIssues } from './unions.js';

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
  const { budget, model, proposer } = config;
  const unpriced = [!model.price && 'model.price', proposer && !proposer.price && 'proposer.price'].filter(
    (field) => typeof field === 'string',
  );
  if (budget.usd !== undefined && unpriced.length > 0) {
    return failure({
      file: source,
      field: 'budget.usd',
      found: String(budget.usd),
      expected: `a price at ${unpriced.join(' and ')} as well: without it no dollars are counted, and the cap would hold nothing`,
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
  return toldIssues(error.issues, schema, input).flatMap((issue): Problem[] => {
    const field = (path: readonly PropertyKey[]) => path.join('.') || '(document)';
    if (issue.code === 'unrecognized_keys') {
      const known = fieldsAt(schema, issue.path, input);
      return issue.keys.map((name) => ({
        file: source,
        field: field([...issue.path, name]),
        found: 'a field that does not exist',
        expected: known.length > 0 ? `one of ${known.join(', ')}` : 'a documented field',
      }));
    }
    // Where the name of a key's variable is wanted, people paste the key.
    const value = issue.path.at(-1) === 'apiKeyEnv' ? valueAt(input, issue.path) : undefined;
    return [
      {
        file: source,
        field: field(issue.path),
        found:
          typeof value === 'string'
            ? `a text of ${value.length} characters, not shown`
            : foundBy(issue, input),
        expected: expectedBy(issue),
      },
    ];
  });
}

/** Names of the fields that a schema has at a place of `document`; none where it is no plain map of fields. */
function fieldsAt(schema: z.ZodType, path: readonly PropertyKey[], document: unknown): string[] {
  const at = fitting(schema, document);
  if (!(at instanceof z.ZodObject)) return [];
  const [step, ...rest] = path;
  if (step === undefined) return Object.keys(at.shape);
  const inner = at.shape[String(step)];
  return inner ? fieldsAt(inner, rest, valueAt(document, [step])) : [];
}
