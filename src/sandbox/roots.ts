import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { kitPrefix, makeKit } from './kit.js';
import type { OverlayPlan } from './launch.js';
import { quote } from './quote.js';
import { seccompFilter } from './seccomp.js';
import { describeSkeleton } from './skeleton.js';
import { packTar } from './tar.js';
import { SandboxError } from './types.js';
import type { UserNamespace } from './user-namespace.js';

const FILTER = 'seccomp';

/** What all sandboxes of a provider stand on: the skeleton, the driver's shell, the layers of tasks. */
export interface RootSystem {
  overlays: OverlayPlan[];
  shell: string;
  kit: string;
  kitPrefix: (mountedAt: string) => string;
  /** Links at the top of the base root, such as /bin. */
  links: Record<string, string>;
  filter: string | null;
  /** Names skeleton and base; part of every layer's digest. */
  digest: string;
}

/**
 * Makes skeleton and shell under `rootsDir`, or finds them there.
 *
 * The driver's shell is a copy that may be run but not read: what runs from such a file can be neither
 * traced nor looked into (/proc/1/fd, /proc/1/mem) by commands in the sandbox, root there or not. For
 * that it has to belong to this machine's user, who is nobody inside (with subordinate ids).
 */
export async function prepareRootSystem(
  rootsDir: string,
  baseRoot: string | null,
  namespace: UserNamespace,
  workerTag: string,
): Promise<RootSystem> {
  if (baseRoot !== null) checkBaseRoot(baseRoot);
  const skeleton = await describeSkeleton(baseRoot);
  const name = `skeleton-${skeleton.digest}-${namespace.rootId}`;
  if (!existsSync(join(rootsDir, name))) {
    await unpackAsRoot(rootsDir, namespace, name, workerTag, packTar(skeleton.entries));
  }
  const shell = `shell-${skeleton.digest}`;
  makeShell(rootsDir, shell, workerTag, baseRoot);
  const kit = `kit-${skeleton.digest}`;
  await makeKit(rootsDir, kit, workerTag);
  const filter = seccompFilter();
  if (filter) writeFileSync(join(rootsDir, FILTER), filter);
  return {
    overlays: skeleton.mounts.map((mount, i) => ({
      target: mount.target,
      lowers: [`${name}/${i}`, ...(mount.base === null ? [] : [mount.base])],
      layer: null,
      keptUpper: null,
    })),
    shell,
    kit,
    kitPrefix: kitPrefix(rootsDir, kit),
    links: skeleton.links,
    filter: filter ? FILTER : null,
    digest: skeleton.digest,
  };
}

function checkBaseRoot(baseRoot: string): void {
  const refuse = (why: string) => {
    throw new SandboxError(`The base root ${baseRoot} cannot be used: ${why}`, 'unavailable');
  };
  if (!existsSync(join(baseRoot, 'usr/bin/bash'))) {
    refuse('it has no usr/bin/bash. Name the folder that debootstrap or a container export made.');
  }
  if (!isAbsolute(baseRoot) || /[\s:,\\]/.test(baseRoot)) {
    refuse('expected an absolute path without blanks, colons, commas and backslashes.');
  }
  // Ids of the sandbox are nobody's on this machine.
  for (let dir = baseRoot; ; dir = dirname(dir)) {
    if ((statSync(dir).mode & 0o001) === 0) refuse(`${dir} is closed to others: chmod o+x ${dir}`);
    if (dir === '/') return;
  }
}

function makeShell(rootsDir: string, name: string, workerTag: string, baseRoot: string | null): void {
  const shell = join(rootsDir, name);
  if (existsSync(shell)) return;
  const temporary = join(rootsDir, `${workerTag}.${name}.tmp`);
  try {
    copyFileSync(join(baseRoot ?? '/', 'usr/bin/bash'), temporary);
    chmodSync(temporary, 0o111);
    renameSync(temporary, shell);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new SandboxError(
      `The shell for sandboxes cannot be put into ${rootsDir}: ${(error as Error).message}`,
      'disk',
      { cause: error },
    );
  }
}

/** Unpacks an archive as the sandbox's root: only it can make files that belong to its users. */
async function unpackAsRoot(
  rootsDir: string,
  namespace: UserNamespace,
  name: string,
  workerTag: string,
  archive: Buffer,
): Promise<void> {
  const temporary = `${workerTag}.${name}.tmp`;
  const code = `umask 022; rm -rf ${quote(temporary)}; mkdir ${quote(temporary)} && tar -C ${quote(temporary)} -xpf -`;
  await asSandboxRoot(rootsDir, namespace, code, archive);
  try {
    renameSync(join(rootsDir, temporary), join(rootsDir, name));
  } catch (error) {
    if (!existsSync(join(rootsDir, name))) throw error;
    await removeAsRoot(rootsDir, namespace, temporary);
  }
}

export async function removeAsRoot(rootsDir: string, namespace: UserNamespace, name: string): Promise<void> {
  await rm(join(rootsDir, name), { recursive: true, force: true }).catch(() =>
    asSandboxRoot(rootsDir, namespace, `rm -rf ${quote(name)}`),
  );
}

/** Runs trusted code in the user namespace, in `rootsDir`. */
function asSandboxRoot(
  rootsDir: string,
  namespace: UserNamespace,
  code: string,
  input?: Buffer,
): Promise<void> {
  const identity = namespace.ids === 'range' ? ['-S', '0', '-G', '0'] : ['--preserve-credentials'];
  const child = spawn('nsenter', ['--user=/proc/self/fd/5', ...identity, '--', 'sh', '-c', code], {
    stdio: ['pipe', 'ignore', 'pipe', 'ignore', 'ignore', namespace.fd],
    cwd: rootsDir,
  });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr!.on('data', (chunk) => {
      said += chunk;
    });
    child.stdin!.on('error', () => {});
    child.stdin!.end(input);
    const fail = (why: string) =>
      reject(
        new SandboxError(
          `Files for sandboxes cannot be made in ${rootsDir}: ${why.trim().slice(0, 500)}`,
          /No space left/.test(why) ? 'disk' : 'unavailable',
        ),
      );
    child.once('error', (error) => fail(error.message));
    child.once('close', (status) => (status === 0 ? resolve() : fail(said || `exit code ${status}`)));
  });
}
