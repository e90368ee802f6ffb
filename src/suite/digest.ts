/**
 * The content digest of a task as Harbor's packager computes it (lock files, `dataset.toml`), and that of a suite as
 * Harbor computes a dataset's: the same task has the same name there and here.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { type Entry, readText } from './files.js';
import type { Failure } from './problem.js';

/** What a digest covers; everything else in a task folder is left out. */
export const DIGESTED_FILES = ['task.toml', 'instruction.md', 'README.md', 'trajectory.json'] as const;
export const DIGESTED_FOLDERS = ['environment', 'tests', 'solution', 'steps'] as const;

/** Left out where a task has no `.gitignore` of its own. */
const DEFAULT_IGNORES = ['__pycache__/', '*.pyc', '.DS_Store', '*.swp', '*.swo', '*~'];
const MAX_IGNORE_BYTES = 256 * 1024;

/**
 * `sha256:<hex>` over one line `<path>\0<sha256 of the file>\n` for each file, sorted by path. Honours the task's
 * `.gitignore`, and `.harborignore` in `tests/` and `solution/`.
 * @param entries what `walk` found below `dir`.
 */
export async function taskDigest(
  dir: string,
  entries: readonly Entry[],
): Promise<{ ok: true; digest: string } | Failure> {
  const rules = await ignoreRules(dir, entries);
  if (!rules.ok) return rules;
  const files = entries
    .filter((entry) => entry.kind === 'file' && !isIgnored(entry.path, rules))
    .map((entry) => entry.path)
    // Harbor compares code points, which is the order of the UTF-8 bytes and not that of JavaScript's strings.
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0${await fileDigest(path.join(dir, file))}\n`);
  return { ok: true, digest: `sha256:${hash.digest('hex')}` };
}

/** `sha256:<hex>` over the sorted hex digests of the tasks, joined by commas. */
export function suiteDigest(taskDigests: readonly string[]): string {
  const hex = taskDigests.map((digest) => digest.replace(/^sha256:/, '')).sort();
  return `sha256:${createHash('sha256').update(hex.join(',')).digest('hex')}`;
}

async function fileDigest(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

interface Rules {
  ok: true;
  git: Ignore;
  /** Rules of the `.harborignore` files, by the folder that they lie in; outer folders first. */
  harbor: { folder: string; rules: Ignore }[];
}

async function ignoreRules(dir: string, entries: readonly Entry[]): Promise<Rules | Failure> {
  const own = entries.some((entry) => entry.path === '.gitignore');
  const git = own ? await readText(path.join(dir, '.gitignore'), MAX_IGNORE_BYTES) : null;
  if (git && !git.ok) return git;
  const harbor: Rules['harbor'] = [];
  for (const entry of entries) {
    if (!/^(tests|solution)\/(.*\/)?\.harborignore$/.test(entry.path)) continue;
    const text = await readText(path.join(dir, entry.path), MAX_IGNORE_BYTES);
    if (!text.ok) return text;
    harbor.push({ folder: path.posix.dirname(entry.path), rules: matcher(text.text) });
  }
  harbor.sort((a, b) => a.folder.length - b.folder.length);
  return { ok: true, git: matcher(git ? git.text : DEFAULT_IGNORES), harbor };
}

function matcher(patterns: string | readonly string[]): Ignore {
  return ignore({ ignorecase: false }).add(patterns);
}

function isIgnored(file: string, rules: Rules): boolean {
  if (file === '.gitignore' || path.posix.basename(file) === '.harborignore') return true;
  return rules.git.ignores(file) || isHarborIgnored(file, rules);
}

/** The innermost `.harborignore` that speaks of a path decides; what lies in an excluded folder stays excluded. */
function isHarborIgnored(file: string, rules: Rules): boolean {
  const parts = file.split('/');
  return parts.some((_, i) => {
    const candidate = parts.slice(0, i + 1).join('/') + (i + 1 < parts.length ? '/' : '');
    let excluded = false;
    for (const { folder, rules: own } of rules.harbor) {
      if (!candidate.startsWith(`${folder}/`) || candidate === `${folder}/`) continue;
      const verdict = own.test(candidate.slice(folder.length + 1));
      if (verdict.ignored) excluded = true;
      else if (verdict.unignored) excluded = false;
    }
    return excluded;
  });
}
