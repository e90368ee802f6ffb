/** Edits: small JSON Patches over one surface of a harness, applied wholly or not at all. Written by models: untrusted. */
import jsonPatch from 'fast-json-patch';
import { z } from 'zod';
import { quote, valueAt } from '../issues.js';
import { answerProblem } from './answers.js';
import { diffHarness, type HarnessChange } from './diff.js';
import { canonicalJson, harnessDigest } from './digest.js';
import { leakProblem } from './leaks.js';
import { RESERVED_NAMES, reservedNames, validateHarness } from './parse.js';
import { parsePointer } from './pointer.js';
import { formatPath, formatProblems, type PlacedProblem, problemsOf } from './problems.js';
import { type Harness, SURFACES, type Surface } from './schema.js';
import type { Edit } from './types.js';

const MAX_OPERATIONS = 16;
/** Bytes of an edit as JSON. */
const MAX_BYTES = 16_384;

const path = z
  .string()
  .max(512)
  .describe('JSON Pointer into the harness; begins with the surface: /rules/my-rule.');

/** An edit as a proposer has to write it; its JSON Schema can be put before a model. */
export const editSchema = z.strictObject({
  surface: z.enum(SURFACES).describe('The one surface that is edited.'),
  patch: z
    .array(
      z.discriminatedUnion('op', [
        z.strictObject({ op: z.enum(['add', 'replace', 'test']), path, value: z.json() }),
        z.strictObject({ op: z.literal('remove'), path }),
      ]),
    )
    .min(1)
    .max(MAX_OPERATIONS)
    .describe('RFC 6902 operations, in order.'),
});

/** What an edit must keep clear of. */
export interface EditContext {
  /** Names of the suite's tasks: a harness that names one is fitted to it. */
  taskNames: readonly string[];
  /** Instructions, verifiers and solutions: not to be quoted at length. */
  forbiddenTexts: readonly string[];
  /** Digests of harnesses that were tried already. */
  earlierDigests: readonly string[];
  /** What only single tasks know, see `specificLiterals`: not to be hard-coded. Left out: nothing. */
  answers?: readonly string[];
  /** The contract's limits of a trial: a harness can only tighten them. Left out: none. */
  limits?: Record<Resource, number>;
}

/** What a trial uses up, as the harness limits it. */
type Resource = Exclude<keyof Harness['runtime'], 'wrapUp'>;

export type EditResult =
  | { ok: true; harness: Harness; digest: string; changes: HarnessChange[] }
  /** `reason`: one or more lines, fit to be sent back to the proposer. */
  | { ok: false; reason: string };

/** Applies an edit. The harness given is never changed; nothing throws, whatever the edit is. */
export function applyEdit(harness: Harness, edit: Edit, context: EditContext): EditResult {
  const unsafe = sizeProblem(edit) ?? nameProblem(edit);
  if (unsafe !== null) return refuse(unsafe);
  const parsed = editSchema.safeParse(edit);
  if (!parsed.success) return refuse(formError(parsed.error, edit));
  const { surface, patch } = parsed.data as Edit;
  const misplaced = placeProblem(surface, patch);
  if (misplaced !== null) return refuse(misplaced);
  const patched = applyPatch(harness, patch);
  if (!patched.ok) return patched;
  const validated = validateHarness(patched.document);
  if (!validated.ok) return refuse(placed('the edited harness', validated.problems));
  return judge(harness, validated.harness, surface, context);
}

/** What the result, as a harness that is valid, must still be: a change, inside the surface, new, free of the suite. */
function judge(before: Harness, after: Harness, surface: Surface, context: EditContext): EditResult {
  const changes = diffHarness(before, after);
  if (changes.length === 0) return refuse('the edit changes nothing');
  const outside = changes.find((change) => change.surface !== surface);
  if (outside !== undefined)
    return refuse(`the edit changes ${outside.path}, outside of its surface ${surface}`);
  const digest = harnessDigest(after);
  if (context.earlierDigests.includes(digest)) {
    return refuse('the edit leads to a harness that has been tried already');
  }
  const problem =
    repeatProblem(before, changes) ??
    leakProblem(before, changes, context) ??
    answerProblem(before, changes, context.answers ?? []) ??
    limitProblem(before, after, context.limits);
  return problem === null ? { ok: true, harness: after, digest, changes } : refuse(problem);
}

