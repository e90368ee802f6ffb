/**
 * Writing files so that nobody ever sees half of one: the bytes go to a temporary file that this writer alone creates,
 * which then gets its name in one step of the file system. A writer that dies leaves a temporary file, which
 * `sweepTemporary` removes, and never a partial artifact. File and folder are synced before a write returns: a result
 * that outlives a power cut must not refer to an artifact that did not.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from './error.js';

/** Temporary files older than this belong to writers that died: no write takes an hour. */
const ABANDONED_AFTER_MS = 3_600_000;

export interface AtomicWrite {
  /** Where temporary files go; on the same file system as `path`. */
  temporary: string;
  path: string;
  content: string | Uint8Array;
}

/** Creates `path` with `content`. @returns false, and changes nothing, when it is already there. */
export function createFile(write: AtomicWrite): Promise<boolean> {
  return withTemporary(write, async (temporary) => {
    try {
      await link(temporary, write.path);
      return true;
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(temporary, { force: true });
    }
  });
}

/** Creates `path` with `content`, or replaces what is there. */
export async function replaceFile(write: AtomicWrite): Promise<void> {
  await withTemporary(write, async (temporary) => {
    await rename(temporary, write.path);
    return true;
  });
}

/** Removes what dead writers left. Files of living ones are younger than an hour and stay. */
export async function sweepTemporary(folder: string, now_ms: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const info = await stat(path).catch(() => null);
    if (info?.isFile() && now_ms - info.mtimeMs > ABANDONED_AFTER_MS) await rm(path, { force: true });
  }
}

async function withTemporary(
  { temporary: folder, path, content }: AtomicWrite,
  place: (temporary: string) => Promise<boolean>,
): Promise<boolean> {
  const temporary = join(folder, `${process.pid}-${randomBytes(8).toString('hex')}`);
  const handle = await openExclusive(temporary, path);
  try {
    await handle.writeFile(content);
    await handle.sync();
    await handle.close();
    const placed = await place(temporary);
    if (placed) await syncFolder(dirname(path));
    return placed;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The two folders are made on demand: most writes find them there, and asking first would cost a call each. */
async function openExclusive(temporary: string, path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true });
  try {
    return await open(temporary, 'wx');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    await mkdir(dirname(temporary), { recursive: true });
    return open(temporary, 'wx');
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
