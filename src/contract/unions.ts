/** What is wrong with a value that may be one thing or another: told by the branch of the union that it fits best. */
import { z } from 'zod';
import { valueAt } from '../issues.js';

type Issue = z.core.$ZodIssue;

/**
 * Issues of a failed validation of `document`, with those of a union replaced by those of its best branch: the
 * validator itself tells the branch that has nothing but foreign fields, or none. Where the value is of no branch's
 * kind, the union's own issue stays, which says what kinds there are.
 */
export function toldIssues(issues: readonly Issue[], schema: z.ZodType, document: unknown): Issue[] {
  const done = new Set<string>();
  return issues.flatMap((issue) => {
    const place = unionOn(schema, issue.path);
    if (!place) return [issue];
    const { union, path } = place;
    const key = JSON.stringify(path);
    if (done.has(key)) return [];
    done.add(key);
    const value = valueAt(document, path);
    const best = bestBranch(union, value);
    if (best.misfit[0] > 0) return [issue];
    return toldIssues(best.issues, best.schema, value).map((inner) => ({
      ...inner,
      path: [...path, ...inner.path],
    }));
  });
}

/** A schema without the default, or leave to be absent, around it; of a union, the branch that `value` fits best. */
export function fitting(schema: z.ZodType, value: unknown): z.ZodType {
  const inner = bare(schema);
  return inner instanceof z.ZodUnion ? fitting(bestBranch(inner, value).schema, value) : inner;
}

/** The outermost union on the way to a place, and where it stands. */
function unionOn(
  schema: z.ZodType,
  path: readonly PropertyKey[],
): { union: z.ZodUnion; path: PropertyKey[] } | null {
  let at: z.ZodType | undefined = schema;
  for (let depth = 0; at; depth += 1) {
    const inner = bare(at);
    if (inner instanceof z.ZodUnion) return { union: inner, path: path.slice(0, depth) };
    const step = path[depth];
    at = inner instanceof z.ZodObject && step !== undefined ? inner.shape[String(step)] : undefined;
  }
  return null;
}

function bare(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault)
    inner = inner.unwrap() as z.ZodType;
  return inner;
}

interface Branch {
  schema: z.ZodType;
  issues: Issue[];
  misfit: Misfit;
}

function bestBranch(union: z.ZodUnion, value: unknown): Branch {
  const branches = (union.options as z.ZodType[]).map((schema): Branch => {
    const issues = schema.safeParse(value).error?.issues ?? [];
    return { schema, issues, misfit: misfit(issues, value) };
  });
  return branches.reduce((best, branch) => (lessThan(branch.misfit, best.misfit) ? branch : best));
}

/** Whether it is of another kind; fields that are foreign or missing; all issues. */
type Misfit = readonly [number, number, number];

function misfit(issues: readonly Issue[], value: unknown): Misfit {
  const otherKind = issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);
  const fields = issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.length;
    return issue.path.length > 0 && valueAt(value, issue.path) === undefined ? 1 : 0;
  });
  return [Number(otherKind), fields.reduce((sum, count) => sum + count, 0), issues.length];
}

function lessThan(a: Misfit, b: Misfit): boolean {
  const differing = a.findIndex((count, i) => count !== b[i]);
  return differing >= 0 && a[differing]! < b[differing]!;
}
