/** The store between processes: killed writers, racing writers, a user without rights. */
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileStore } from '../../src/store/file.js';
import { sha256Hex } from '../../src/store/format.js';
import { compileSources, outputOf, runScript } from '../support/compile.js';
import { collect } from './contract.js';

let compiled: string;
let dir: string;
beforeAll(async () => {
  compiled = await compileSources(['store']);
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'store-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));
afterAll(() => rm(compiled, { recursive: true, force: true }));

const ENDLESS_WRITER = `
  import { createHash } from 'node:crypto';
  import { createFileStore } from './store/file.js';
  const store = createFileStore(process.argv[1]);
  const big = 'x'.repeat(3_000_000);
  for (let i = 0; ; i++) {
    await Promise.all([0, 1, 2, 3].map(async (part) => {
      await store.put(big + i + part);
      await store.putKeyed('trials', createHash('sha256').update('k' + i + part).digest('hex'), { big });
    }));
    if (i === 1) console.log('under way');
  }`;

test('a writer killed in the middle leaves whole artifacts or none', async () => {
  for (let round = 0; round < 3; round++) {
    const child = runScript(compiled, ENDLESS_WRITER, { args: [dir] });
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
  }
  const store = createFileStore(dir);
  const blobs = join(dir, 'v1', 'blobs');
  let checked = 0;
  for (const shard of await readdir(blobs)) {
    for (const name of await readdir(join(blobs, shard))) {
      expect(sha256Hex(await readFile(join(blobs, shard, name)))).toBe(name);
      checked += 1;
    }
  }
  for (const key of await collect(store.listKeyed('trials'))) {
    expect((await store.getKeyed<{ big: string }>('trials', key))?.big).toHaveLength(3_000_000);
    checked += 1;
  }
  expect(checked).toBeGreaterThanOrEqual(16);
});

test('of processes that race for the same keys, one wins each, and all are told which', async () => {
  const racer = `
    import { createFileStore } from './store/file.js';
    const store = createFileStore(process.argv[1]);
    const won = [];
    for (let i = 0; i < 60; i++) {
      won.push(await store.putKeyed('trials', String(i).padStart(64, '0'), process.pid));
    }
    console.log(JSON.stringify(won));`;
  const outputs = await Promise.all(
    [1, 2, 3].map(() => outputOf(runScript(compiled, racer, { args: [dir] }))),
  );
  expect(new Set(outputs).size).toBe(1);
  expect(await collect(createFileStore(dir).listKeyed('trials'))).toHaveLength(60);
});

test('a folder that the user may not write is named, with the remedy', async () => {
  await chmod(compiled, 0o755);
  await chmod(dir, 0o555);
  const writer = `
    import { createFileStore } from './store/file.js';
    await createFileStore(process.argv[1]).put('x').catch((e) => console.log(JSON.stringify([e.code, e.message])));`;
  const uid = process.getuid?.() === 0 ? 65534 : undefined;
  const [code, message] = JSON.parse(await outputOf(runScript(compiled, writer, { args: [dir], uid })));
  expect(code).toBe('no-access');
  expect(message).toContain(dir);
  expect(message).toContain('Give this user read and write access');
});
