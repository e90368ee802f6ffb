/**
 * The user namespace of the sandboxes: made once per worker and then entered by each sandbox. Inside, 0
 * is a subordinate id of this machine, never its root: a sandbox that ran as the real root could write
 * /proc/sys. A namespace lives as long as a descriptor names it; no process has to stay in it.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { SandboxError } from './types.js';

const run = promisify(execFile);

export interface UserNamespace {
  /** Descriptor of the namespace. */
  fd: number;
  /** `range`: users 0-65535 (or nearly so) exist inside; `single`: only root does. */
  ids: 'range' | 'single';
  /** This machine's number for the sandbox's root: owner of what sandboxes keep on disk. */
  rootId: number;
  close(): void;
}

/** @throws {SandboxError} kind `unavailable`, with the command that mends it. */
export async function createUserNamespace(): Promise<UserNamespace> {
  if (process.getuid!() === 0) return make('range', mapAsRoot);
  const users = subordinateRange('/etc/subuid');
  const groups = subordinateRange('/etc/subgid');
  if (users && groups) {
    const mapped = await make('range', async (pid) => {
      await run('newuidmap', [String(pid), '0', users.start, users.count]);
      await run('newgidmap', [String(pid), '0', groups.start, groups.count]);
    }).catch((error) => {
      if (error instanceof SandboxError) throw error;
      return null;
    });
    if (mapped) return mapped;
  }
  return make('single', mapOwnId);
}

async function make(
  ids: UserNamespace['ids'],
  map: (pid: number) => void | Promise<void>,
): Promise<UserNamespace> {
  const child = spawn('unshare', ['--user', '--', '/bin/sh', '-c', 'echo made; read line'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  try {
    await untilMade(child);
    await map(child.pid!);
    const fd = openSync(`/proc/${child.pid}/ns/user`, 'r');
    const rootId = Number(readFileSync(`/proc/${child.pid}/uid_map`, 'utf8').trim().split(/\s+/)[1]);
    return { fd, ids, rootId, close: () => closeSync(fd) };
  } finally {
    child.stdin!.on('error', () => {});
    child.stdin!.end();
  }
}

/** Always allowed; users other than root do not exist inside then. */
function mapOwnId(pid: number): void {
  writeFileSync(`/proc/${pid}/setgroups`, 'deny');
  writeFileSync(`/proc/${pid}/uid_map`, `0 ${process.getuid!()} 1`);
  writeFileSync(`/proc/${pid}/gid_map`, `0 ${process.getgid!()} 1`);
}

function untilMade(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr!.on('data', (chunk) => {
      said += chunk;
    });
    child.stdout!.once('data', () => resolve());
    child.once('error', (error) =>
      reject(
        new SandboxError(
          `The program unshare cannot be run: ${error.message}. Install util-linux.`,
          'unavailable',
        ),
      ),
    );
    child.once('close', () =>
      reject(
        new SandboxError(
          `This machine refuses user namespaces (${said.trim()}). As root: sysctl -w user.max_user_namespaces=15000 ` +
            'kernel.unprivileged_userns_clone=1 (the second only where it exists); in a container, run it with rights for namespaces.',
          'unavailable',
        ),
      ),
    );
  });
}

/** Root needs no /etc/subuid. Ranges beside the usual one are for root inside a container with few ids. */
function mapAsRoot(pid: number): void {
  for (const [start, count] of [
    [100_000, 65_536],
    [10_000, 55_536],
    [1000, 64_536],
  ]) {
    try {
      writeFileSync(`/proc/${pid}/uid_map`, `0 ${start} ${count}`);
      writeFileSync(`/proc/${pid}/gid_map`, `0 ${start} ${count}`);
      return;
    } catch {
      // Not all of these ids exist here.
    }
  }
  throw new SandboxError(
    'No free ids for sandboxes: /proc/self/uid_map of this process holds too few. Run the container with a range of at least 65536 ids.',
    'unavailable',
  );
}

/** The user's first entry of /etc/subuid or /etc/subgid. */
export function subordinateRange(file: string): { start: string; count: string } | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  const names = [userName(), String(process.getuid!())];
  for (const line of text.split('\n')) {
    const [name, start, count] = line.trim().split(':');
    if (names.includes(name ?? '') && start && count && Number(count) >= 1000) {
      return { start, count: String(Math.min(Number(count), 65_536)) };
    }
  }
  return null;
}

/** Name of the user that this process runs as, or its number when it has none. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid!());
  }
}
