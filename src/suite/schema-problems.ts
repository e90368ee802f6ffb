import type { z } from 'zod';
import { type Failure, failure, quote } from './problem.js';

const PROBLEMS_MAX = 20;

/** What a schema found wrong with `document`, in words; at most 20 problems. */
export function schemaFailure(file: string, document: unknown, error: z.ZodError): Failure {
  return failure(
    ...error.issues.slice(0, PROBLEMS_MAX).map((issue) => ({
      file,
      field: issue.path.join('.') || 'the document',
      found:
        issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : quote(valueAt(document, issue.path)),
      expected: issue.code === 'unrecognized_keys' ? 'known keys only' : expectedBy(issue.message),
    })),
  );
}

/** zod says "Invalid input: expected number, received string" and "Too small: expected number to be >0". */
function expectedBy(message: string): string {
  return message.replace(/^.*?: expected /, '').replace(/, received .*$/s, '');
}

function valueAt(document: unknown, place: readonly PropertyKey[]): unknown {
  return place.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    document,
  );
}
