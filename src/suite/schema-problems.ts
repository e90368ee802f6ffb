import type { z } from 'zod';
import { expectedBy, foundBy } from '../issues.js';
import { type Failure, failure } from './problem.js';

const PROBLEMS_MAX = 20;

/** What a schema found wrong with `document`, in words; at most 20 problems. */
export function schemaFailure(file: string, document: unknown, error: z.ZodError): Failure {
  return failure(
    ...error.issues.slice(0, PROBLEMS_MAX).map((issue) => ({
      file,
      field: issue.path.join('.') || 'the document',
      found: issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : foundBy(issue, document),
      expected: issue.code === 'unrecognized_keys' ? 'known keys only' : expectedBy(issue),
    })),
  );
}
