import { type Failure, failure, type Problem, quote } from '../suite/problem.js';
import { type EvolutionConfig, evolutionSchema } from './config.js';

/** Validates a configuration of an evolution. `source` names the file, or says that it came with the workflow. */
export function parseConfig(input: unknown, source: string): { ok: true; config: EvolutionConfig } | Failure {
  const parsed = evolutionSchema.safeParse(input);
  if (!parsed.success)
    return failure(...parsed.error.issues.flatMap((issue) => problemsOf(issue, input, source)));
  const config = parsed.data;
  if (config.sandbox.kind === 'host' && !config.sandbox.allowHost) {
    return failure({
      file: source,
      field: 'sandbox.allowHost',
      found: 'false',
      expected: 'true: kind host runs model-written commands unprotected on this machine',
    });
  }
  return { ok: true, config };
}

interface Issue {
  code?: string;
  path: PropertyKey[];
  message: string;
  keys?: string[];
}

/** What a zod issue says, in the words of this program. `input` is what was parsed. */
export function problemsOf(issue: Issue, input: unknown, source: string): Problem[] {
  if (issue.code === 'unrecognized_keys' && issue.keys) {
    return issue.keys.map((name) => ({
      file: source,
      field: [...issue.path, name].join('.'),
      found: 'a field that does not exist',
      expected: 'one of the documented fields (see `self-harness init` for all of them)',
    }));
  }
  const found = issue.path.reduce<unknown>(
    (value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step],
    input,
  );
  return [
    {
      file: source,
      field: issue.path.join('.') || '(document)',
      found: quote(found),
      expected: issue.message,
    },
  ];
}
