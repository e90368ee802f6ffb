/** What a simulated model knows by heart: the tasks of a suite, told apart by their instructions, and how to solve them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface KnownTask {
  /** Folder name. Only chance is drawn from it. */
  name: string;
  instruction: string;
  /** The solution in steps: each stands alone but for files and the directory /app. */
  blocks: string[];
  /** Indices of the blocks that change something. */
  doing: number[];
  /** A file that the solution makes anew, with the block that writes it last; null: none is told apart. */
  target: { path: string; block: number } | null;
}

export interface KnownSuite {
  tasks: KnownTask[];
  /** The task that one of these messages is the instruction of. */
  recognise(messages: string[]): KnownTask | null;
}

/** Reads every task of a folder that has an instruction and a solution. */
export function knowSuite(dir: string): KnownSuite {
  const tasks = readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => knowTask(entry.name, join(dir, entry.name)))
    .filter((task) => task !== null)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const byInstruction = new Map(tasks.map((task) => [normal(task.instruction), task]));
  return {
    tasks,
    recognise(messages) {
      for (const message of messages) {
        const task = byInstruction.get(normal(message));
        if (task) return task;
      }
      const all = messages.map(normal);
      // Harnesses may put words around an instruction.
      return tasks.find((task) => all.some((text) => text.includes(normal(task.instruction)))) ?? null;
    },
  };
}

function knowTask(name: string, dir: string): KnownTask | null {
  let instruction: string;
  let script: string;
  try {
    instruction = readFileSync(join(dir, 'instruction.md'), 'utf8');
    script = readFileSync(join(dir, 'solution/solve.sh'), 'utf8');
  } catch {
    return null;
  }
  const spoken = instruction.replace(/^(\s*(<!--.*canary.*-->|#.*canary.*)\s*\n)+/i, '').trim();
  return understand(name, spoken, script);
}

export function understand(name: string, instruction: string, script: string): KnownTask {
  const blocks = script
    .replace(/^#!.*\n/, '')
    .split(/\n[ \t]*\n/)
    .map((block) => block.replace(/^\n+|\s+$/g, ''))
    .filter((block) => /^[^#\s]/m.test(block));
  const seen = blocks.flatMap((block, i) => (changes(block) ? [i] : []));
  // Where no step is told to change anything by its commands, any of them may.
  const doing = seen.length > 0 ? seen : [...blocks.keys()];
  return { name, instruction, blocks, doing, target: findTarget(instruction, blocks) };
}

function normal(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

const changing =
  /(^|[\s;&|({])(mv|cp|rm|ln|mkdir|rmdir|touch|tee|chmod|chown|git|tar|install|nohup|kill|patch|dd|unzip|gzip|gunzip|truncate|setsid|sed -i|sed -[A-Za-z]*i)\b/m;
const redirect = /(?<![0-9&<=-])>{1,2}\s*"?(?!\/dev\/null|&|\()[\w/.$"{]/;

function changes(block: string): boolean {
  const code = block.replace(/^\s*#.*$/gm, '');
  return changing.test(code) || redirect.test(code);
}

/** A path of the instruction that the solution writes by a redirection, and has not read or named before that. */
function findTarget(instruction: string, blocks: string[]): KnownTask['target'] {
  const paths = [...new Set(instruction.match(/\/app\/[\w./-]*\w/g) ?? [])];
  for (const path of paths) {
    const escaped = path.replace(/[.]/g, '\\.');
    const writes = new RegExp(`(^|[^0-9&>])>\\s*"?${escaped}(?![\\w/.-])`);
    const names = new RegExp(`${escaped}(?![\\w-])`);
    const first = blocks.findIndex((block) => names.test(block));
    if (first === -1 || !writes.test(blocks[first]!)) continue;
    const before = blocks[first]!.slice(0, blocks[first]!.search(writes));
    if (names.test(before)) continue;
    return { path, block: blocks.findLastIndex((block) => writes.test(block)) };
  }
  return null;
}
