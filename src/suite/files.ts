/** Reading a task folder that someone else made: bounded in size, and never outside the folder. */
import { constants, type Dirent } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Failure, failure } from './problem.js';

/** Entries that one task folder may have, and bytes of all its files together. */
const MAX_ENTRIES = 20_000;
const MAX_BYTES = 2 * 1024 ** 3;

/** An entry of a task folder. Links have been followed and lie inside the task. */
export interface Entry {
  /** POSIX path relative to the task folder. */
  path: string;
  kind: 'file' | 'folder';
  /** Bytes of a file; 0 for folders. */
  size: number;
  /** Reached through a symbolic link: folders are then not descended into. */
  link: boolean;
}

export type Walk = { ok: true; entries: Entry[] } | Failure;

/**
 * Those children of `root` that `names` lists, with everything below them, in no particular order. Refuses links that
 * lead out of `root`, names that are not UTF-8 and folders beyond the bounds; leaves out broken links, sockets, devices.
 */
export async function walk(root: string, names: ReadonlySet<string>): Promise<Walk> {
  const realRoot = await realpath(root);
  const wrong = (field: string, found: string, expected: string) =>
    failure({ file: root, field, found, expected });
  const entries: Entry[] = [];
  const pending = [''];
  let bytes = 0;
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const child of await readdir(path.join(root, folder), { withFileTypes: true })) {
      if (folder === '' && !names.has(child.name)) continue;
      const relative = folder === '' ? child.name : `${folder}/${child.name}`;
      if (child.name.includes('\uFFFD')) return wrong(relative, 'a name that is not UTF-8', 'UTF-8 names');
      const entry = await inspect(realRoot, root, relative, child);
      if (entry === 'outside') {
        return wrong(relative, 'a link that leads out of the task folder', 'links that stay inside it');
      }
      if (entry === null) continue;
      entries.push(entry);
      bytes += entry.size;
      if (entries.length > MAX_ENTRIES) return wrong(folder, `more than ${MAX_ENTRIES} files`, 'fewer');
      if (bytes > MAX_BYTES) return wrong(folder, 'more than 2 GiB of files', 'at most 2 GiB in a task');
      if (entry.kind === 'folder' && !entry.link) pending.push(relative);
    }
  }
  return { ok: true, entries };
}

/** A text file, or what is wrong with it. `field` names it in the problem. */
export async function readText(
  file: string,
  maxBytes: number,
): Promise<{ ok: true; text: string } | Failure> {
  const wrong = (found: string, expected: string) =>
    failure({ file, field: path.basename(file), found, expected });
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    // Without O_NONBLOCK a FIFO in place of the file would hold the reader for ever.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return wrong(describe(error), 'a readable file');
  }
  try {
    const info = await handle.stat();
    if (!info.isFile()) return wrong('something that is not a file', 'a file');
    if (info.size > maxBytes) return wrong(`${info.size} bytes`, `at most ${maxBytes} bytes`);
    const content = await handle.readFile();
    const text = content.toString('utf8');
    if (text.includes('\0') || !Buffer.from(text, 'utf8').equals(content)) {
      return wrong('bytes that are not text', 'UTF-8 text');
    }
    return { ok: true, text: text.replace(/\r\n?/g, '\n') };
  } finally {
    await handle.close();
  }
}

export async function exists(file: string, kind: 'file' | 'folder'): Promise<boolean> {
  try {
    const info = await stat(file);
    return kind === 'file' ? info.isFile() : info.isDirectory();
  } catch {
    return false;
  }
}

async function inspect(
  realRoot: string,
  root: string,
  relative: string,
  child: Dirent,
): Promise<Entry | 'outside' | null> {
  const file = path.join(root, relative);
  const link = child.isSymbolicLink();
  if (link) {
    const target = await realpath(file).catch(() => null);
    if (target === null) return null;
    if (target !== realRoot && !target.startsWith(realRoot + path.sep)) return 'outside';
  }
  const info = await stat(file);
  if (info.isDirectory()) return { path: relative, kind: 'folder', size: 0, link };
  return info.isFile() ? { path: relative, kind: 'file', size: info.size, link } : null;
}

/** An error of the file system in words. */
export function describe(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  const words: Record<string, string> = {
    ENOENT: 'no such file',
    ENOTDIR: 'no such file',
    EACCES: 'no permission to read it',
    EISDIR: 'a folder',
    ELOOP: 'a loop of links',
  };
  return (code !== undefined && words[code]) || `an error (${code ?? String(error)})`;
}
