/** Task folders made on the spot, in a temporary folder that is gone after the tests of the file. */
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Suite, Task } from '../../src/suite/types.js';

const made: string[] = [];

export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'suite-test-'));
  made.push(dir);
  return dir;
}

export async function removeTemporaryFolders(): Promise<void> {
  for (const dir of made.splice(0)) await rm(dir, { recursive: true, force: true });
}

/** Contents by path; `{ link }` makes a symbolic link. */
export type Files = Record<string, string | Uint8Array | { link: string }>;

export async function writeFiles(dir: string, files: Files): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(dir, name);
    await mkdir(path.dirname(file), { recursive: true });
    if (typeof content === 'string' || content instanceof Uint8Array) await writeFile(file, content);
    else await symlink(content.link, file);
    if (name.endsWith('.sh')) await chmod(file, 0o755);
  }
  return dir;
}

/** The least that makes a task. */
export const minimalTask: Files = {
  'task.toml': 'version = "1.0"\n',
  'instruction.md': 'Do it.\n',
  'environment/Dockerfile': 'FROM debian\n',
  'tests/test.sh': '#!/bin/bash\n',
  'solution/solve.sh': '#!/bin/bash\n',
};

/** A folder of that name with a minimal task, `files` put on top. */
export async function taskFolder(files: Files = {}, name = 'a-task'): Promise<string> {
  return writeFiles(path.join(await temporaryFolder(), name), { ...minimalTask, ...files });
}

/** A task as read, without files behind it. */
export function fakeTask(name: string, category = 'any'): Task {
  return {
    name,
    dir: `/nowhere/${name}`,
    digest: `sha256:${Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64)}`,
    instruction: 'Do it.',
    category,
    difficulty: 'easy',
    agentTimeoutSeconds: null,
    verifierTimeoutSeconds: 10,
    verifierEnv: {},
    solutionEnv: {},
    environment: {
      workdir: '/app',
      env: {},
      user: null,
      network: 'no-network',
      memoryMb: null,
      storageMb: null,
      cpus: null,
      build: [],
      unsupported: null,
    },
    hasSolution: true,
  };
}

export function fakeSuite(tasks: Task[]): Suite {
  return { name: 'fake', dir: '/nowhere', digest: 'sha256:0', tasks };
}
