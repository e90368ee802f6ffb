/** The registry's versions: `versions/<digest>.yaml`, immutable. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { harnessDigest } from '../harness/digest.js';
import { formatHarness } from '../harness/format.js';
import { parseHarness } from '../harness/parse.js';
import { formatProblems } from '../harness/problems.js';
import type { Harness } from '../harness/schema.js';
import { createFile } from '../store/atomic.js';
import { systemCode, toStoreError } from '../store/error.js';
import { RegistryError } from './error.js';

export function versionPath(dir: string, digest: string): string {
  return join(dir, 'versions', `${digest}.yaml`);
}

export async function listVersions(dir: string): Promise<string[]> {
  const folder = join(dir, 'versions');
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => /^[0-9a-f]{64}\.yaml$/.test(name))
      .map((name) => name.slice(0, 64))
      .sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw toStoreError(error, folder);
  }
}

/** @throws {RegistryError} when it is not there, or does not hash to its name. */
export async function readVersion(dir: string, digest: string): Promise<Harness> {
  const path = versionPath(dir, digest);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw toStoreError(error, path);
    throw new RegistryError('not-found', `${path}: this registry has no version ${digest}.`, {
      cause: error,
    });
  }
  const parsed = parseHarness(text, path);
  const problem = parsed.ok ? null : formatProblems(parsed.problems);
  if (parsed.ok && harnessDigest(parsed.harness) === digest) return parsed.harness;
  throw new RegistryError(
    'broken',
    `${path}: ${problem ?? 'does not hash to its name'}; versions are immutable, and this one was changed. Restore it from version control or a copy; to keep the change, start an evolution from it as a file of your own.`,
  );
}

/** @returns its digest. @throws {RegistryError} for a harness that does not validate. */
export async function writeVersion(dir: string, temporary: string, harness: Harness): Promise<string> {
  const parsed = parseHarness(harness, 'harness');
  if (!parsed.ok) throw new RegistryError('bad-input', formatProblems(parsed.problems));
  const digest = harnessDigest(parsed.harness);
  const path = versionPath(dir, digest);
  try {
    await createFile({ temporary, path, content: formatHarness(parsed.harness) });
  } catch (error) {
    throw toStoreError(error, path);
  }
  // What is promoted later is what can be read back now, whoever wrote it.
  await readVersion(dir, digest);
  return digest;
}
