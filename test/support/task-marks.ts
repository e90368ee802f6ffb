/** What tells that a text has something of a task in it: its name, or a run of words that stands nowhere else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileStore } from '../../src/store/file.js';
import type { Trajectory } from '../../src/trace/types.js';
import { TRIALS } from '../../src/trial/key.js';
import type { TrialResult } from '../../src/trial/types.js';

/** Words in a row that two texts share only when one quotes the other. */
const RUN = 6;

export interface TaskMarks {
  /** The hidden tasks of which the text has the name or a run of words. */
  found(text: string): string[];
  /** How many runs of words are looked for, by task. */
  runs: ReadonlyMap<string, number>;
}

/**
 * @param texts of every task, by name: those of `hidden` tasks are looked for, unless another task has the same words
 */
export function taskMarks(texts: ReadonlyMap<string, string[]>, hidden: readonly string[]): TaskMarks {
  /** null: more than one task has these words. */
  const owner = new Map<string, string | null>();
  for (const [task, own] of texts) {
    for (const run of own.flatMap(runsOf)) {
      const before = owner.get(run);
      owner.set(run, before === undefined || before === task ? task : null);
    }
  }
  const runs = new Map<string, number>();
  for (const task of owner.values())
    if (task && hidden.includes(task)) runs.set(task, (runs.get(task) ?? 0) + 1);
  return {
    runs,
    found(text) {
      const hits = new Set(hidden.filter((name) => text.includes(name)));
      for (const run of runsOf(text)) {
        const task = owner.get(run);
        if (task && hidden.includes(task)) hits.add(task);
      }
      return [...hits].sort();
    },
  };
}

/** Letters and digits in lower case: however a text is escaped, quoted or cut into lines, its words stay. */
function runsOf(text: string): string[] {
  const words =
    text
      .replace(/\\+[nrt"]?/g, ' ')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.slice(RUN - 1).map((_, i) => words.slice(i, i + RUN).join(' '));
}

/** Instruction, verifier and solution of a task. */
export function textsOfTask(dir: string): string[] {
  return ['instruction.md', 'tests', 'solution'].flatMap((part) => filesIn(join(dir, part)));
}

function filesIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8'));
  } catch {
    return [readFileSync(path, 'utf8')];
  }
}

/** What commands and verifiers printed in the trials of a state folder, by task. */
export async function outputsByTask(stateDir: string): Promise<Map<string, string[]>> {
  const store = createFileStore(join(stateDir, 'store'));
  const outputs = new Map<string, string[]>();
  for await (const key of store.listKeyed(TRIALS)) {
    const trial = (await store.getKeyed<TrialResult>(TRIALS, key))!;
    const known = outputs.get(trial.task) ?? [];
    outputs.set(trial.task, known);
    if (trial.verifierOutput) known.push((await store.get(trial.verifierOutput)).toString('utf8'));
    if (!trial.trace) continue;
    const { steps } = await store.getJson<Trajectory>(trial.trace);
    for (const { observation } of steps)
      for (const { content } of observation?.results ?? []) if (content) known.push(content);
  }
  return outputs;
}
