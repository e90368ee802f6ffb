/** Whether processes live, told apart from later ones that got their number. */
import { readFileSync } from 'node:fs';

/** A process that has ended counts as dead, also while nobody has waited for it: in a container perhaps for ever. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const state = statOf(pid)?.[0];
  return state !== 'Z' && state !== 'X';
}

/** When the kernel started it, in clock ticks since boot; null where there is no such process, or no such file. */
export function startTime(pid: number): string | null {
  return statOf(pid)?.[19] ?? null;
}

/** Fields of /proc/PID/stat from the third on: the second, the name, may hold anything. */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
