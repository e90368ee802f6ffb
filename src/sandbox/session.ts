import { basename, posix } from 'node:path';
import type { Channel } from './channel.js';
import { exists, readFile, unpack, writeFile } from './files.js';
import { OutputWindow } from './output.js';
import { type CommandStart, commandCode } from './shell-code.js';
import { readTree } from './tar.js';
import { type ExecOptions, type ExecResult, type Sandbox, SandboxError } from './types.js';

/**
 * Also where the agent put a link or a file in their place. SANDBOX_ROOT is set where a sandbox has no root of its own:
 * this machine's /tests and /logs must never be emptied.
 */
const EMPTY_FOLDERS = `
for folder in /logs /logs/verifier /logs/agent /logs/artifacts /tests; do
  folder=$SANDBOX_ROOT$folder
  if [ -L "$folder" ] || [ ! -d "$folder" ]; then rm -rf -- "$folder" && mkdir -- "$folder" || exit 1; fi
done
cd -- "$SANDBOX_ROOT/logs" && find ../tests verifier -mindepth 1 -delete && chmod 0777 verifier agent artifacts`;

/** A sandbox whose commands run through a driver shell, whatever surrounds that shell. */
export class ShellSandbox implements Sandbox {
  private destroyed: Promise<void> | null = null;

  constructor(
    readonly id: string,
    private readonly channel: Channel,
    private readonly start: CommandStart,
    /** Releases what the provider holds for this sandbox; runs once, after everything in it is dead. */
    private readonly release: () => Promise<void>,
    /** Opens the verifier's own way in; without it, the verifier shares the agent's. */
    private readonly openVerifier: ((signal?: AbortSignal) => Promise<Sandbox>) | null,
    /** Put before absolute paths of file operations, where the sandbox has no root of its own. */
    private readonly pathPrefix = '',
  ) {}

  async exec(command: string, options: ExecOptions): Promise<ExecResult> {
    options.signal?.throwIfAborted();
    const startedAt = performance.now();
    if (command.includes('\0')) {
      return {
        exitCode: 126,
        output: 'The command holds a NUL byte; no shell can run it.\n',
        omittedBytes: 0,
        timedOut: false,
        durationMs: 0,
      };
    }
    const window = new OutputWindow(options.outputBytes);
    const answer = await this.channel.request({
      op: 'run',
      setup: commandCode(options.root ? { ...this.start, user: null } : this.start, {
        cwd: options.cwd,
        env: options.env,
        persist: options.persist === true && !options.cleanEnv && !options.root,
      }),
      text: command,
      timeoutSeconds: options.timeoutSeconds,
      output: window,
      signal: options.signal,
    });
    if (answer.exhausted) window.push(Buffer.from('bash: fork: Resource temporarily unavailable\n'));
    if (answer.aborted) options.signal?.throwIfAborted();
    return {
      exitCode: answer.timedOut ? 124 : answer.status,
      ...window.finish(),
      timedOut: answer.timedOut,
      durationMs: performance.now() - startedAt,
    };
  }

  readFile(path: string, maxBytes: number): ReturnType<Sandbox['readFile']> {
    return readFile(this.channel, this.start.user, this.absolute(path), maxBytes);
  }

  writeFile(
    path: string,
    content: string | Uint8Array,
    options?: { mode?: number },
  ): ReturnType<Sandbox['writeFile']> {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    return writeFile(this.channel, this.start.user, this.absolute(path), bytes, options?.mode);
  }

  exists(paths: string[]): Promise<boolean[]> {
    return exists(
      this.channel,
      paths.map((path) => (path === '' ? '' : this.absolute(path))),
    );
  }

  async upload(hostDir: string, path: string): Promise<void> {
    const target = posix.normalize(this.absolute(path)).replace(/(?<=.)\/$/, '');
    const name = basename(target);
    const entries = await readTree(hostDir, name).catch((error: unknown) => {
      throw new SandboxError(`${hostDir} cannot be read: ${(error as Error).message}`, 'start', {
        cause: error,
      });
    });
    if (name === '') return unpack(this.channel, '/', entries);
    await unpack(this.channel, posix.dirname(target), [
      { kind: 'directory', path: name, mode: 0o755 },
      ...entries,
    ]);
  }

  async forVerifier(signal?: AbortSignal): Promise<Sandbox> {
    if (this.openVerifier) return this.openVerifier(signal);
    const emptied = await this.exec(EMPTY_FOLDERS, {
      timeoutSeconds: 60,
      outputBytes: 2000,
      cwd: '/',
      cleanEnv: true,
      root: true,
      ...(signal ? { signal } : {}),
    });
    signal?.throwIfAborted();
    if (emptied.exitCode === 0) return this;
    throw new SandboxError(`/tests and /logs/verifier cannot be prepared: ${emptied.output.trim()}`, 'lost');
  }

  destroy(): Promise<void> {
    this.destroyed ??= this.channel
      .close()
      .then(() => this.release())
      .catch(() => {});
    return this.destroyed;
  }

  /** Joined, not normalised: `link/..` means what it means inside. */
  private absolute(path: string): string {
    return path.startsWith('/') ? this.pathPrefix + path : `${this.start.defaults.workdir}/${path}`;
  }
}
