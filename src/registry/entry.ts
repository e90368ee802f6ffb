/** The form of a ledger entry, and what a sequence of them says. */
import { z } from 'zod';
import { digestOf } from '../harness/digest.js';
import { RegistryError } from './error.js';
import type { LedgerEntry, SplitUse } from './types.js';

/** What stands in `previous` of the first entry. */
export const NO_PREVIOUS = '0'.repeat(64);

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits');
const refName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and dashes, at most 63')
  .refine((name) => !/^[0-9a-f]{6,}$/.test(name), 'expected a name that cannot be taken for a digest');

const entrySchema = z.strictObject({
  sequence: z.number().int().min(1).max(999_999),
  previous: digest,
  at: z.iso.datetime(),
  actor: z.string().min(1).max(200),
  action: z.enum([
    'seed',
    'promotion',
    'rejection',
    'ablation',
    'prune',
    'rollback',
    'approval',
    'set-ref',
    'seal-opened',
    'held-out-renewed',
  ]),
  harness: digest,
  parent: digest.nullable(),
  ref: refName.nullable(),
  refBefore: digest.nullable(),
  reason: z.string().max(10_000),
  evidence: z.record(z.string().min(1).max(100), digest),
  id: z.string().min(1).max(500),
  evolution: z.string().max(100).nullable(),
  round: z.number().int().min(0).nullable(),
  splitUse: z
    .strictObject({
      split: z.enum(['heldOut', 'sealed']),
      digest,
      tasks: z.number().int().min(1),
      count: z.number().int().min(1),
    })
    .optional(),
});

/** @throws {RegistryError} that names `source`, the field and what was expected. */
export function checkEntry(value: unknown, source: string, code: 'broken' | 'bad-input'): LedgerEntry {
  const parsed = entrySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'entry'}: ${issue.message}`);
  throw new RegistryError(code, `${source}: is not a ledger entry (${problems.join('; ').slice(0, 1000)}).`);
}

/** The hash that the next entry carries: SHA-256 of the canonical JSON. */
export function entryDigest(entry: LedgerEntry): string {
  return digestOf(entry);
}

/** `previous` of the entry that comes after these. */
export function headOf(entries: readonly LedgerEntry[]): string {
  const last = entries.at(-1);
  return last ? entryDigest(last) : NO_PREVIOUS;
}

/** How often a split was used so far. */
export function usesOf(
  entries: readonly LedgerEntry[],
  { split, digest }: Pick<SplitUse, 'split' | 'digest'>,
): number {
  return entries.filter(({ splitUse }) => splitUse?.split === split && splitUse.digest === digest).length;
}

/** The entries but those of one evolution: started again, it finds everything as it did the first time. */
export function entriesOfOthers(
  entries: readonly LedgerEntry[],
  own: { name: string; contract: string },
): LedgerEntry[] {
  return entries.filter(
    ({ evolution, evidence }) => evolution !== own.name || evidence.contract !== own.contract,
  );
}

/** Where each ref stands after these entries. */
export function refsAfter(entries: readonly LedgerEntry[]): Map<string, string> {
  const refs = new Map<string, string>();
  for (const { ref, harness } of entries) if (ref !== null) refs.set(ref, harness);
  return refs;
}
