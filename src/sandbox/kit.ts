/**
 * The few programs that file operations use, kept apart from the sandbox's own: an agent that removed or
 * broke /usr must still be verified, and not come out as a trial that the infrastructure failed. They are
 * copies of this machine's, with their libraries and their loader, mounted read-only.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { SandboxError } from './types.js';

const run = promisify(execFile);

/** Where the kit is mounted inside. */
export const KIT = '/run/kit';

const PROGRAMS = ['base64', 'cat', 'chmod', 'head', 'mkdir', 'tar'];
const LOADER = 'ld.so';

/** What stands before a program's name in a command line, `${prefix}tar`, by where the kit is mounted. */
export function kitPrefix(rootsDir: string, name: string): (mountedAt: string) => string {
  const hasLoader = existsSync(join(rootsDir, name, LOADER));
  return (at) => (hasLoader ? `${at}/${LOADER} --library-path ${at} ${at}/` : `${at}/`);
}

/** Makes the folder `name` in `rootsDir`, or finds it there. */
export async function makeKit(rootsDir: string, name: string, workerTag: string): Promise<void> {
  if (existsSync(join(rootsDir, name))) return;
  const temporary = join(rootsDir, `${workerTag}.${name}.tmp`);
  try {
    await mkdir(temporary);
    for (const program of PROGRAMS) {
      const path = ['/usr/bin', '/bin'].map((dir) => join(dir, program)).find(existsSync) ?? program;
      await add(path, join(temporary, program));
      for (const library of await librariesOf(path)) {
        const isLoader = /^ld[-.]/.test(basename(library));
        await add(library, join(temporary, isLoader ? LOADER : basename(library)));
      }
    }
    await rename(temporary, join(rootsDir, name));
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (existsSync(join(rootsDir, name))) return;
    throw new SandboxError(
      `Programs for sandboxes cannot be copied into ${rootsDir}: ${(error as Error).message}`,
      (error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'disk' : 'unavailable',
      { cause: error },
    );
  }
}

async function add(source: string, target: string): Promise<void> {
  if (existsSync(target)) return;
  await copyFile(source, target);
  await chmod(target, 0o755);
}

/** Lines of ldd: `name => /path (address)`, or `/path (address)` for the loader. None for a static program. */
async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await run('ldd', [program]).catch(() => ({ stdout: '' }));
  return [...stdout.matchAll(/^\s+(?:\S+ => )?(\/\S+) \(0x/gm)].map((match) => match[1]!);
}
