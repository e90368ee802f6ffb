/**
 * What a worker keeps on disk for its sandboxes, and how another one tells that its owner is dead.
 *
 *   <stateDir>/sandboxes/workers/<owner>/*-pipe-<n>   pipes for the output of commands, gone with the worker
 *   <stateDir>/sandboxes/roots/                   skeletons and built layers, shared by workers; writable
 *                                                 for the sandbox's root, behind a folder of mode 0700
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isAlive, startTime } from '../alive.js';
import { SandboxError } from './types.js';

const run = promisify(execFile);

/** A process of this machine, told apart from later ones with the same number. */
export interface Owner {
  /** First digits of the kernel's boot id. */
  boot: string;
  /** Inode of the process namespace: numbers of another one say nothing here. */
  pidNamespace: string;
  pid: number;
  /** Clock ticks since boot. */
  startedAt: string;
}

export function currentOwner(): Owner {
  return {
    boot: bootId(),
    pidNamespace: pidNamespace(),
    pid: process.pid,
    startedAt: startTime(process.pid) ?? '0',
  };
}

export const ownerTag = (owner: Owner): string =>
  `${owner.boot}-${owner.pidNamespace}-${owner.pid}-${owner.startedAt}`;

/** true only where it is certain: a tag of another process namespace of the same boot cannot be judged. */
export function isDead(tag: string): boolean {
  const match = /^([0-9a-f]{8})-(\d+)-(\d+)-(\d+)(?:$|\.)/.exec(tag);
  if (!match) return false;
  const [, boot, namespace, pid, startedAt] = match;
  if (boot !== bootId()) return true;
  if (namespace !== pidNamespace()) return false;
  return !isAlive(Number(pid)) || startTime(Number(pid)) !== startedAt;
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
const pidNamespace = (): string => /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';

export class WorkerState {
  private readonly owner = ownerTag(currentOwner());
  /** Starts the names of what has to be told apart by worker; providers of one worker differ in their end. */
  readonly tag = `${this.owner}.${randomBytes(4).toString('hex')}`;
  readonly rootsDir: string;
  private readonly workersDir: string;
  private readonly ownDir: string;
  private readonly freePipes: string[] = [];
  private pipesMade = 0;
  private making: Promise<void> = Promise.resolve();

  /** @throws {SandboxError} when the folder cannot be made. */
  constructor(stateDir: string) {
    const base = join(stateDir, 'sandboxes');
    this.rootsDir = join(base, 'roots');
    this.workersDir = join(base, 'workers');
    this.ownDir = join(this.workersDir, this.owner);
    try {
      mkdirSync(base, { recursive: true });
      chmodSync(base, 0o700);
      mkdirSync(this.rootsDir, { recursive: true });
      chmodSync(this.rootsDir, 0o777);
    } catch (error) {
      throw new SandboxError(
        `The state folder for sandboxes ${stateDir} cannot be made: ${(error as Error).message}. Name another one.`,
        'unavailable',
        { cause: error },
      );
    }
  }

  /** A pipe by path that no living process has open. */
  async takePipe(): Promise<string> {
    if (this.freePipes.length === 0) {
      this.making = this.making
        .catch(() => {})
        .then(() => (this.freePipes.length === 0 ? this.makePipes() : undefined));
      await this.making;
    }
    return this.freePipes.pop() ?? this.takePipe();
  }

  /** For pipes whose users are all dead; the kernel forgot what was in it with the last of them. */
  returnPipe(path: string): void {
    this.freePipes.push(path);
  }

  /** Removes folders of dead workers. */
  async sweep(): Promise<void> {
    for (const tag of await readdir(this.workersDir).catch(() => [])) {
      if (isDead(tag)) await rm(join(this.workersDir, tag), { recursive: true, force: true }).catch(() => {});
    }
  }

  async remove(): Promise<void> {
    await rm(dirname(this.rootsDir), { recursive: true, force: true });
  }

  private async makePipes(): Promise<void> {
    mkdirSync(this.ownDir, { recursive: true, mode: 0o700 });
    const paths = Array.from({ length: 8 }, () =>
      join(this.ownDir, `${this.tag.split('.')[1]}-pipe-${this.pipesMade++}`),
    );
    // Writable for everyone: inside, /dev/stdout is opened under the sandbox's own ids.
    await run('mkfifo', ['-m', '666', ...paths]).catch((error: Error) => {
      throw new SandboxError(`Pipes in ${this.ownDir} cannot be made: ${error.message}`, 'disk', {
        cause: error,
      });
    });
    this.freePipes.push(...paths);
  }
}
