/** Tampering: each way of changing a registry's files is found by the check that is named for it. */
import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { createFileRegistry } from '../../src/registry/file.js';
import { entry, folder, harness, removeFolders } from './support.js';

const VERSIONS = 'every version hashes to its name';
const READABLE = 'every ledger entry is there and readable';
const CHAIN = 'every ledger entry continues the one before';
const KNOWN = 'every version that the ledger names is there';
const REFS = 'refs are what the ledger says';

let original: string;
let digests: string[];
beforeAll(async () => {
  original = await folder();
  const registry = createFileRegistry(original);
  digests = await Promise.all(['a', 'b', 'c', 'd'].map((text) => registry.putVersion(harness(text))));
  for (const [i, digest] of digests.entries()) {
    await registry.record(entry({ id: `r${i}`, harness: digest, parent: digests[i - 1] ?? null }));
  }
});
afterAll(removeFolders);

const at = (dir: string, sequence: number) => join(dir, 'ledger', `00000${sequence}.json`);

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(path, 'utf8');
  const changed = change(text);
  if (changed === text) throw new Error('this tampering changes nothing');
  await writeFile(path, changed);
}

/** Names of the checks that fail after the tampering, and their problems. */
async function verifyAfter(tamper: (dir: string) => Promise<unknown>) {
  const dir = await folder();
  await cp(original, dir, { recursive: true });
  await tamper(dir);
  const failed = (await createFileRegistry(dir).verify()).filter(({ ok }) => !ok);
  return {
    dir,
    failed: failed.map(({ check }) => check),
    problems: failed.map(({ problem }) => problem).join('\n'),
  };
}

test('an untouched registry passes every check', async () => {
  expect(await createFileRegistry(original).verify()).toEqual(
    [VERSIONS, READABLE, CHAIN, KNOWN, REFS].map((check) => ({ check, ok: true, problem: null })),
  );
});

test.each<[string, (dir: string) => Promise<unknown>, string, RegExp]>([
  [
    'an edited version',
    (dir) => edit(join(dir, 'versions', `${digests[1]}.yaml`), (text) => text.replace('only: b', 'only: x')),
    VERSIONS,
    /does not hash/,
  ],
  [
    'a version that is no harness',
    (dir) => writeFile(join(dir, 'versions', `${digests[1]}.yaml`), ':'),
    VERSIONS,
    /yaml/,
  ],
  [
    'a removed version',
    (dir) => rm(join(dir, 'versions', `${digests[1]}.yaml`)),
    KNOWN,
    /is missing, though ledger entry 2/,
  ],
  [
    'an edited entry',
    (dir) => edit(at(dir, 2), (text) => text.replace('it passed', 'it passed well')),
    CHAIN,
    /000003\.json: does not continue/,
  ],
  [
    'an edited last entry',
    (dir) => edit(at(dir, 4), (text) => text.replace('it passed', 'it passed well')),
    REFS,
    /does not fit ledger entry 4/,
  ],
  ['a missing entry', (dir) => rm(at(dir, 2)), READABLE, /000002\.json: is missing/],
  ['a missing last entry', (dir) => rm(at(dir, 4)), REFS, /tells of 4 ledger entries, but there are only 3/],
  [
    'two entries that changed places',
    async (dir) => {
      await rename(at(dir, 2), at(dir, 9));
      await rename(at(dir, 3), at(dir, 2));
      await rename(at(dir, 9), at(dir, 3));
    },
    CHAIN,
    /says that it is entry 3/,
  ],
  [
    'an entry cut short',
    (dir) => edit(at(dir, 3), (text) => text.slice(0, 50)),
    READABLE,
    /000003\.json: is not JSON/,
  ],
  [
    'an entry with an unknown field',
    (dir) => edit(at(dir, 3), (text) => text.replace('{', '{"more": 1,')),
    READABLE,
    /is not a ledger entry/,
  ],
  [
    'a ref that was moved by hand',
    (dir) => edit(join(dir, 'refs.yaml'), (text) => text.replaceAll(digests[3]!, digests[0]!)),
    REFS,
    /champion: found/,
  ],
  [
    'a ref that was added by hand',
    (dir) => edit(join(dir, 'refs.yaml'), (text) => `${text}  production: ${digests[0]}\n`),
    REFS,
    /production: found/,
  ],
  ['refs that are no YAML', (dir) => writeFile(join(dir, 'refs.yaml'), '{'), REFS, /is not a list of refs/],
])('%s is found', async (_, tamper, check, problem) => {
  const { dir, failed, problems } = await verifyAfter(tamper);
  expect(failed).toContain(check);
  expect(problems).toMatch(problem);
  if (check === VERSIONS || check === KNOWN) return;
  // What cannot be trusted is not served either, and nothing is built on it.
  await expect(createFileRegistry(dir).refs()).rejects.toMatchObject({
    name: 'RegistryError',
    code: 'broken',
  });
  const next = createFileRegistry(dir).record(entry({ id: 'next', harness: digests[0]! }));
  await expect(next).rejects.toMatchObject({ name: 'RegistryError' });
});

test('a rewritten entry with a mended chain still contradicts the recorded head', async () => {
  const { failed } = await verifyAfter(async (dir) => {
    const { digestOf } = await import('../../src/harness/digest.js');
    let previous: string | null = null;
    for (let sequence = 2; sequence <= 4; sequence++) {
      const one = JSON.parse(await readFile(at(dir, sequence), 'utf8'));
      const changed = sequence === 2 ? { ...one, reason: 'another' } : { ...one, previous };
      await writeFile(at(dir, sequence), JSON.stringify(changed));
      previous = digestOf(changed);
    }
  });
  expect(failed).toEqual([REFS]);
});

test('any changed letter of a version, an entry or the refs is found, or changes no meaning', async () => {
  const files = ['versions', 'ledger', 'refs'] as const;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), fc.nat(), fc.nat(), async (kind, which, where) => {
      const meaning = async (dir: string) => {
        const registry = createFileRegistry(dir);
        return JSON.stringify([
          await registry.refs(),
          await registry.ledger(),
          await registry.getVersion(digests[which % 4]!),
        ]);
      };
      const { dir, failed } = await verifyAfter((copy) => {
        const path =
          kind === 'refs'
            ? join(copy, 'refs.yaml')
            : kind === 'ledger'
              ? at(copy, 1 + (which % 4))
              : join(copy, 'versions', `${digests[which % 4]}.yaml`);
        return edit(path, (text) => {
          const place = where % text.length;
          return `${text.slice(0, place)}${text[place] === 'x' ? 'y' : 'x'}${text.slice(place + 1)}`;
        });
      });
      if (failed.length === 0) expect(await meaning(dir)).toBe(await meaning(original));
    }),
    { numRuns: 60 },
  );
});

test('a use that is not counted on from the ones before is found, even where the hashes are right', async () => {
  const dir = await folder();
  const registry = createFileRegistry(dir);
  const digest = await registry.putVersion(harness('a'));
  const splitUse = { split: 'sealed' as const, digest: 'e'.repeat(64), tasks: 2 };
  await registry.record(entry({ id: 'seal', harness: digest, action: 'seal-opened', ref: null, splitUse }));
  await edit(at(dir, 1), (text) => text.replace('"count": 1', '"count": 2'));
  await rm(join(dir, 'refs.yaml'));
  const failed = (await createFileRegistry(dir).verify()).filter(({ ok }) => !ok);
  expect(failed).toEqual([
    expect.objectContaining({
      check: CHAIN,
      problem: expect.stringContaining('use 2 of sealed, but it is use 1'),
    }),
  ]);
});
