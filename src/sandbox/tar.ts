/** Folders as tar streams: how files get into a sandbox in one go, whatever it looks like inside. */
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** `path` is relative, with `/`; `mode` holds permission bits only. Owner is always 0:0. */
export type TarEntry =
  | { path: string; mode: number; kind: 'file'; content: Uint8Array }
  | { path: string; mode: number; kind: 'directory' }
  | { path: string; mode: number; kind: 'symlink'; target: string };

const BLOCK = 512;

/** POSIX ustar; a path or link target that does not fit its field goes into a pax header before it. */
export function packTar(entries: Iterable<TarEntry>): Buffer {
  const blocks: Buffer[] = [];
  for (const entry of entries) {
    const target = entry.kind === 'symlink' ? entry.target : '';
    const pax = paxRecords(entry.path, target);
    if (pax !== null) blocks.push(header('pax', 'x', pax.length, 0o644, ''), padded(pax));
    const content = entry.kind === 'file' ? entry.content : new Uint8Array(0);
    const type = entry.kind === 'file' ? '0' : entry.kind === 'symlink' ? '2' : '5';
    blocks.push(header(entry.path, type, content.length, entry.mode, target));
    if (content.length > 0) blocks.push(padded(content));
  }
  blocks.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(blocks);
}

/**
 * Everything under the folder `dir` of this machine, parents first, below `prefix` (relative, may be
 * empty). Symbolic links stay links and are never followed; sockets, pipes and devices are left out.
 */
export async function readTree(dir: string, prefix: string): Promise<TarEntry[]> {
  const entries: TarEntry[] = [];
  const children = await readdir(dir, { withFileTypes: true });
  for (const child of children.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    entries.push(
      ...(await readEntry(join(dir, child.name), prefix ? `${prefix}/${child.name}` : child.name)),
    );
  }
  return entries;
}

/** The file, link or folder (with all that is in it) at `source`, named `path` in the archive. */
export async function readEntry(source: string, path: string): Promise<TarEntry[]> {
  const stat = await lstat(source);
  const mode = stat.mode & 0o7777;
  if (stat.isSymbolicLink()) return [{ kind: 'symlink', path, mode: 0o777, target: await readlink(source) }];
  if (stat.isFile()) return [{ kind: 'file', path, mode, content: await readFile(source) }];
  if (stat.isDirectory()) return [{ kind: 'directory', path, mode }, ...(await readTree(source, path))];
  return [];
}

function header(path: string, type: string, size: number, mode: number, target: string): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(path.slice(0, 100), 0, 100);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write('        ', 148);
  block.write(type, 156);
  block.write(target.slice(0, 100), 157, 100);
  block.write('ustar\x0000', 257, 'latin1');
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  return block;
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');

function padded(content: Uint8Array): Buffer {
  const block = Buffer.alloc(Math.ceil(content.length / BLOCK) * BLOCK);
  block.set(content);
  return block;
}

function paxRecords(path: string, target: string): Buffer | null {
  const records: string[] = [];
  if (Buffer.byteLength(path) > 100) records.push(record('path', path));
  if (Buffer.byteLength(target) > 100) records.push(record('linkpath', target));
  return records.length === 0 ? null : Buffer.from(records.join(''), 'utf8');
}

/** `<length of this whole record> <key>=<value>\n`, the length counting its own digits. */
function record(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (length !== rest + String(length).length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}
