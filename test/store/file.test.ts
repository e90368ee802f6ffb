import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toStoreError } from '../../src/store/error.js';
import { createFileStore } from '../../src/store/file.js';
import { codeOf, collect, describeStore, KEY } from './contract.js';

const folders: string[] = [];
async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'store-'));
  folders.push(dir);
  return dir;
}
afterAll(() => Promise.all(folders.map((dir) => rm(dir, { recursive: true, force: true }))));

describeStore('file', async () => createFileStore(await folder()));

async function stored(dir: string, content: string) {
  const ref = await createFileStore(dir).put(content);
  return { ref, path: join(dir, 'v1', 'blobs', ref.sha256.slice(0, 2), ref.sha256) };
}

test('another process with the same folder sees what was stored', async () => {
  const dir = await folder();
  const ref = await createFileStore(dir).put('text');
  await createFileStore(dir).putKeyed('trials', KEY, [1]);
  expect((await createFileStore(dir).get(ref)).toString()).toBe('text');
  expect(await createFileStore(dir).putKeyed('trials', KEY, [2])).toEqual([1]);
});

test('a changed artifact is never given out: the error names the file and the remedy', async () => {
  const dir = await folder();
  const { ref, path } = await stored(dir, 'text');
  await writeFile(path, 'tex!');
  const failure = createFileStore(dir).get(ref);
  await expect(failure).rejects.toMatchObject({ code: 'corrupt', path });
  await expect(failure).rejects.toThrow(/Delete it, or restore it/);
});

test('an artifact cut short is mended by storing it again', async () => {
  const dir = await folder();
  const { ref, path } = await stored(dir, 'text');
  await writeFile(path, '');
  expect(await codeOf(createFileStore(dir).get(ref))).toBe('corrupt');
  await createFileStore(dir).put('text');
  expect((await createFileStore(dir).get(ref)).toString()).toBe('text');
});

test.each([
  ['cut short', (text: string) => text.slice(0, -2)],
  ['emptied', () => ''],
  ['with another value', (text: string) => text.replace('passed', 'failed')],
])('a keyed result %s is reported, not returned', async (_, spoil) => {
  const dir = await folder();
  await createFileStore(dir).putKeyed('trials', KEY, { outcome: 'passed' });
  const path = join(dir, 'v1', 'keyed', 'trials', 'aa', KEY);
  await writeFile(path, spoil(await readFile(path, 'utf8')));
  await expect(createFileStore(dir).getKeyed('trials', KEY)).rejects.toMatchObject({ code: 'corrupt', path });
});

test('what dead writers left is neither listed nor kept; what living ones write stays', async () => {
  const dir = await folder();
  await createFileStore(dir).put('first');
  const temporary = join(dir, 'v1', 'temporary');
  await writeFile(join(temporary, 'dead'), 'half');
  await utimes(join(temporary, 'dead'), 0, 0);
  await writeFile(join(temporary, 'alive'), 'half');
  await createFileStore(dir).putKeyed('trials', KEY, 1);
  expect(await readdir(temporary)).toEqual(['alive']);
  expect(await collect(createFileStore(dir).listKeyed('trials'))).toEqual([KEY]);
});

test('many writes at once leave nothing but the artifacts', async () => {
  const dir = await folder();
  const store = createFileStore(dir);
  const refs = await Promise.all(Array.from({ length: 600 }, (_, i) => store.put(`content ${i % 300}`)));
  expect(new Set(refs.map((ref) => ref.sha256)).size).toBe(300);
  for (const ref of refs.slice(0, 20)) expect((await stat(pathOf(dir, ref.sha256))).size).toBe(ref.bytes);
  expect(await readdir(join(dir, 'v1', 'temporary'))).toEqual([]);
});

function pathOf(dir: string, sha256: string): string {
  return join(dir, 'v1', 'blobs', sha256.slice(0, 2), sha256);
}

test('a folder that is a file is named in the error', async () => {
  const dir = await folder();
  await writeFile(join(dir, 'v1'), '');
  await expect(createFileStore(dir).put('x')).rejects.toMatchObject({
    name: 'StoreError',
    message: expect.stringContaining(join(dir, 'v1')),
  });
});

test.each([
  ['ENOSPC', 'no-space', /Free some space/],
  ['EDQUOT', 'no-space', /Free some space/],
  ['EACCES', 'no-access', /read and write access/],
  ['EROFS', 'no-access', /read and write access/],
  ['EMFILE', 'io', /ulimit/],
  ['EIO', 'io', /Check the disk/],
])('%s becomes %s with a remedy', (system, code, remedy) => {
  const error = toStoreError(Object.assign(new Error(system), { code: system }), '/data/store');
  expect(error).toMatchObject({ code, path: '/data/store' });
  expect(error.message).toMatch(remedy);
  expect(error.message).toMatch(/^\/data\/store: /);
});
