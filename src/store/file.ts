/**
 * The store in a folder, shared by any number of processes:
 *
 *     <dir>/v1/blobs/<2 hex>/<sha256>         artifacts, named by what they hold
 *     <dir>/v1/keyed/<area>/<2 hex>/<key>     results under a key: check sum line, JSON line
 *     <dir>/v1/temporary/                     writes under way
 *
 * What is written is on disk before the call returns, and what is read is checked against its hash. An artifact of the
 * wrong size is mended by storing it again.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type AtomicWrite, createFile, replaceFile, sweepTemporary } from './atomic.js';
import { StoreError, systemCode, toStoreError } from './error.js';
import { checkArea, checkDigest, checkKeyed, jsonText, keyedJson, keyedText, sha256Hex } from './format.js';
import { limitConcurrency } from './limit.js';
import type { ArtifactStore, Ref } from './types.js';

/** Files this process holds open at once: well under the usual limit of 1024. */
const FILES_AT_ONCE = 64;

export function createFileStore(dir: string): ArtifactStore {
  const root = join(dir, 'v1');
  const temporary = join(root, 'temporary');
  const limited = limitConcurrency(FILES_AT_ONCE);
  let swept: Promise<void> | undefined;

  const blobPath = (sha256: string) => join(root, 'blobs', sha256.slice(0, 2), sha256);
  const keyedPath = (area: string, key: string) => join(root, 'keyed', area, key.slice(0, 2), key);

  function write<T>(
    how: (write: AtomicWrite) => Promise<T>,
    file: Omit<AtomicWrite, 'temporary'>,
  ): Promise<T> {
    return limited(async () => {
      swept ??= sweepTemporary(temporary, Date.now());
      await swept;
      try {
        return await how({ ...file, temporary });
      } catch (error) {
        throw toStoreError(error, file.path);
      }
    });
  }

  async function put(content: string | Uint8Array): Promise<Ref> {
    const bytes = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;
    const sha256 = sha256Hex(content);
    const path = blobPath(sha256);
    if ((await sizeOf(path)) !== bytes) await write(replaceFile, { path, content });
    return { sha256, bytes };
  }

  async function get(ref: Pick<Ref, 'sha256'>): Promise<Buffer> {
    const path = blobPath(checkDigest(ref.sha256));
    const content = await limited(() => readIfThere(path));
    if (content === undefined) throw missing(path);
    if (sha256Hex(content) !== ref.sha256) throw corrupt(path, 'does not hash to its name');
    return content;
  }

  async function getKeyedJson(area: string, key: string): Promise<string | undefined> {
    checkKeyed(area, key);
    const path = keyedPath(area, key);
    const content = await limited(() => readIfThere(path));
    if (content === undefined) return undefined;
    const json = keyedJson(content.toString('utf8'));
    if (json === undefined) throw corrupt(path, 'does not fit its check sum');
    return json;
  }

  return {
    put,
    get,
    putJson: async (value) => put(jsonText(value)),
    async getJson<T>(ref: Pick<Ref, 'sha256'>) {
      const content = await get(ref);
      try {
        return JSON.parse(content.toString('utf8')) as T;
      } catch (error) {
        const path = blobPath(ref.sha256);
        throw new StoreError('bad-input', `${path}: is whole, but not JSON. Read it as bytes.`, path, {
          cause: error,
        });
      }
    },
    async getKeyed<T>(area: string, key: string) {
      const json = await getKeyedJson(area, key);
      return json === undefined ? undefined : (JSON.parse(json) as T);
    },
    async putKeyed<T>(area: string, key: string, value: T) {
      checkKeyed(area, key);
      const json = jsonText(value);
      const path = keyedPath(area, key);
      const won = await write(createFile, { path, content: keyedText(json) });
      return JSON.parse(won ? json : ((await getKeyedJson(area, key)) ?? json)) as T;
    },
    async *listKeyed(area) {
      checkArea(area);
      const folder = join(root, 'keyed', area);
      for (const shard of await namesIn(folder)) yield* await namesIn(join(folder, shard));
    },
  };
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw toStoreError(error, path);
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw toStoreError(error, path);
  }
}

/** Hex names, sorted; empty when the folder is not there. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => /^[0-9a-f]+$/.test(name)).sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw toStoreError(error, folder);
  }
}

function missing(path: string): StoreError {
  return new StoreError(
    'missing',
    `${path}: there is no such artifact in this store. Check that every process names the same store folder, and that nothing was deleted from it.`,
    path,
  );
}

function corrupt(path: string, problem: string): StoreError {
  return new StoreError(
    'corrupt',
    `${path}: ${problem}; the file was changed or damaged. Delete it, or restore it from a copy: what made it is then run again when it is needed.`,
    path,
  );
}
