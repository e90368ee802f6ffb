/** A full disk is told before it breaks the database of a server, which then only stops to answer. */
import { statfs } from 'node:fs/promises';
import { CliError } from './errors.js';

/** MiB for the database, traces and sandboxes of a small run. */
const FREE_MIB_MIN = 64;
/** MiB below which whatever stands still does so for want of space. */
const FREE_MIB_NONE = 4;

/** @param dir a folder that is there. @throws {CliError} when there is too little space to start anything in it. */
export async function refuseFullDisk(dir: string, minimum = FREE_MIB_MIN): Promise<void> {
  const free = await freeMib(dir);
  if (free >= minimum) return;
  throw new CliError(
    `${dir}: the disk has ${free} MiB left, and a run needs at least ${minimum}. Free some space, or name a folder on another disk with --state.`,
  );
}

export async function isDiskFull(dir: string): Promise<boolean> {
  return (await freeMib(dir).catch(() => Number.POSITIVE_INFINITY)) < FREE_MIB_NONE;
}

async function freeMib(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return Math.floor((bavail * bsize) / 2 ** 20);
}
