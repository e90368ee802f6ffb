/** Which tasks feed mining (`heldIn`), which only the gate sees (`heldOut`), which stay `sealed`: from a file, or drawn by seed. */
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { quote } from '../issues.js';
import { readText } from './files.js';
import { type Failure, failure, type Problem } from './problem.js';
import { withoutQuarantined } from './quarantine.js';
import { seededRandom, shuffled } from './random.js';
import { schemaFailure } from './schema-problems.js';
import type { Quarantine, Split, SplitPlan, Suite, Task } from './types.js';

const MAX_BYTES = 4 * 1024 * 1024;
const SPLITS: readonly Split[] = ['heldIn', 'heldOut', 'sealed', 'reserve'];
/** Where the size of `sealed` is not said: this many, or what may be taken of what is left over. */
export const SEALED_DEFAULT = 20;

const names = z.array(z.string().min(1).max(256));
const splitFile = z.strictObject({
  heldIn: names.min(1, 'at least one task'),
  heldOut: names.min(1, 'at least one task'),
  sealed: names.optional(),
  reserve: names.optional(),
});

export type SplitResult = { ok: true; split: SplitPlan } | Failure;

/**
 * @param file JSON or YAML `{heldIn, heldOut, sealed?, reserve?}` with task names; without `sealed` nothing is sealed, without
 *   `reserve` it is what is left over.
 * @param quarantine tasks that it must not name and that are not left over
 */
export async function loadSplit(
  file: string,
  suite: Suite,
  quarantine: Quarantine = {},
): Promise<SplitResult> {
  const text = await readText(file, MAX_BYTES);
  if (!text.ok) return text;
  let document: unknown;
  try {
    // JSON is YAML too; few aliases are allowed, because nested ones can blow up.
    document = parseYaml(text.text, { maxAliasCount: 10 });
  } catch (error) {
    const place = error instanceof YAMLParseError ? `line ${error.linePos?.[0].line ?? 1}` : 'the document';
    const found = (error as Error).message.split('\n')[0]!;
    return failure({ file, field: place, found, expected: 'valid JSON or YAML' });
  }
  const checked = splitFile.safeParse(document);
  if (!checked.success) return schemaFailure(file, document, checked.error);
  const problems = misplaced(file, checked.data, suite, quarantine);
  if (problems.length > 0) return failure(...problems);
  const { heldIn, heldOut, sealed = [], reserve } = checked.data;
  const taken = new Set([...heldIn, ...heldOut, ...sealed]);
  const left = withoutQuarantined(suite, quarantine)
    .tasks.map(({ name }) => name)
    .filter((name) => !taken.has(name));
  return { ok: true, split: { heldIn, heldOut, sealed, reserve: reserve ?? left } };
}

export interface SplitSizes {
  heldIn: number;
  heldOut: number;
  /** Left out: up to 20 of what heldIn and heldOut leave over. */
  sealed?: number;
  /** Tasks that a `sealed` of no said size leaves to the reserve; default 0. */
  reserved?: number;
  seed: number;
}

/**
 * Draws splits of exactly the given sizes, stratified: each category has its share of each, rounded by largest remainder
 * (ties by chance). What is left over is `reserve`. The same suite, sizes and seed give the same split, and the size of
 * `sealed` changes neither `heldIn` nor `heldOut`; its lists are sorted by name.
 */
export function drawSplit(suite: Suite, sizes: SplitSizes): SplitResult {
  const { heldIn, heldOut, seed } = sizes;
  const free = suite.tasks.length - heldIn - heldOut - (sizes.reserved ?? 0);
  const sealed = sizes.sealed ?? Math.max(0, Math.min(SEALED_DEFAULT, free));
  const needed = heldIn + heldOut + sealed;
  if (needed > suite.tasks.length) {
    const parts = `heldIn ${heldIn} + heldOut ${heldOut}${sealed > 0 ? ` + sealed ${sealed}` : ''}`;
    return failure({
      file: suite.dir,
      field: 'tasks',
      found: `${suite.tasks.length} tasks`,
      expected: `at least ${needed} (${parts})`,
    });
  }
  const take = drawer(suite.tasks, seed);
  const split = { heldIn: take(heldIn), heldOut: take(heldOut), sealed: take(sealed) };
  return { ok: true, split: { ...split, reserve: take(suite.tasks.length - needed) } };
}

/** Draws so many of the tasks, stratified in the same way; sorted by name. */
export function drawTasks(tasks: readonly Task[], count: number, seed: number): string[] {
  return drawer(tasks, seed)(count);
}

/** Takes tasks that it has not taken before. */
function drawer(all: readonly Task[], seed: number): (count: number) => string[] {
  const random = seededRandom(seed);
  let left = [...byCategory(all).values()].map((tasks) => shuffled(tasks, random));
  return (count) => {
    const shares = share(
      count,
      left.map((tasks) => tasks.length),
      random,
    );
    const taken = left.flatMap((tasks, i) => tasks.slice(0, shares[i]!));
    left = left.map((tasks, i) => tasks.slice(shares[i]!));
    return taken.map((task) => task.name).sort();
  };
}

/** `total` units over `sizes` in proportion, none above its size: floors, then the largest remainders. */
function share(total: number, sizes: readonly number[], random: () => number): number[] {
  const sum = sizes.reduce((a, b) => a + b, 0);
  const exact = sizes.map((size) => (sum === 0 ? 0 : (total * size) / sum));
  const shares = exact.map(Math.floor);
  const missing = total - shares.reduce((a, b) => a + b, 0);
  const order = shuffled([...sizes.keys()], random).sort(
    (a, b) => exact[b]! - shares[b]! - (exact[a]! - shares[a]!),
  );
  for (const i of order.slice(0, missing)) shares[i]! += 1;
  return shares;
}

/** In the order of the categories' names, so that nothing depends on the order of folders. */
function byCategory(tasks: readonly Task[]): Map<string, Task[]> {
  const sorted = [...tasks].sort((a, b) => compare(a.category, b.category) || compare(a.name, b.name));
  const groups = new Map<string, Task[]>();
  for (const task of sorted) groups.set(task.category, [...(groups.get(task.category) ?? []), task]);
  return groups;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function misplaced(
  file: string,
  split: z.infer<typeof splitFile>,
  suite: Suite,
  quarantine: Quarantine,
): Problem[] {
  const known = new Set(suite.tasks.map((task) => task.name));
  const place = new Map<string, string>();
  const problems: Problem[] = [];
  for (const name of SPLITS) {
    for (const [index, task] of (split[name] ?? []).entries()) {
      const field = `${name}.${index}`;
      const earlier = place.get(task);
      if (!known.has(task)) {
        const expected = `the name of a task of ${suite.name}`;
        problems.push({ file, field, found: quote(task), expected });
      } else if (Object.hasOwn(quarantine, task)) {
        const found = `${quote(task)}, which is quarantined: ${quarantine[task]}`;
        problems.push({ file, field, found, expected: 'tasks that are not quarantined' });
      } else if (earlier !== undefined) {
        const expected = 'every task at most once';
        problems.push({ file, field, found: `${quote(task)}, which is ${earlier} already`, expected });
      }
      place.set(task, field);
    }
  }
  return problems;
}