/** What stands in a map under another name already would only be there twice. */
function repeatProblem(before: Harness, changes: readonly HarnessChange[]): string | null {
  for (const { path, kind, after } of changes) {
    const names = parsePointer(path)!;
    if (kind !== 'added' || names.length < 2 || typeof after !== 'object') continue;
    const map = valueAt(before, names.slice(0, -1));
    const twin = Object.entries(map ?? {}).find(([, entry]) => sameButDescribed(entry, after));
    if (twin) return `the edit adds ${path}, which only repeats ${twin[0]}, which is there already`;
  }
  return null;
}

function sameButDescribed(a: unknown, b: unknown): boolean {
  const bare = (entry: unknown) => canonicalJson({ ...(entry as object), description: '', order: 0 });
  return typeof a === 'object' && bare(a) === bare(b);
}

/** A limit beyond the contract's would not hold; one that is asked for all the same says that the edit means to get round it. */
function limitProblem(before: Harness, after: Harness, limits: EditContext['limits']): string | null {
  for (const [resource, limit] of Object.entries(limits ?? {}) as [Resource, number][]) {
    const { max } = after.runtime[resource];
    if (max === null || max <= limit || max === before.runtime[resource].max) continue;
    return `the edit sets runtime.${resource}.max to ${max}, above the contract's ${limit}: a harness can only tighten it`;
  }
  return null;
}

function refuse(reason: string): { ok: false; reason: string } {
  return { ok: false, reason };
}

function formError(error: z.ZodError, edit: unknown): string {
  const fields = (path: readonly PropertyKey[]) =>
    path.length === 0 ? ['surface', 'patch'] : ['op', 'path', 'value'];
  return placed('edit', problemsOf(error, edit, fields));
}

function placed(file: string, problems: readonly PlacedProblem[]): string {
  const shown = problems.slice(0, 5).map(({ path, ...rest }) => ({ ...rest, file, field: formatPath(path) }));
  return formatProblems(shown);
}

function sizeProblem(edit: unknown): string | null {
  try {
    const bytes = Buffer.byteLength(JSON.stringify(edit) ?? '');
    return bytes > MAX_BYTES ? `the edit is ${bytes} bytes of JSON; at most ${MAX_BYTES} are allowed` : null;
  } catch {
    return 'the edit is not JSON';
  }
}

function nameProblem(edit: unknown): string | null {
  const problems = reservedNames(edit);
  return problems.length > 0 ? placed('edit', problems) : null;
}

function placeProblem(surface: Surface, patch: Edit['patch']): string | null {
  for (const { path } of patch) {
    const names = parsePointer(path);
    if (names === null) return `${quote(path)} is not a JSON Pointer`;
    if (names[0] !== surface) {
      return `${quote(path)} is outside of the surface ${surface}: it has to begin with /${surface}`;
    }
    const reserved = names.find((name) => RESERVED_NAMES.has(name));
    if (reserved !== undefined) return `${quote(path)} uses the name ${reserved}, which is reserved`;
  }
  return null;
}

function applyPatch(
  harness: Harness,
  patch: Edit['patch'],
): { ok: true; document: unknown } | { ok: false; reason: string } {
  try {
    const operations = structuredClone(patch) as Parameters<typeof jsonPatch.applyPatch>[1];
    return {
      ok: true,
      document: jsonPatch.applyPatch(structuredClone(harness), operations, true).newDocument,
    };
  } catch (error) {
    const { message, index, operation } = error as InstanceType<typeof jsonPatch.JsonPatchError>;
    const place =
      operation === undefined ? '' : ` (operation ${(index ?? 0) + 1}, ${operation.op} ${operation.path})`;
    return refuse(`the patch cannot be applied: ${String(message).split('\n', 1)[0]}${place}`);
  }
}
