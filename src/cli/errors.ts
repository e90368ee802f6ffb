/** Errors as people see them: one sentence with a remedy on stderr, and an exit code that scripts can use. */
import { CommanderError } from 'commander';
import { typed } from './typed.js';

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
  'ServerError',
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
  const sentence = systemSentence(error) ?? serverSentence(error);
  if (sentence !== null) return void process.stderr.write(`self-harness: ${sentence}\n`);
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`self-harness: ${message}\n`);
  if (!known && error instanceof Error && process.env.SELF_HARNESS_DEBUG)
    process.stderr.write(`${error.stack}\n`);
  else if (!known) process.stderr.write('Set SELF_HARNESS_DEBUG=1 to see where it comes from.\n');
}

/** A server that went away while a command talked to it; null for errors of another kind. */
function serverSentence(error: unknown): string | null {
  if (!(error instanceof Error) || error.name !== 'ServiceError') return null;
  const detail = (error.cause as Error | undefined)?.message ?? error.message;
  return `The Temporal server no longer answers (${detail}). Start it again with \`${typed('server')}\` and the same --state: what was running goes on from where it was.`;
}

/** What the system refused, with its remedy; null for errors of another kind. */
function systemSentence(error: unknown): string | null {
  const { code, path, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  const what = path ?? 'a file of the state folder';
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `${what}: the disk is full. Free some space, or name a folder on another disk with --state.`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${what}: not permitted (${code}). Name a folder that you may write to with --state, or run as its owner.`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${what}: a file is where a folder is needed. Move it away, or name another folder with --state.`;
    case 'ENOENT':
      // Also what Node says of a folder below a file system that is read-only.
      return syscall === 'mkdir'
        ? `${what}: the folder cannot be made there. Name another folder with --state.`
        : null;
    default:
      return null;
  }
}
