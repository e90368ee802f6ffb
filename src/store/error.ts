/** What can go wrong with kept files. The message says the file, what was found and the remedy. */

/**
 * - `missing`: no such artifact;
 * - `corrupt`: the file does not hold what its name or its check sum says;
 * - `no-space`, `no-access`: the disk or the rights refuse;
 * - `bad-input`: a name or a value that the store does not take;
 * - `io`: any other failure of the file system.
 */
export type StoreErrorCode = 'missing' | 'corrupt' | 'no-space' | 'no-access' | 'bad-input' | 'io';

export class StoreError extends Error {
  override readonly name = 'StoreError';

  constructor(
    readonly code: StoreErrorCode,
    message: string,
    /** The file that it is about; null: none. */
    readonly path: string | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The code of a Node system error such as `ENOENT`; undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Turns a failure of the file system at `path` into a StoreError with a remedy; a StoreError passes as it is. */
export function toStoreError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = systemCode(error);
  const options = { cause: error };
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new StoreError(
        'no-space',
        `${path}: no space is left on the disk or in the quota. Free some space and resume; what is stored stays valid.`,
        path,
        options,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StoreError(
        'no-access',
        `${path}: may not be read or written (${code}). Give this user read and write access to the folder, on a file system that is writable and allows hard links, or name another folder.`,
        path,
        options,
      );
    case 'EMFILE':
    case 'ENFILE':
      return new StoreError(
        'io',
        `${path}: too many files are open (${code}). Raise the limit (ulimit -n) or lower the concurrency.`,
        path,
        options,
      );
    default:
      return new StoreError(
        'io',
        `${path}: the file system failed (${error instanceof Error ? error.message : String(error)}). Check the disk, then resume.`,
        path,
        options,
      );
  }
}
