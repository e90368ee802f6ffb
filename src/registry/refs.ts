/**
 * `refs.yaml`: where each ref stands, for people and other tools to read. The ledger is what counts; the file says after
 * which entry it was written and that entry's hash, so that an edited or removed last entry shows as well.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { formatYaml } from '../harness/format.js';
import { replaceFile } from '../store/atomic.js';
import { systemCode, toStoreError } from '../store/error.js';
import { headOf, refsAfter } from './entry.js';
import type { LedgerEntry } from './types.js';

const HEADER =
  '# Where each ref stands, derived from the ledger. Refs are moved by self-harness, not by hand.\n';

const refsSchema = z.strictObject({
  ledger: z.strictObject({ entries: z.number().int().min(0), head: z.string() }),
  refs: z.record(z.string(), z.string()),
});

export type RefsState =
  /** The file says what the ledger says. */
  | { kind: 'current' }
  /** It is missing, or tells of an earlier state of this ledger: a writer died, or is about to write. */
  | { kind: 'behind' }
  /** It contradicts the ledger. */
  | { kind: 'contradicts'; problem: string };

export function refsPath(dir: string): string {
  return join(dir, 'refs.yaml');
}

/** The file as it is; null: there is none; 'unreadable': not in the form that self-harness writes. */
export type RefsFile = z.infer<typeof refsSchema> | 'unreadable' | null;

/** To be read before the ledger: then a writer at work can only make the ledger longer than the file says. */
export async function readRefs(dir: string): Promise<RefsFile> {
  const path = refsPath(dir);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw toStoreError(error, path);
  }
  const parsed = refsSchema.safeParse(parseYaml(text));
  return parsed.success ? parsed.data : 'unreadable';
}

/** Compares the file with the ledger. */
export function checkRefs(dir: string, file: RefsFile, entries: readonly LedgerEntry[]): RefsState {
  const contradicts = (problem: string): RefsState => ({
    kind: 'contradicts',
    problem: `${refsPath(dir)}: ${problem}`,
  });
  if (file === null) return { kind: entries.length === 0 ? 'current' : 'behind' };
  if (file === 'unreadable') return contradicts('is not a list of refs as self-harness writes it');
  const { ledger, refs } = file;
  if (ledger.entries > entries.length) {
    return contradicts(`tells of ${ledger.entries} ledger entries, but there are only ${entries.length}`);
  }
  const known = entries.slice(0, ledger.entries);
  if (ledger.head !== headOf(known)) {
    return contradicts(`does not fit ledger entry ${ledger.entries}; one of the two was changed`);
  }
  const expected = refsAfter(known);
  for (const name of new Set([...Object.keys(refs), ...expected.keys()])) {
    const [found, wanted] = [refs[name] ?? 'nothing', expected.get(name) ?? 'nothing'];
    if (found !== wanted) return contradicts(`${name}: found ${found}, but the ledger says ${wanted}`);
  }
  return { kind: ledger.entries === entries.length ? 'current' : 'behind' };
}

export async function writeRefs(
  dir: string,
  temporary: string,
  entries: readonly LedgerEntry[],
): Promise<void> {
  const path = refsPath(dir);
  const refs = Object.fromEntries([...refsAfter(entries)].sort(([a], [b]) => (a < b ? -1 : 1)));
  const content = HEADER + formatYaml({ ledger: { entries: entries.length, head: headOf(entries) }, refs });
  try {
    await replaceFile({ temporary, path, content });
  } catch (error) {
    throw toStoreError(error, path);
  }
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { schema: 'core', maxAliasCount: 0 });
  } catch {
    return undefined;
  }
}
