/** Which tasks feed mining (`heldIn`) and which only the gate sees (`heldOut`): from a file, or drawn by seed. */
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { readText } from './files.js';
import { type Failure, failure, type Problem, quote } from './problem.js';
import { seededRandom, shuffled } from './random.js';
import { schemaFailure } from './schema-problems.js';
import type { Split, SplitPlan, Suite, Task } from './types.js';

const MAX_BYTES = 4 * 1024 * 1024;
const SPLITS: readonly Split[] = ['heldIn', 'heldOut', 'reserve'];

const names = z.array(z.string().min(1).max(256));
const splitFile = z.strictObject({
  heldIn: names.min(1, 'at least one task'),
  heldOut: names.min(1, 'at least one task'),
  reserve: names.optional(),
});

export type SplitResult = { ok: true; split: SplitPlan } | Failure;

/**
 * @param file JSON or YAML `{heldIn, heldOut, reserve?}` with task names; without `reserve` it is what is left over.
 */
export async function loadSplit(file: string, suite: Suite): Promise<SplitResult> {
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
  const problems = misplaced(file, checked.data, suite);
  if (problems.length > 0) return failure(...problems);
  const { heldIn, heldOut, reserve } = checked.data;
  const taken = new Set([...heldIn, ...heldOut]);
  const left = suite.tasks.map((task) => task.name).filter((name) => !taken.has(name));
  return { ok: true, split: { heldIn, heldOut, reserve: reserve ?? left } };
}

/**
 * Draws `heldIn` and `heldOut` of exactly the given sizes, stratified: each category has its share of both, rounded by
 * largest remainder (ties by chance). What is left over is `reserve`. The same suite, sizes and seed give the same
 * split; its lists are sorted by name.
 */
export function drawSplit(
  suite: Suite,
  sizes: { heldIn: number; heldOut: number; seed: number },
): SplitResult {
  const { heldIn, heldOut, seed } = sizes;
  if (heldIn + heldOut > suite.tasks.length) {
    return failure({
      file: suite.dir,
      field: 'tasks',
      found: `${suite.tasks.length} tasks`,
      expected: `at least ${heldIn + heldOut} (heldIn ${heldIn} + heldOut ${heldOut})`,
    });
  }
  const random = seededRandom(seed);
  const strata = [...byCategory(suite.tasks).values()].map((tasks) => shuffled(tasks, random));
  const inside = share(
    heldIn,
    strata.map((tasks) => tasks.length),
    random,
  );
  const outside = share(
    heldOut,
    strata.map((tasks, i) => tasks.length - inside[i]!),
    random,
  );
  const pick = (from: (i: number) => number, to: (i: number) => number | undefined) =>
    strata.flatMap((tasks, i) => tasks.slice(from(i), to(i)).map((task) => task.name)).sort();
  return {
    ok: true,
    split: {
      heldIn: pick(
        () => 0,
        (i) => inside[i]!,
      ),
      heldOut: pick(
        (i) => inside[i]!,
        (i) => inside[i]! + outside[i]!,
      ),
      reserve: pick(
        (i) => inside[i]! + outside[i]!,
        () => undefined,
      ),
    },
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

function misplaced(file: string, split: z.infer<typeof splitFile>, suite: Suite): Problem[] {
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
      } else if (earlier !== undefined) {
        const expected = 'every task at most once';
        problems.push({ file, field, found: `${quote(task)}, which is ${earlier} already`, expected });
      }
      place.set(task, field);
    }
  }
  return problems;
}
