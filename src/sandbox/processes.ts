import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * To the driver: the only child of bwrap, looked up each time, because a number kept from earlier may be
 * that of a stranger by now. SIGKILL goes to bwrap as well; either death ends everything in the sandbox.
 */
export function signalSandbox(bwrap: ChildProcess, name: 'SIGKILL' | 'SIGUSR1'): void {
  if (bwrap.pid === undefined || bwrap.exitCode !== null || bwrap.signalCode !== null) return;
  try {
    const driver = childOf(bwrap.pid);
    if (driver !== undefined) process.kill(driver, name);
  } catch {
    // Dead already.
  }
  if (name === 'SIGKILL') bwrap.kill('SIGKILL');
}

function childOf(pid: number): number | undefined {
  let children: string;
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
  } catch {
    // A kernel built without that list.
    return readdirSync('/proc')
      .map(Number)
      .find((child) => child > 0 && parentOf(child) === pid);
  }
  return children === '' ? undefined : Number.parseInt(children, 10);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
