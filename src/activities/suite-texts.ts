import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { specificLiterals } from '../harness/answers.js';
import type { Suite, Task } from '../suite/types.js';

const FILE_BYTES_MAX = 200_000;

/** What no edit may carry of a suite. */
export interface SuiteTexts {
  /** Instructions, verifiers and solutions: not to be quoted. */
  texts: string[];
  /** What only single tasks know: not to be hard-coded. */
  answers: string[];
}

export async function suiteTexts(suite: Suite): Promise<SuiteTexts> {
  const tasks = await Promise.all(suite.tasks.map(taskTexts));
  return { texts: tasks.flat(), answers: specificLiterals(tasks) };
}

async function taskTexts(task: Task): Promise<string[]> {
  const files = await Promise.all([textsIn(join(task.dir, 'tests')), textsIn(join(task.dir, 'solution'))]);
  return [task.instruction, ...files.flat()];
}

async function textsIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true }).catch(() => []);
  const texts = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => readFile(join(entry.parentPath ?? entry.path, entry.name), 'utf8')),
  );
  return texts.filter((text) => text.length <= FILE_BYTES_MAX && !text.includes('\0'));
}
