/** Errors as people see them: one sentence with a remedy on stderr, and an exit code that scripts can use. */
import { CommanderError } from 'commander';

export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
export const EXIT_INTERRUPTED = 130;

/** Something that a person can mend; the message says how. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    message: string,
    readonly exitCode: number = EXIT_FAILED,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Errors of our own parts whose message is written for people. */
const SPOKEN = new Set([
  'CliError',
  'EvolutionFailed',
  'ModelError',
  'RegistryError',
  'SandboxError',
  'StoreError',
  'TemporalUnavailable',
]);

/** Prints an error and sets the exit code. Unknown errors show their stack only when asked for. */
export function reportError(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
    return;
  }
  process.exitCode = error instanceof CliError ? error.exitCode : EXIT_FAILED;
  const known = error instanceof Error && SPOKEN.has(error.name);
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`self-harness: ${message}\n`);
  if (!known && error instanceof Error && process.env.SELF_HARNESS_DEBUG)
    process.stderr.write(`${error.stack}\n`);
  else if (!known) process.stderr.write('Set SELF_HARNESS_DEBUG=1 to see where it comes from.\n');
}
