import { spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { release as kernelRelease, tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentOf } from './build.js';
import { Channel } from './channel.js';
import { driverArguments, driverText } from './driver.js';
import { ShellSandbox } from './session.js';
import { keepDefinitions } from './shell-code.js';
import { type Sandbox, SandboxError, type SandboxProvider, type SandboxSpec } from './types.js';
import { WorkerState } from './worker-state.js';

/** Marks every process of such a sandbox, wherever it went. */
const MARK = 'SELF_HARNESS_HOST_SANDBOX';

/**
 * No protection at all: commands run on this machine as this user, with its network and its files; only
 * the environment is clean and each trial has a temporary folder. Absolute paths cannot be mapped for
 * commands, so tasks that name any (/app, /tests, /logs) mostly do not work: file operations take such
 * paths below the temporary folder, and commands find it in SANDBOX_ROOT. Build steps and limits of
 * memory, processes and storage are not honoured.
 */
export class HostProvider implements SandboxProvider {
  readonly kind = 'host';
  private readonly state: WorkerState;

  constructor(options: { stateDir: string }) {
    this.state = new WorkerState(options.stateDir);
  }

  async fingerprint(): Promise<string> {
    return `host:${process.platform}:${kernelRelease()}`;
  }

  async create(spec: SandboxSpec, signal?: AbortSignal): Promise<Sandbox> {
    signal?.throwIfAborted();
    if (spec.environment.unsupported !== null) {
      throw new SandboxError(
        `This task cannot run on the host: ${spec.environment.unsupported}`,
        'unsupported',
      );
    }
    const step = spec.environment.build.find((s) => s.kind === 'run' || s.kind === 'copy');
    if (step) {
      throw new SandboxError(
        `This task cannot run on the host: its Dockerfile has ${step.kind.toUpperCase()} steps.`,
        'unsupported',
      );
    }
    const root = mkdtempSync(join(tmpdir(), 'self-harness-host-'));
    const workdir = join(root, spec.environment.workdir);
    const stateDir = join(root, '.shell');
    await Promise.all([workdir, stateDir, join(root, 'tmp')].map((dir) => mkdir(dir, { recursive: true })));
    const pipe = await this.state.takePipe();
    const channel = this.open(pipe, root);
    const release = async () => {
      await rm(root, { recursive: true, force: true });
      this.state.returnPipe(pipe);
    };
    const abort = () => void channel.close();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      channel.send(driverText(''));
      await channel.untilReady();
      await Promise.all(['0', '1'].map((name) => writeFile(join(stateDir, name), '')));
      await writeFile(join(stateDir, 'current'), '0\n');
      const env = { SANDBOX_ROOT: root, TMPDIR: join(root, 'tmp'), ...environmentOf(spec.environment) };
      const start = { defaults: { env, workdir }, user: null, stateDir };
      await channel.request({ op: 'now', setup: keepDefinitions(start), timeoutSeconds: 30 });
      return new ShellSandbox(spec.id, channel, start, release, null, root);
    } catch (error) {
      await channel.close();
      await release();
      signal?.throwIfAborted();
      throw new SandboxError(
        `The shell did not start: ${(await channel.startDiagnostics()) || (error as Error).message}`,
        'start',
        {
          cause: error,
        },
      );
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async sweep(): Promise<number> {
    await this.state.sweep();
    return 0;
  }

  private open(pipe: string, root: string): Channel {
    const readEnd = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const writeEnd = openSync(pipe, constants.O_WRONLY);
    const child = spawn('bash', driverArguments(driverText('')), {
      stdio: ['pipe', 'ignore', 'pipe', 'pipe', writeEnd],
      env: { PATH: process.env.PATH, HOME: root, LANG: 'C.UTF-8', [MARK]: root },
      cwd: root,
      detached: true,
    });
    closeSync(writeEnd);
    const kill = () => {
      child.kill('SIGKILL');
      killMarked(root);
    };
    return new Channel(child, readEnd, kill, () => void child.kill('SIGUSR1'));
  }
}

/** Kills whatever was started in the sandbox at `root`, by the mark in its environment. */
function killMarked(root: string): void {
  for (let round = 0; round < 10; round++) {
    const marked = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isMarked(name, root));
    if (marked.length === 0) return;
    for (const pid of marked) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // Dead already.
      }
    }
  }
}

function isMarked(pid: string, root: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`${MARK}=${root}`);
  } catch {
    return false;
  }
}
