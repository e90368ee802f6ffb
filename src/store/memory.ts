/** The store in memory, for tests: same behaviour, nothing survives the process. */
import { StoreError } from './error.js';
import { checkArea, checkDigest, checkKeyed, jsonText, sha256Hex } from './format.js';
import type { ArtifactStore, Ref } from './types.js';

export function createMemoryStore(): ArtifactStore {
  const blobs = new Map<string, Buffer>();
  const keyed = new Map<string, Map<string, string>>();

  async function put(content: string | Uint8Array): Promise<Ref> {
    const bytes = Buffer.from(content as Uint8Array);
    const sha256 = sha256Hex(bytes);
    blobs.set(sha256, bytes);
    return { sha256, bytes: bytes.byteLength };
  }

  async function get(ref: Pick<Ref, 'sha256'>): Promise<Buffer> {
    const bytes = blobs.get(checkDigest(ref.sha256));
    if (!bytes) throw new StoreError('missing', `${ref.sha256}: there is no such artifact in this store.`);
    return Buffer.from(bytes);
  }

  return {
    put,
    get,
    putJson: async (value) => put(jsonText(value)),
    async getJson<T>(ref: Pick<Ref, 'sha256'>) {
      try {
        return JSON.parse((await get(ref)).toString('utf8')) as T;
      } catch (error) {
        if (error instanceof StoreError) throw error;
        throw new StoreError('bad-input', `${ref.sha256}: is whole, but not JSON.`, null, { cause: error });
      }
    },
    async getKeyed<T>(area: string, key: string) {
      checkKeyed(area, key);
      const json = keyed.get(area)?.get(key);
      return json === undefined ? undefined : (JSON.parse(json) as T);
    },
    async putKeyed<T>(area: string, key: string, value: T) {
      checkKeyed(area, key);
      const json = jsonText(value);
      const values = keyed.get(area) ?? new Map<string, string>();
      keyed.set(area, values);
      const winner = values.get(key) ?? json;
      values.set(key, winner);
      return JSON.parse(winner) as T;
    },
    async *listKeyed(area) {
      checkArea(area);
      yield* [...(keyed.get(area)?.keys() ?? [])].sort();
    },
  };
}
