import { BubblewrapProvider } from './bubblewrap.js';
import { HostProvider } from './host.js';
import { SandboxError, type SandboxProvider } from './types.js';

export * from './types.js';

export interface SandboxProviderOptions {
  /** `auto` is bubblewrap: running unprotected is never chosen for anyone. */
  kind: 'auto' | 'bubblewrap' | 'host';
  /** Has to be true for `host`. */
  allowHost: boolean;
  /** Root system to run on instead of this machine's; absolute. */
  baseRoot?: string | null;
  /** Folder for what sandboxes share and workers keep; made if missing. */
  stateDir: string;
}

/** @throws {SandboxError} when the choice is not allowed here; programs that are missing show at the first start. */
export function createSandboxProvider(options: SandboxProviderOptions): SandboxProvider {
  if (options.kind === 'host') {
    if (!options.allowHost) {
      throw new SandboxError(
        'sandbox.kind is host, which runs model-written commands unprotected on this machine: set sandbox.allowHost to true if that is meant.',
        'unavailable',
      );
    }
    return new HostProvider({ stateDir: options.stateDir });
  }
  if (process.platform !== 'linux') {
    throw new SandboxError(`bubblewrap needs Linux, and this is ${process.platform}.`, 'unavailable');
  }
  return new BubblewrapProvider({ stateDir: options.stateDir, baseRoot: options.baseRoot });
}
