/**
 * Limits by control groups, version 2 or 1, wherever this process may make groups of its own; a machine
 * where it may not has `null` here and the sandbox falls back to resource limits of its processes.
 */
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDead } from './worker-state.js';

const PARENT = 'self-harness';

export interface CgroupRoots {
  version: 1 | 2;
  /** Folder by controller under which groups can be made; in version 2 the same for all. */
  memory: string;
  pids: string;
  cpu: string | null;
}

export interface CgroupLimits {
  memoryBytes: number;
  processes: number;
  cpus: number | null;
}

/** What was found, tried out. @param files where to look: replaced by tests */
export function findCgroups(
  files = { mounts: '/proc/self/mountinfo', own: '/proc/self/cgroup' },
): CgroupRoots | null {
  try {
    const mounts = parseMounts(readFileSync(files.mounts, 'utf8'));
    return findVersion1(mounts) ?? findVersion2(mounts, readFileSync(files.own, 'utf8'));
  } catch {
    return null;
  }
}

interface CgroupMount {
  path: string;
  /** The part of the hierarchy that is mounted there. */
  root: string;
  type: string;
  options: string[];
}

function parseMounts(text: string): CgroupMount[] {
  return text.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ');
    const fields = before?.split(' ') ?? [];
    const [type, , options] = after?.split(' ') ?? [];
    if (!type?.startsWith('cgroup')) return [];
    return [{ path: fields[4] ?? '', root: fields[3] ?? '/', type, options: options?.split(',') ?? [] }];
  });
}

function findVersion1(mounts: CgroupMount[]): CgroupRoots | null {
  const controller = (name: string): string | null => {
    const mount = mounts.find((m) => m.type === 'cgroup' && m.options.includes(name));
    return mount && canMake(join(mount.path, PARENT)) ? join(mount.path, PARENT) : null;
  };
  const memory = controller('memory');
  const pids = controller('pids');
  return memory && pids ? { version: 1, memory, pids, cpu: controller('cpu') } : null;
}

/** The nearest group at or above our own that hands memory and pids down to groups we may make. */
function findVersion2(mounts: CgroupMount[], own: string): CgroupRoots | null {
  const mount = mounts.find((m) => m.type === 'cgroup2');
  const path = /^0::(.*)$/m.exec(own)?.[1];
  if (!mount || path === undefined) return null;
  const relative = path.startsWith(mount.root) ? path.slice(mount.root.length) : path;
  for (let dir = join(mount.path, relative); dir.startsWith(mount.path); dir = join(dir, '..')) {
    const parent = join(dir, PARENT);
    if (delegates(dir) && canMake(parent) && delegates(parent)) {
      const cpu = controllers(parent).includes('cpu') ? parent : null;
      return { version: 2, memory: parent, pids: parent, cpu };
    }
    if (dir === mount.path) break;
  }
  return null;
}

const controllers = (dir: string): string[] =>
  readFileSync(join(dir, 'cgroup.subtree_control'), 'utf8').trim().split(' ');

function delegates(dir: string): boolean {
  const has = () => ['memory', 'pids'].every((name) => controllers(dir).includes(name));
  try {
    if (has()) return true;
    writeFileSync(join(dir, 'cgroup.subtree_control'), '+memory +pids');
    try {
      writeFileSync(join(dir, 'cgroup.subtree_control'), '+cpu');
    } catch {
      // Without it, only the share of processors cannot be limited.
    }
    return has();
  } catch {
    return false;
  }
}

function canMake(dir: string): boolean {
  try {
    mkdirSync(dir, { recursive: true });
    const probe = join(dir, `probe-${process.pid}`);
    mkdirSync(probe);
    rmdirSync(probe);
    return true;
  } catch {
    return false;
  }
}

/** The groups of one sandbox. */
export class Cgroup {
  private readonly dirs: string[];
  private readonly processLimit: { file: string; processes: number };

  /** @param name starts with the tag of the worker, so that a later one knows whose it was */
  constructor(roots: CgroupRoots, name: string, limits: CgroupLimits) {
    const pidsMax = join(roots.pids, name, 'pids.max');
    this.processLimit = { file: pidsMax, processes: limits.processes };
    const cpu = limits.cpus !== null ? roots.cpu : null;
    this.dirs = [...new Set([roots.memory, roots.pids, ...(cpu ? [cpu] : [])])].map((dir) => join(dir, name));
    try {
      for (const dir of this.dirs) mkdirSync(dir);
      const memory = join(roots.memory, name);
      const quota = Math.round((limits.cpus ?? 0) * 100_000);
      if (roots.version === 2) {
        writeFileSync(join(memory, 'memory.max'), String(limits.memoryBytes));
        writeOptional(join(memory, 'memory.swap.max'), '0');
        if (cpu) writeFileSync(join(cpu, name, 'cpu.max'), `${quota} 100000`);
      } else {
        writeFileSync(join(memory, 'memory.limit_in_bytes'), String(limits.memoryBytes));
        writeOptional(join(memory, 'memory.memsw.limit_in_bytes'), String(limits.memoryBytes));
        if (cpu) writeFileSync(join(cpu, name, 'cpu.cfs_quota_us'), String(quota));
      }
      writeFileSync(pidsMax, String(limits.processes));
    } catch (error) {
      for (const dir of this.dirs) removeEmpty(dir);
      throw error;
    }
  }

  /** Off the main thread: moving a process waits for the kernel. */
  async add(pid: number): Promise<void> {
    await Promise.all(this.dirs.map((dir) => writeFile(join(dir, 'cgroup.procs'), String(pid))));
  }

  /** Room for so many processes more, for what comes when others have used up theirs. */
  allowMore(processes: number): void {
    writeFileSync(this.processLimit.file, String(this.processLimit.processes + processes));
  }

  /** Once its processes are dead; the kernel may need a moment to notice. */
  async remove(): Promise<void> {
    for (const dir of this.dirs) await removeGroup(dir);
  }
}

/** Removes the groups of dead workers, killing what may still be in them. Returns how many sandboxes they held. */
export async function sweepCgroups(roots: CgroupRoots): Promise<number> {
  const names = new Set<string>();
  for (const parent of new Set([roots.memory, roots.pids, roots.cpu])) {
    if (parent === null) continue;
    for (const name of readdirSync(parent)) {
      if (!isDead(name)) continue;
      names.add(name);
      await removeGroup(join(parent, name));
    }
  }
  return names.size;
}

async function removeGroup(dir: string): Promise<void> {
  for (let attempt = 0; attempt < 40; attempt++) {
    if (removeEmpty(dir)) return;
    for (const pid of processesOf(dir)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Dead already.
      }
    }
    await delay(5 * (attempt + 1));
  }
}

function removeEmpty(dir: string): boolean {
  try {
    rmdirSync(dir);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function processesOf(dir: string): number[] {
  try {
    return readFileSync(join(dir, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function writeOptional(file: string, value: string): void {
  try {
    writeFileSync(file, value);
  } catch {
    // Only kernels that account for swap have it.
  }
}
