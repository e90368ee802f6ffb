/**
 * A registry in one folder, made to be committed to version control and read in a pull request:
 *
 *     <dir>/versions/<digest>.yaml     harnesses, immutable
 *     <dir>/ledger/<nnnnnn>.json       one decision each, chained by hash
 *     <dir>/refs.yaml                  where each ref stands, derived from the ledger
 *
 * The ledger decides. An entry takes its place by exclusive creation, so of two writers one has to try again on top of
 * the other; a crash before `refs.yaml` follows is mended by whoever comes next.
 */
import { join } from 'node:path';
import { sweepTemporary } from '../store/atomic.js';
import { StoreError } from '../store/error.js';
import { checkEntry, headOf, refsAfter, usesOf } from './entry.js';
import { RegistryError } from './error.js';
import { appendEntry, readLedger } from './ledger.js';
import { checkRefs, readRefs, writeRefs } from './refs.js';
import type { LedgerEntry, NewEntry, Registry, SplitUse } from './types.js';
import { verifyRegistry } from './verify.js';
import { listVersions, readVersion, versionPath, writeVersion } from './versions.js';

/** Appends lost to other writers before giving up: each loss means that one of them got on. */
const APPENDS_MAX = 1000;

export function createFileRegistry(dir: string): Registry {
  const temporary = join(dir, '.temporary');
  let swept: Promise<void> | undefined;

  /** The ledger with `refs.yaml` brought up to it. @throws {RegistryError} when the two contradict each other. */
  async function open(): Promise<LedgerEntry[]> {
    swept ??= sweepTemporary(temporary, Date.now());
    await swept;
    const file = await readRefs(dir);
    const entries = await readLedger(dir);
    const state = checkRefs(dir, file, entries);
    if (state.kind === 'behind') await repairRefs(entries);
    if (state.kind === 'contradicts') throw contradiction(state.problem);
    return entries;
  }

  async function repairRefs(entries: readonly LedgerEntry[]): Promise<void> {
    try {
      await writeRefs(dir, temporary, entries);
    } catch (error) {
      // A registry that may only be read serves its refs all the same: they come from the ledger.
      if (!(error instanceof StoreError && error.code === 'no-access')) throw error;
    }
  }

  async function resolve(nameOrDigest: string): Promise<string> {
    const refs = refsAfter(await open());
    const ref = refs.get(nameOrDigest);
    if (ref !== undefined) return ref;
    const known = `Refs: ${[...refs.keys()].sort().join(', ') || 'none'}.`;
    if (!/^[0-9a-f]{6,64}$/.test(nameOrDigest)) {
      throw new RegistryError(
        'not-found',
        `${dir}: found no ref ${JSON.stringify(nameOrDigest)}; expected a ref, a digest or at least 6 of its first hex digits. ${known}`,
      );
    }
    const matches = (await listVersions(dir)).filter((digest) => digest.startsWith(nameOrDigest));
    if (matches.length === 1) return matches[0]!;
    if (matches.length === 0) {
      throw new RegistryError('not-found', `${dir}: no version begins with ${nameOrDigest}. ${known}`);
    }
    throw new RegistryError(
      'ambiguous',
      `${dir}: ${matches.length} versions begin with ${nameOrDigest}; give more of the digest: ${matches.slice(0, 5).join(', ')}.`,
    );
  }

  async function record(
    draft: NewEntry,
    options: { expectedRef?: string | null } = {},
  ): Promise<LedgerEntry> {
    for (let append = 0; append < APPENDS_MAX; append++) {
      const entries = await open();
      const written = entries.find(({ id }) => id === draft.id);
      if (written) return written;
      const entry = await complete(draft, entries, options);
      if (!(await appendEntry(dir, temporary, entry))) continue;
      await writeRefs(dir, temporary, [...entries, entry]);
      return entry;
    }
    throw new RegistryError(
      'conflict',
      `${dir}: other writers were faster ${APPENDS_MAX} times. Try again later.`,
    );
  }

  async function complete(
    draft: NewEntry,
    entries: readonly LedgerEntry[],
    { expectedRef }: { expectedRef?: string | null },
  ): Promise<LedgerEntry> {
    const refBefore = draft.ref === null ? null : (refsAfter(entries).get(draft.ref) ?? null);
    if (expectedRef !== undefined && refBefore !== expectedRef) {
      throw new RegistryError(
        'conflict',
        `${dir}: ${draft.ref} was expected at ${expectedRef ?? 'nothing'}, but stands at ${refBefore ?? 'nothing'}: somebody moved it. Look at the log, then decide anew.`,
      );
    }
    const place = { sequence: entries.length + 1, previous: headOf(entries) };
    const splitUse = draft.splitUse && nextUse(draft, draft.splitUse, entries);
    const entry = checkEntry(
      { ...draft, ...place, refBefore, ...(splitUse ? { splitUse } : {}) },
      `new entry for ${dir}`,
      'bad-input',
    );
    const versions = await listVersions(dir);
    for (const digest of [entry.harness, entry.parent]) {
      if (digest !== null && !versions.includes(digest)) {
        throw new RegistryError(
          'not-found',
          `${versionPath(dir, digest)}: is missing, and a decision about it cannot be recorded. Store the version first.`,
        );
      }
    }
    return entry;
  }

  return {
    putVersion: (harness) => writeVersion(dir, temporary, harness),
    getVersion: (digest) => readVersion(dir, digest),
    resolve,
    refs: async () => Object.fromEntries(refsAfter(await open())),
    record,
    ledger: () => readLedger(dir),
    verify: () => verifyRegistry(dir),
  };
}

/** Counts the use on top of the very entries that it comes after, so that of two openings only one is the first. */
function nextUse(
  { reason }: NewEntry,
  use: Omit<SplitUse, 'count'>,
  entries: readonly LedgerEntry[],
): SplitUse {
  const count = usesOf(entries, use) + 1;
  if (use.split === 'sealed' && count > 1 && reason.trim() === '') {
    const last = entries.findLast(({ splitUse }) => splitUse?.digest === use.digest)!;
    throw new RegistryError(
      'needs-reason',
      `The sealed split was opened before, by ${last.actor} on ${last.at.slice(0, 10)} (ledger entry ${last.sequence}). Opening it once more needs a reason, and is marked for ever.`,
    );
  }
  return { ...use, count };
}

function contradiction(problem: string): RegistryError {
  return new RegistryError(
    'broken',
    `${problem}. Restore the file from version control, or delete it to have it derived from the ledger anew; \`self-harness harness verify\` lists all problems.`,
  );
}
