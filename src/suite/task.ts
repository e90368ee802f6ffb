/** Reads one task folder in the Harbor format and refuses a wrong one with the place that is wrong. */
import path from 'node:path';
import { DIGESTED_FILES, DIGESTED_FOLDERS, taskDigest } from './digest.js';
import { readEnvironment, withDefaults } from './environment.js';
import { describe, type Entry, exists, readText, walk } from './files.js';
import { stripCanary } from './instruction.js';
import { type Failure, failure, type Problem } from './problem.js';
import { readTaskToml, type TaskToml } from './task-toml.js';
import type { Task } from './types.js';

const MAX_INSTRUCTION_BYTES = 256 * 1024;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * A task that needs more than a local sandbox is no failure: it is read, and `environment.unsupported` says why it
 * cannot run.
 */
export async function loadTask(dir: string): Promise<{ ok: true; task: Task } | Failure> {
  const root = path.resolve(dir);
  try {
    return await readTask(root);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    const file = (error as NodeJS.ErrnoException).path ?? root;
    return failure({ file, field: path.basename(file), found: describe(error), expected: 'readable files' });
  }
}

async function readTask(root: string): Promise<{ ok: true; task: Task } | Failure> {
  if (!(await exists(root, 'folder'))) {
    return failure({ file: root, field: 'folder', found: 'no such folder', expected: 'a task folder' });
  }
  const found = await walk(root, new Set([...DIGESTED_FILES, ...DIGESTED_FOLDERS, '.gitignore']));
  if (!found.ok) return found;
  const config = await readTaskToml(path.join(root, 'task.toml'));
  if (!config.ok) return config;
  const environment = await readEnvironment(root, config.toml, found.entries);
  if (!environment.ok) return environment;
  // Tasks of several steps have their instructions elsewhere; separate verifiers bring their own tests.
  const incomplete = environment.environment.unsupported ? [] : missingFiles(root, found.entries);
  if (incomplete.length > 0) return failure(...incomplete);
  const instruction = await readInstruction(root, found.entries);
  if (!instruction.ok) return instruction;
  const name = taskName(root, config.toml);
  if (!NAME.test(name)) {
    const expected = 'letters, digits, dots, dashes and underscores, at most 128';
    return failure({ file: root, field: 'name', found: `"${name}"`, expected });
  }
  const digest = await taskDigest(root, found.entries);
  if (!digest.ok) return digest;
  const { metadata, agent, verifier, solution } = config.toml;
  return {
    ok: true,
    task: {
      name,
      dir: root,
      digest: digest.digest,
      instruction: instruction.text,
      category: label(metadata.category, 'uncategorized'),
      difficulty: label(metadata.difficulty, 'unknown'),
      agentTimeoutSeconds: agent.timeout_sec ?? null,
      verifierTimeoutSeconds: verifier.timeout_sec,
      verifierEnv: withDefaults(verifier.env).values,
      solutionEnv: withDefaults(solution.env).values,
      environment: environment.environment,
      hasSolution: hasFile(found.entries, 'solution/solve.sh'),
    },
  };
}

function missingFiles(root: string, entries: readonly Entry[]): Problem[] {
  const problems: Problem[] = [];
  const miss = (field: string, expected: string) =>
    problems.push({ file: root, field, found: 'no such file', expected });
  if (!hasFile(entries, 'instruction.md')) miss('instruction.md', 'a file that says what to do');
  if (!hasFile(entries, 'tests/test.sh')) miss('tests/test.sh', 'a script that writes the reward');
  if (!entries.some((entry) => entry.path === 'environment' && entry.kind === 'folder')) {
    miss('environment', 'a folder, even if it is empty but for a Dockerfile');
  }
  return problems;
}

async function readInstruction(
  root: string,
  entries: readonly Entry[],
): Promise<{ ok: true; text: string } | Failure> {
  if (!hasFile(entries, 'instruction.md')) return { ok: true, text: '' };
  const file = path.join(root, 'instruction.md');
  const text = await readText(file, MAX_INSTRUCTION_BYTES);
  if (!text.ok) return text;
  const stripped = stripCanary(text.text);
  if (stripped.trim() !== '') return { ok: true, text: stripped };
  return failure({ file, field: 'instruction.md', found: 'no text', expected: 'what the agent has to do' });
}

function hasFile(entries: readonly Entry[], file: string): boolean {
  return entries.some((entry) => entry.path === file && entry.kind === 'file');
}

function taskName(root: string, toml: TaskToml): string {
  return toml.task ? toml.task.name.split('/')[1]! : path.basename(root);
}

function label(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 100) : otherwise;
}
