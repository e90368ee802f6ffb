import type { TaskEnvironment } from '../suite/types.js';

/** Limits of a sandbox and of single commands. */
export interface SandboxLimits {
  memoryMb: number;
  /** Processes and threads. */
  processes: number;
  /** Space for everything the sandbox writes. */
  storageMb: number;
}

export interface SandboxSpec {
  /** Digest-like id of the trial: names the sandbox, so that leftovers of a dead worker are found. */
  id: string;
  environment: TaskEnvironment;
  /** Absolute path of the task's `environment/` folder: where `copy` steps read from. */
  contextDir: string;
  limits: SandboxLimits;
}

export interface ExecOptions {
  /** Seconds; the command's processes are killed after it. */
  timeoutSeconds: number;
  /** Bytes of output that are kept: head and tail. The rest is counted and dropped. */
  outputBytes: number;
  cwd?: string;
  env?: Record<string, string>;
  /** true: start from a clean environment (verification); false: the sandbox's own. */
  cleanEnv?: boolean;
  /** true: as the sandbox's root, whoever the environment's user is (making room for a verifier). */
  root?: boolean;
  /** true: directory, variables, functions of this call are seen by the next persistent call. */
  persist?: boolean;
  signal?: AbortSignal;
}

export interface ExecResult {
  /** 0-255; 124 when the time limit killed it. */
  exitCode: number;
  /** stdout and stderr, interleaved as written, bounded. */
  output: string;
  /** Bytes that were dropped from the middle of `output`. */
  omittedBytes: number;
  timedOut: boolean;
  durationMs: number;
}

/** One isolated place for one trial. Files and background processes persist across calls. */
export interface Sandbox {
  readonly id: string;
  /** Runs `bash -c command`. @throws {SandboxError} when the sandbox itself is broken, never for a failing command. */
  exec(command: string, options: ExecOptions): Promise<ExecResult>;
  /** Content, or a reason in words why not (missing, directory, too large, not text is no reason). */
  readFile(
    path: string,
    maxBytes: number,
  ): Promise<{ ok: true; content: Buffer; size: number } | { ok: false; reason: string }>;
  /** Writes as the sandbox's user; parents are made. */
  writeFile(
    path: string,
    content: string | Uint8Array,
    options?: { mode?: number },
  ): Promise<{ ok: true } | { ok: false; reason: string }>;
  /** Which of `paths` exist. */
  exists(paths: string[]): Promise<boolean[]>;
  /** Copies a folder of this machine into the sandbox, owned by its root. */
  upload(hostDir: string, path: string): Promise<void>;
  /**
   * This place as the verifier is to have it, once the agent has ended: the same files, processes and services, a clean
   * environment, `/tests` and `/logs/verifier` empty. Where the kind of sandbox can give it, no process and no file of
   * the agent reaches these two, and the programs of the base root are as they were. Once per sandbox; it ends with it.
   * @throws {SandboxError}
   */
  forVerifier(signal?: AbortSignal): Promise<Sandbox>;
  /** Kills everything and removes every trace of it on the host. Idempotent, never throws. */
  destroy(): Promise<void>;
}

export interface SandboxProvider {
  readonly kind: 'bubblewrap' | 'host';
  /** What identifies the root system for the contract: base root digest or description, versions. */
  fingerprint(): Promise<string>;
  /** @throws {SandboxError} */
  create(spec: SandboxSpec, signal?: AbortSignal): Promise<Sandbox>;
  /** Removes what dead workers left behind; returns how many. */
  sweep(): Promise<number>;
}

/** The sandbox is broken or cannot start: the trial is `invalid`, never `failed`. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
  constructor(
    message: string,
    /** `unsupported`: this task cannot run in this kind of sandbox; retrying is useless. */
    readonly kind: 'unavailable' | 'start' | 'lost' | 'disk' | 'unsupported',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
