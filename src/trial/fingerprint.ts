/** What files an agent left, as one digest: attempts that left the same can be told from others without their verdicts. */
import type { Sandbox } from '../sandbox/types.js';
import { quote } from './verify.js';

/** A working directory that takes longer to read has no fingerprint. */
const SECONDS_MAX = 30;
const OUTPUT_BYTES = 4096;

/**
 * SHA-256 over the sorted relative paths and contents of the files below `workdir`, and over its symbolic links and where they point;
 * `.git` folders and other file systems are left out, times, owners and modes do not count. Runs where the agent ran, with the
 * programs that it left: what it says can be forged.
 *
 * @returns null: a file cannot be read, the time is up, or a program is missing
 * @throws {SandboxError} when the sandbox breaks; the signal's reason when it is aborted
 */
export async function fingerprintOf(
  sandbox: Sandbox,
  workdir: string,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const find = (what: string) => `find . -xdev -name .git -prune -o ${what}`;
  const files = `${find('-type f -print0')} | LC_ALL=C sort -z | xargs -0 -r sha256sum --`;
  const links = `${find("-type l -printf '%p -> %l\\0'")} | LC_ALL=C sort -z`;
  const command = `set -o pipefail; cd -- "$SANDBOX_ROOT"${quote(workdir)} && { ${files} && ${links}; } | sha256sum`;
  const { exitCode, output } = await sandbox.exec(command, {
    timeoutSeconds: SECONDS_MAX,
    outputBytes: OUTPUT_BYTES,
    cwd: '/',
    cleanEnv: true,
    ...(signal ? { signal } : {}),
  });
  signal?.throwIfAborted();
  return exitCode === 0 ? (/^([0-9a-f]{64}) {2}-\n$/.exec(output)?.[1] ?? null) : null;
}
