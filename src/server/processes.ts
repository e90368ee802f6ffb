/** Processes that a state folder records: found again by other commands, and never confused with a later one of their number. */
import { isAlive, startTime } from '../alive.js';

export interface ProcessIdentity {
  pid: number;
  /** When the kernel started it, in ticks since boot; null where there is no /proc. */
  started: string | null;
}

export function identify(pid: number): ProcessIdentity {
  return { pid, started: startTime(pid) };
}

export function isRunning({ pid, started }: ProcessIdentity): boolean {
  return isAlive(pid) && startTime(pid) === started;
}
