import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { harnessDigest } from '../../src/harness/digest.js';
import type { RegistryError } from '../../src/registry/error.js';
import { createFileRegistry } from '../../src/registry/file.js';
import { rollback } from '../../src/registry/rollback.js';
import { entry, folder, harness, removeFolders } from './support.js';

afterAll(removeFolders);

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: RegistryError) => error.code,
  );
}

/** A registry with versions a, b, c and a champion at a. */
async function begun() {
  const dir = await folder();
  const registry = createFileRegistry(dir);
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((text) => registry.putVersion(harness(text))));
  await registry.record(entry({ id: 'seed', action: 'seed', harness: a! }));
  return { dir, registry, a: a!, b: b!, c: c! };
}

describe('versions', () => {
  test('come back as they went in, under their digest, from any process', async () => {
    const dir = await folder();
    const digest = await createFileRegistry(dir).putVersion(
      harness('line one\nline two: "quoted" # not a comment\n'),
    );
    const back = await createFileRegistry(dir).getVersion(digest);
    expect(back).toEqual(harness('line one\nline two: "quoted" # not a comment\n'));
    expect(harnessDigest(back)).toBe(digest);
    expect(await readdir(join(dir, 'versions'))).toEqual([`${digest}.yaml`]);
  });

  test('are stored once, and a changed one is never given out nor promoted', async () => {
    const { dir, registry, a } = await begun();
    expect(await registry.putVersion(harness('a'))).toBe(a);
    const path = join(dir, 'versions', `${a}.yaml`);
    await writeFile(path, (await readFile(path, 'utf8')).replace('only: a', 'only: x'));
    await expect(registry.getVersion(a)).rejects.toThrow(`${path}: does not hash to its name`);
    expect(await codeOf(registry.putVersion(harness('a')))).toBe('broken');
  });

  test('a document that is no harness is refused with its field', async () => {
    const registry = createFileRegistry(await folder());
    await expect(registry.putVersion({ ...harness('a'), name: 'Not A Key' })).rejects.toThrow(/name: found/);
  });
});

describe('resolve', () => {
  test('takes a ref, a digest and a unique prefix', async () => {
    const { registry, a, b } = await begun();
    expect(await registry.resolve('champion')).toBe(a);
    expect(await registry.resolve(b)).toBe(b);
    expect(await registry.resolve(b.slice(0, 8))).toBe(b);
  });

  test('says what it knows where it finds nothing or too much', async () => {
    const { dir, registry, a } = await begun();
    await expect(registry.resolve('production')).rejects.toThrow(
      /found no ref "production".*Refs: champion\./,
    );
    expect(await codeOf(registry.resolve(a.slice(0, 5)))).toBe('not-found');
    expect(await codeOf(registry.resolve('0'.repeat(64)))).toBe('not-found');
    const twin = a.slice(0, 63) + (a.endsWith('0') ? '1' : '0');
    await writeFile(join(dir, 'versions', `${twin}.yaml`), '');
    expect(await codeOf(registry.resolve(a.slice(0, 10)))).toBe('ambiguous');
  });
});

