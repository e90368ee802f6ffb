/** What is left on this machine of the sandboxes of one worker: processes, control groups, its folder of pipes. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findCgroups } from '../../src/sandbox/cgroup.js';

/** @param stateDir of the worker; @param pid of the worker, which may be dead. Empty: nothing is left. */
export function leftovers(stateDir: string, pid: number): string[] {
  const folder = join(stateDir, 'sandboxes');
  const processes = namesIn('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== pid)
    .filter(
      (other) => mounts(other).includes(folder) || openFiles(other).some((file) => file.startsWith(folder)),
    )
    .map((other) => `process ${other}`);
  const roots = findCgroups();
  const groups = roots ? [...new Set([roots.memory, roots.pids, roots.cpu ?? roots.pids])] : [];
  const own = (name: string) => name.split(/[-.]/)[2] === String(pid);
  return [
    ...processes,
    ...[...groups, join(folder, 'workers')].flatMap((dir) =>
      namesIn(dir)
        .filter(own)
        .map((name) => join(dir, name)),
    ),
  ];
}

function mounts(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/mountinfo`, 'utf8');
  } catch {
    return '';
  }
}

function openFiles(pid: string): string[] {
  return namesIn(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return '';
    }
  });
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
