/** The ledger's files: `ledger/000001.json` and so on, one entry each, readable in a pull request. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFile } from '../store/atomic.js';
import { systemCode, toStoreError } from '../store/error.js';
import { checkEntry, entryDigest, NO_PREVIOUS } from './entry.js';
import { RegistryError } from './error.js';
import type { LedgerEntry } from './types.js';

export function ledgerPath(dir: string, sequence: number): string {
  return join(dir, 'ledger', `${String(sequence).padStart(6, '0')}.json`);
}

/** All entries in order. @throws {RegistryError} at the first that is missing, unreadable or not chained to the one before. */
export async function readLedger(dir: string): Promise<LedgerEntry[]> {
  const entries = await readEntries(dir);
  const problem = chainProblems(dir, entries)[0];
  if (problem) throw broken(problem);
  return entries;
}

/** The entries as they lie there. @throws {RegistryError} for one that is missing or unreadable. */
export async function readEntries(dir: string): Promise<LedgerEntry[]> {
  // A listing made while others append can show an entry without the one before it: each is asked for by its number.
  const last = await lastSequence(dir);
  return Promise.all(Array.from({ length: last }, (_, index) => readEntry(ledgerPath(dir, index + 1))));
}

/** What is wrong with the chain: numbers, hashes, repeated ids, miscounted uses, refs that moved from where they did not stand. */
export function chainProblems(dir: string, entries: readonly LedgerEntry[]): string[] {
  const problems: string[] = [];
  const ids = new Set<string>();
  const refs = new Map<string, string>();
  const uses = new Map<string, number>();
  let previous = NO_PREVIOUS;
  entries.forEach((entry, index) => {
    const path = ledgerPath(dir, index + 1);
    const before = entry.ref === null ? null : (refs.get(entry.ref) ?? null);
    if (entry.sequence !== index + 1) problems.push(`${path}: says that it is entry ${entry.sequence}`);
    if (entry.previous !== previous) {
      problems.push(`${path}: does not continue the entry before it; one of the two was changed or moved`);
    }
    if (entry.refBefore !== before) {
      problems.push(`${path}: says that ${entry.ref} stood at ${entry.refBefore}, but it stood at ${before}`);
    }
    const { splitUse } = entry;
    if (splitUse) {
      const key = `${splitUse.split}/${splitUse.digest}`;
      const count = (uses.get(key) ?? 0) + 1;
      if (splitUse.count !== count) {
        problems.push(
          `${path}: says that it is use ${splitUse.count} of ${splitUse.split}, but it is use ${count}`,
        );
      }
      uses.set(key, count);
    }
    if (ids.has(entry.id)) problems.push(`${path}: repeats the id ${JSON.stringify(entry.id)}`);
    ids.add(entry.id);
    if (entry.ref !== null) refs.set(entry.ref, entry.harness);
    previous = entryDigest(entry);
  });
  return problems;
}

/** @returns false when another process took this place in the ledger first. */
export async function appendEntry(dir: string, temporary: string, entry: LedgerEntry): Promise<boolean> {
  const path = ledgerPath(dir, entry.sequence);
  try {
    return await createFile({ temporary, path, content: `${JSON.stringify(entry, null, 2)}\n` });
  } catch (error) {
    throw toStoreError(error, path);
  }
}

async function lastSequence(dir: string): Promise<number> {
  const folder = join(dir, 'ledger');
  try {
    const names = await readdir(folder);
    return names.reduce(
      (last, name) => (/^\d{6}\.json$/.test(name) ? Math.max(last, Number(name.slice(0, 6))) : last),
      0,
    );
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0;
    throw toStoreError(error, folder);
  }
}

async function readEntry(path: string): Promise<LedgerEntry> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw broken(`${path}: is missing, though later entries are there`);
    throw toStoreError(error, path);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw broken(`${path}: is not JSON (${(error as Error).message})`);
  }
  return checkEntry(value, path, 'broken');
}

function broken(problem: string): RegistryError {
  return new RegistryError(
    'broken',
    `${problem}. Restore the registry's files from version control or a copy; \`self-harness harness verify\` lists all problems.`,
  );
}