describe('the ledger', () => {
  test('chains its entries, moves refs and remembers where they stood', async () => {
    const { dir, registry, a, b } = await begun();
    const moved = await registry.record(entry({ id: 'r1', harness: b, parent: a }));
    expect(moved).toMatchObject({ sequence: 2, refBefore: a });
    expect(await registry.refs()).toEqual({ champion: b });
    expect(await registry.ledger()).toHaveLength(2);
    expect(parse(await readFile(join(dir, 'refs.yaml'), 'utf8')).refs).toEqual({ champion: b });
    expect((await readdir(join(dir, 'ledger'))).sort()).toEqual(['000001.json', '000002.json']);
  });

  test('takes an id once: a repeated append gives the entry that stands, even after others', async () => {
    const { registry, a, b, c } = await begun();
    const first = await registry.record(entry({ id: 'r1', harness: b, parent: a }));
    await registry.record(entry({ id: 'r2', harness: c, parent: b }));
    expect(await registry.record(entry({ id: 'r1', harness: b, parent: a }), { expectedRef: a })).toEqual(
      first,
    );
    expect(await registry.refs()).toEqual({ champion: c });
  });

  test('an entry without a ref moves none', async () => {
    const { registry, a } = await begun();
    await registry.record(entry({ id: 'r1', action: 'rejection', harness: a, ref: null }));
    expect(await registry.refs()).toEqual({ champion: a });
  });

  test('refuses a promotion whose parent is no longer champion', async () => {
    const { registry, a, b, c } = await begun();
    await registry.record(entry({ id: 'r1', harness: b, parent: a }), { expectedRef: a });
    const late = registry.record(entry({ id: 'r2', harness: c, parent: a }), { expectedRef: a });
    await expect(late).rejects.toThrow(`champion was expected at ${a}, but stands at ${b}`);
    expect(
      await codeOf(
        registry.record(entry({ id: 'r3', harness: c, ref: 'production' }), { expectedRef: null }),
      ),
    ).toBe('no error');
  });

  test('refuses a version that it does not have, and malformed entries with their field', async () => {
    const { registry, a } = await begun();
    const unknown = 'f'.repeat(64);
    expect(await codeOf(registry.record(entry({ id: 'x', harness: unknown })))).toBe('not-found');
    expect(await codeOf(registry.record(entry({ id: 'x', harness: a, parent: unknown })))).toBe('not-found');
    await expect(registry.record(entry({ id: 'x', harness: a, at: 'yesterday' }))).rejects.toThrow(/\(at: /);
    await expect(registry.record(entry({ id: 'x', harness: a, ref: 'abcdef' }))).rejects.toThrow(/\(ref: /);
    await expect(registry.record(entry({ id: 'x', harness: a, ref: '__proto__' }))).rejects.toThrow(
      /\(ref: /,
    );
    expect(await registry.ledger()).toHaveLength(1);
  });

  test('refs that a crash left behind are served right and brought up to the ledger', async () => {
    const { dir, registry, a, b } = await begun();
    const before = await readFile(join(dir, 'refs.yaml'), 'utf8');
    await registry.record(entry({ id: 'r1', harness: b, parent: a }));
    const after = await readFile(join(dir, 'refs.yaml'), 'utf8');
    for (const left of [before, null]) {
      if (left === null) await rm(join(dir, 'refs.yaml'));
      else await writeFile(join(dir, 'refs.yaml'), left);
      expect((await registry.verify()).every(({ ok }) => ok)).toBe(true);
      expect(await createFileRegistry(dir).refs()).toEqual({ champion: b });
      expect(await readFile(join(dir, 'refs.yaml'), 'utf8')).toBe(after);
    }
  });
});

describe('rollback', () => {
  test('goes back by an entry of its own that says who and why', async () => {
    const { registry, a, b } = await begun();
    await registry.record(entry({ id: 'r1', harness: b, parent: a }));
    const back = await rollback(registry, {
      ref: 'champion',
      to: a.slice(0, 10),
      actor: 'ada',
      reason: 'it loops',
    });
    expect(back).toMatchObject({
      action: 'rollback',
      harness: a,
      parent: b,
      refBefore: b,
      actor: 'ada',
      reason: 'it loops',
    });
    expect(await registry.refs()).toEqual({ champion: a });
    expect((await registry.verify()).every(({ ok }) => ok)).toBe(true);
  });

  test('refuses an unknown ref, where it stands already, and a version that was changed', async () => {
    const { dir, registry, a, b } = await begun();
    const to = (version: string, ref = 'champion') =>
      codeOf(rollback(registry, { ref, to: version, actor: 'ada', reason: '' }));
    expect(await to(b, 'production')).toBe('not-found');
    expect(await to(a)).toBe('conflict');
    await writeFile(join(dir, 'versions', `${b}.yaml`), 'name: other\n');
    expect(await to(b)).toBe('broken');
    expect(await registry.refs()).toEqual({ champion: a });
  });
});

test('any sequence of decisions leaves a registry that verifies and says where each ref stands', async () => {
  const step = fc.record({
    version: fc.integer({ min: 0, max: 3 }),
    ref: fc.constantFrom(null, 'champion', 'production'),
    id: fc.integer({ min: 0, max: 12 }),
    crash: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const dir = await folder();
      const versions = await Promise.all(
        ['0', '1', '2', '3'].map((text) => createFileRegistry(dir).putVersion(harness(text))),
      );
      const expected: Record<string, string> = {};
      const ids = new Set<number>();
      for (const { version, ref, id, crash } of steps) {
        const registry = createFileRegistry(dir);
        await registry.record(entry({ id: `${id}`, harness: versions[version]!, ref }));
        if (!ids.has(id) && ref !== null) expected[ref] = versions[version]!;
        ids.add(id);
        if (crash) await rm(join(dir, 'refs.yaml'));
      }
      const registry = createFileRegistry(dir);
      expect(await registry.refs()).toEqual(expected);
      expect((await registry.ledger()).map(({ id }) => Number(id))).toEqual([...ids]);
      expect((await registry.verify()).filter(({ ok }) => !ok)).toEqual([]);
    }),
    { numRuns: 15 },
  );
});

describe('uses of a split', () => {
  const digest = 'e'.repeat(64);
  const heldOut = { split: 'heldOut' as const, digest, tasks: 3 };
  const sealed = { ...heldOut, split: 'sealed' as const };
  const opening = (id: string, reason: string, harness: string) =>
    entry({ id, harness, reason, action: 'seal-opened', ref: null, splitUse: sealed });

  test('are counted by split and tasks, once an entry, whoever uses them', async () => {
    const { registry, a } = await begun();
    const use = (id: string, splitUse: typeof heldOut) =>
      registry.record(entry({ id, harness: a, ref: null, action: 'rejection', splitUse }));
    const counts = [
      await use('mine/1', heldOut),
      await use('theirs/1', heldOut),
      await use('mine/1', heldOut),
      await use('mine/2', { ...heldOut, digest: 'f'.repeat(64) }),
      await use('mine/3', heldOut),
    ].map(({ splitUse }) => splitUse!.count);
    expect(counts).toEqual([1, 2, 1, 1, 3]);
  });

  test('the sealed one opens once; a second opening takes a reason, is counted, and needs none to be asked for again', async () => {
    const { registry, a, b } = await begun();
    const first = await registry.record(opening('seal/mine', '', a));
    expect(first.splitUse).toEqual({ ...sealed, count: 1 });
    await expect(registry.record(opening('seal/theirs', ' ', b))).rejects.toMatchObject({
      code: 'needs-reason',
      message: expect.stringMatching(/opened before, by test on 2026-11-23 \(ledger entry 2\)/),
    });
    const second = await registry.record(opening('seal/theirs', 'the first model was withdrawn', b));
    expect(second.splitUse!.count).toBe(2);
    expect(await registry.record(opening('seal/mine', '', a))).toEqual(first);
    expect((await registry.verify()).every(({ ok }) => ok)).toBe(true);
  });

  test('of openings at the same time one is the first', async () => {
    const { dir, a } = await begun();
    const results = await Promise.allSettled(
      ['x', 'y', 'z'].map((id) => createFileRegistry(dir).record(opening(id, '', a))),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
