import type { ExecOptions, ExecResult, Sandbox } from '../../src/sandbox/types.js';

/** Runs a command of a test: its output and exit code; it may change `files`. */
export type FakeCommand = (
  command: string,
  files: Map<string, Buffer>,
  options: ExecOptions,
) => Partial<ExecResult> | Promise<Partial<ExecResult>>;

/** A sandbox that is a map of files and a function for commands: for tests of what happens around the sandbox. */
export class MemorySandbox implements Sandbox {
  readonly id: string = 'memory';
  readonly files = new Map<string, Buffer>();
  readonly commands: { command: string; options: ExecOptions }[] = [];
  /** Calls of `exists`. */
  looks = 0;

  constructor(private readonly run: FakeCommand = () => ({})) {}

  async exec(command: string, options: ExecOptions): Promise<ExecResult> {
    this.commands.push({ command, options });
    const result = await this.run(command, this.files, options);
    return { exitCode: 0, output: '', omittedBytes: 0, timedOut: false, durationMs: 1, ...result };
  }

  async readFile(path: string, maxBytes: number) {
    const content = this.files.get(path);
    if (!content) return { ok: false as const, reason: 'no such file' };
    if (content.length > maxBytes) return { ok: false as const, reason: 'too large' };
    return { ok: true as const, content, size: content.length };
  }

  async writeFile(path: string, content: string | Uint8Array) {
    this.files.set(path, Buffer.from(content as string));
    return { ok: true as const };
  }

  async exists(paths: string[]) {
    this.looks += 1;
    const known = [...this.files.keys()];
    return paths.map((path) => known.some((file) => file === path || file.startsWith(`${path}/`)));
  }

  async upload(_hostDir: string, _path: string): Promise<void> {}
  async forVerifier() {
    return this;
  }
  async destroy(): Promise<void> {}
}
