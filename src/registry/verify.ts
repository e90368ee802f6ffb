/** The registry's checks, by name: each looks at one promise and says where it is broken. */
import { chainProblems, readEntries } from './ledger.js';
import { checkRefs, readRefs } from './refs.js';
import type { LedgerEntry } from './types.js';
import { listVersions, readVersion, versionPath } from './versions.js';

export interface Check {
  check: string;
  ok: boolean;
  /** Files and what is wrong with them; null: nothing. */
  problem: string | null;
}

/** Problems that one check lists; the rest are counted. */
const PROBLEMS_MAX = 5;

export async function verifyRegistry(dir: string): Promise<Check[]> {
  const versions = await listVersions(dir);
  const damaged = await Promise.all(versions.map((digest) => problemOf(readVersion(dir, digest))));
  const file = await readRefs(dir);
  const reading = readEntries(dir);
  const unreadable = await problemOf(reading);
  const entries = unreadable === null ? await reading : [];
  const refs = checkRefs(dir, file, entries);
  const refsProblem = refs.kind === 'contradicts' ? refs.problem : null;
  return [
    report('every version hashes to its name', damaged),
    report('every ledger entry is there and readable', [unreadable]),
    report('every ledger entry continues the one before', chainProblems(dir, entries)),
    report('every version that the ledger names is there', unknownVersions(dir, entries, new Set(versions))),
    report('refs are what the ledger says', [unreadable ? 'the ledger cannot be read' : refsProblem]),
  ];
}

function unknownVersions(
  dir: string,
  entries: readonly LedgerEntry[],
  versions: ReadonlySet<string>,
): string[] {
  return entries.flatMap(({ sequence, harness, parent }) =>
    [harness, parent]
      .filter((digest) => digest !== null && !versions.has(digest))
      .map((digest) => `${versionPath(dir, digest!)}: is missing, though ledger entry ${sequence} names it`),
  );
}

async function problemOf(reading: Promise<unknown>): Promise<string | null> {
  try {
    await reading;
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function report(check: string, found: readonly (string | null)[]): Check {
  const problems = found.filter((problem) => problem !== null);
  const shown = problems.slice(0, PROBLEMS_MAX);
  if (problems.length > shown.length) shown.push(`and ${problems.length - shown.length} more`);
  return { check, ok: problems.length === 0, problem: problems.length === 0 ? null : shown.join('\n') };
}
