/** A suite: a folder of task folders, given by its path or by the name of one that comes with the package. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { suiteDigest } from './digest.js';
import { exists } from './files.js';
import { type Failure, failure, type Problem } from './problem.js';
import { loadTask } from './task.js';
import type { Suite, Task } from './types.js';

const MAX_TASKS = 10_000;
/** `suites/` of the package: two folders above this file, in `src` and in `dist` alike. */
const BUNDLED = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../suites');

/** Where a suite lies: a name without a slash is a bundled suite if there is one, else a folder. */
export async function resolveSuite(dirOrName: string): Promise<string> {
  const bundled = path.join(BUNDLED, dirOrName);
  if (/^[a-z0-9][a-z0-9-]*$/.test(dirOrName) && (await exists(bundled, 'folder'))) return bundled;
  return path.resolve(dirOrName);
}

/** Names of the suites that come with the package. */
export async function bundledSuites(): Promise<string[]> {
  if (!(await exists(BUNDLED, 'folder'))) return [];
  const children = await readdir(BUNDLED, { withFileTypes: true });
  return children
    .filter((child) => child.isDirectory())
    .map((child) => child.name)
    .sort();
}

/** Every problem of every task is listed, so that a suite is mended in one go. */
export async function loadSuite(dirOrName: string): Promise<{ ok: true; suite: Suite } | Failure> {
  const dir = await resolveSuite(dirOrName);
  const wrong = (found: string, expected: string) => failure({ file: dir, field: 'folder', found, expected });
  if (!(await exists(dir, 'folder'))) {
    const names = (await bundledSuites()).join(', ');
    return wrong('no such folder', `a folder of tasks${names ? `, or a bundled suite: ${names}` : ''}`);
  }
  if (await exists(path.join(dir, 'task.toml'), 'file')) {
    return wrong('a single task', `a folder of task folders, such as ${path.dirname(dir)}`);
  }
  const folders = await taskFolders(dir);
  if (folders.length === 0) return wrong('no task folder', 'folders with a task.toml');
  if (folders.length > MAX_TASKS) return wrong(`${folders.length} tasks`, `at most ${MAX_TASKS}`);
  const tasks: Task[] = [];
  const problems: Problem[] = [];
  for (const folder of folders) {
    const loaded = await loadTask(folder);
    if (loaded.ok) tasks.push(loaded.task);
    else problems.push(...loaded.problems);
  }
  problems.push(...repeatedNames(tasks));
  if (problems.length > 0) return failure(...problems);
  tasks.sort((a, b) => (a.name < b.name ? -1 : 1));
  const digest = suiteDigest(tasks.map((task) => task.digest));
  return { ok: true, suite: { name: path.basename(dir), dir, digest, tasks } };
}

/** Folders that mean to be tasks: a forgotten task.toml is a fault, a folder of notes is not. */
async function taskFolders(dir: string): Promise<string[]> {
  const folders: string[] = [];
  for (const child of (await readdir(dir)).sort()) {
    const folder = path.join(dir, child);
    if (child.startsWith('.') || !(await exists(folder, 'folder'))) continue;
    const marks = await Promise.all(
      ['task.toml', 'instruction.md'].map((file) => exists(path.join(folder, file), 'file')),
    );
    if (marks.includes(true)) folders.push(folder);
  }
  return folders;
}

function repeatedNames(tasks: readonly Task[]): Problem[] {
  const seen = new Map<string, string>();
  return tasks.flatMap((task) => {
    const other = seen.get(task.name);
    seen.set(task.name, task.dir);
    if (other === undefined) return [];
    return [
      {
        file: task.dir,
        field: 'name',
        found: `"${task.name}", as in ${other}`,
        expected: 'a name of its own',
      },
    ];
  });
}
