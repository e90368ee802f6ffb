/** What every store promises, whatever it is made of. */
import fc from 'fast-check';
import type { StoreError } from '../../src/store/error.js';
import type { ArtifactStore } from '../../src/store/types.js';

export const KEY = 'a'.repeat(64);

export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as StoreError).code;
  }
  return 'no error';
}

export async function collect(names: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const name of names) all.push(name);
  return all;
}

export function describeStore(what: string, create: () => Promise<ArtifactStore>): void {
  describe(`${what}: every store`, () => {
    let store: ArtifactStore;
    beforeEach(async () => {
      store = await create();
    });

    test('gives back any bytes and any JSON value by the reference it returned', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.jsonValue(), async (bytes, value) => {
          const ref = await store.put(bytes);
          expect(ref.bytes).toBe(bytes.length);
          expect(new Uint8Array(await store.get(ref))).toEqual(bytes);
          const again = await store.putJson(value);
          expect(JSON.stringify(await store.getJson(again))).toBe(JSON.stringify(value));
        }),
        { numRuns: 40 },
      );
    });

    test('names content by its SHA-256, the same for text and its bytes', async () => {
      const text = await store.put('größer');
      expect(text).toEqual(await store.put(Buffer.from('größer')));
      expect(text).toEqual({
        sha256: '45fbf6a67b5efa7dbcc0c0ccf6bdd7ce207300314c009282515896ea4cd7a4e6',
        bytes: 8,
      });
    });

    test('the first value under a key stays, and every writer gets it', async () => {
      const values = await Promise.all(
        Array.from({ length: 20 }, (_, writer) => store.putKeyed('trials', KEY, { writer })),
      );
      expect(new Set(values.map((value) => value.writer)).size).toBe(1);
      expect(await store.getKeyed('trials', KEY)).toEqual(values[0]);
    });

    test('keys of one area are not seen in another', async () => {
      await store.putKeyed('trials', KEY, 1);
      expect(await store.getKeyed('proposals', KEY)).toBeUndefined();
      expect(await collect(store.listKeyed('proposals'))).toEqual([]);
    });

    test('lists the keys of an area, sorted', async () => {
      const keys = ['b'.repeat(64), '0123456789abcdef', 'a'.repeat(64)];
      for (const key of keys) await store.putKeyed('trials', key, null);
      expect(await collect(store.listKeyed('trials'))).toEqual([...keys].sort());
    });

    test('refuses names that could lead out of it, and values that are not JSON', async () => {
      expect(await codeOf(store.get({ sha256: '../../etc/passwd' }))).toBe('bad-input');
      expect(await codeOf(store.getKeyed('../trials', KEY))).toBe('bad-input');
      expect(await codeOf(store.putKeyed('trials', '../x', 1))).toBe('bad-input');
      expect(await codeOf(collect(store.listKeyed('..')))).toBe('bad-input');
      expect(await codeOf(store.putKeyed('trials', KEY, undefined))).toBe('bad-input');
      expect(await codeOf(store.putJson(undefined))).toBe('bad-input');
      expect(await codeOf(store.putJson(1n))).toBe('bad-input');
    });

    test('says that an artifact is missing, and that one is not JSON', async () => {
      expect(await codeOf(store.get({ sha256: KEY }))).toBe('missing');
      expect(await codeOf(store.getJson(await store.put('{')))).toBe('bad-input');
    });
  });
}
