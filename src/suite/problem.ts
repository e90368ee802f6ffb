/**
 * What is wrong with a suite, task or split, in words for the person who wrote it. Input that others wrote is data:
 * a fault in it is a value here, never an exception.
 */
export interface Problem {
  /** Path of the file, or of the folder that lacks it. */
  file: string;
  /** Place inside the file, such as `environment.memory_mb`, or the file's own name. */
  field: string;
  /** What stands there, shortened. */
  found: string;
  /** What would be right. */
  expected: string;
}

export type Failure = { ok: false; problems: Problem[] };

export function failure(...problems: Problem[]): Failure {
  return { ok: false, problems };
}

/** One line: file, field, what was found, what was expected. */
export function formatProblem(problem: Problem): string {
  return `${problem.file}: ${problem.field}: found ${problem.found}, expected ${problem.expected}`;
}
