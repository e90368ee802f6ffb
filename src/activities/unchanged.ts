/** Whether the tasks on this machine are still those that were frozen, looked at before each trial. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { loadTask } from '../suite/task.js';
import type { Suite } from '../suite/types.js';
import { badInput } from './failures.js';

/** Throws BadInput for a task whose files changed. Files are read again only where their times or sizes differ. */
export function unchangedCheck(suite: Suite): (task: string) => Promise<void> {
  const checked = new Map<string, string>();
  return async (name) => {
    const task = suite.tasks.find((known) => known.name === name);
    if (!task) return;
    const look = await lookOf(task.dir);
    if (checked.get(name) === look) return;
    const now = await loadTask(task.dir);
    if (!now.ok) throw badInput(now.problems);
    if (now.task.digest !== task.digest) throw changedSuite(task.dir, now.task.digest, task.digest);
    checked.set(name, look);
  };
}

export function changedSuite(file: string, found: string, frozen: string): Error {
  const expected = `${frozen}: the suite changed after the evolution began; restore it and start the evolution again, or start one under a new name`;
  return badInput([{ file, field: '(files)', found, expected }]);
}

async function lookOf(dir: string): Promise<string> {
  const entries = await readdir(dir, { recursive: true }).catch(() => []);
  const looks = await Promise.all(
    entries.map(async (entry) => {
      const info = await stat(join(dir, entry)).catch(() => null);
      return `${entry} ${info?.size} ${info?.mtimeMs} ${info?.ctimeMs}`;
    }),
  );
  return looks.join('\n');
}
