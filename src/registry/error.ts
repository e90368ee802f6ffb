/**
 * - `not-found`: no such version or ref;
 * - `ambiguous`: a prefix that several versions share;
 * - `broken`: files of the registry were changed, removed or damaged;
 * - `conflict`: a ref does not stand where the caller thought it did;
 * - `needs-reason`: a sealed split was opened before;
 * - `bad-input`: an entry that the ledger does not take.
 */
export type RegistryErrorCode =
  | 'not-found'
  | 'ambiguous'
  | 'broken'
  | 'conflict'
  | 'needs-reason'
  | 'bad-input';

/** The message says the file or name, what was found and the remedy. Trouble with the disk is a StoreError instead. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';

  constructor(
    readonly code: RegistryErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
