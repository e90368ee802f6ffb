import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, sandboxes } from './support.js';

const { create } = sandboxes();

let hostDir: string;
beforeEach(async () => {
  hostDir = await mkdtemp(join(tmpdir(), 'sandbox-files-'));
});
afterEach(() => rm(hostDir, { recursive: true, force: true }));

const bytes = (n: number): Buffer => Buffer.from(Array.from({ length: n }, (_, i) => (i * 7919) % 256));

test.each([
  ['text', Buffer.from('line one\nnaïve 日本\n\n\n')],
  ['nothing', Buffer.alloc(0)],
  ['a NUL', Buffer.from([0])],
  ['NULs at both ends', Buffer.from([0, 0, 65, 0, 66, 0, 0])],
  ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0xc3, 0x0a])],
  ['all bytes', bytes(256)],
  ['300 KB of binary', bytes(300_000)],
  ['quotes and backslashes', Buffer.from(`'"\\$(echo no)\`echo no\`\\'\n`)],
])('%s come back as they were written', async (_, content) => {
  const sandbox = await create();
  expect(await sandbox.writeFile('deep/er/file.bin', content)).toEqual({ ok: true });
  expect(await sandbox.readFile('/app/deep/er/file.bin', 400_000)).toEqual({
    ok: true,
    content,
    size: content.length,
  });
  expect((await run(sandbox, 'wc -c < deep/er/file.bin; stat -c "%U %a" deep/er/file.bin')).output).toBe(
    `${content.length}\nroot 644\n`,
  );
});

test('names of any kind are names, not code', async () => {
  const sandbox = await create();
  for (const name of ['a b', "it's", '$(touch x)', '-n', 'ünïcode\n', '*', 'back\\slash']) {
    expect(await sandbox.writeFile(`/tmp/d/${name}`, name)).toEqual({ ok: true });
    expect(await sandbox.readFile(`/tmp/d/${name}`, 100)).toMatchObject({ content: Buffer.from(name) });
    expect(await sandbox.exists([`/tmp/d/${name}`])).toEqual([true]);
  }
  expect((await run(sandbox, 'ls /app; ls /tmp/d | wc -l')).output).toBe('8\n');
});

test('a mode is set, an existing one kept, parents are made', async () => {
  const sandbox = await create();
  await sandbox.writeFile('/opt/x/run.sh', '#!/bin/sh\necho ran\n', { mode: 0o755 });
  await sandbox.writeFile('/opt/x/run.sh', '#!/bin/sh\necho ran again\n');
  expect((await run(sandbox, '/opt/x/run.sh')).output).toBe('ran again\n');
});

test.each([
  ['/nope', '/nope does not exist.'],
  ['/app', '/app is a directory.'],
  ['/dev/zero', '/dev/zero is not a regular file.'],
  ['/app/pipe', '/app/pipe is not a regular file.'],
  ['/app/big', '/app/big is too large: more than 10 bytes.'],
  ['/app/broken', '/app/broken does not exist.'],
  ['/app/a\0b', 'The path holds a NUL byte.'],
])('reading %p is refused with its reason', async (path, reason) => {
  const sandbox = await create();
  await run(sandbox, 'mkfifo pipe; printf 12345678901 > big; ln -s /nowhere broken');
  expect(await sandbox.readFile(path, 10)).toEqual({ ok: false, reason });
});

test.each([
  ['/app', 'it is a directory'],
  ['/proc/sys/kernel/core_pattern', 'Permission denied'],
  ['/etc/passwd/x', 'File exists'],
  ['/dev/x', 'Read-only file system'],
])('writing %p is refused with its reason', async (path, reason) => {
  const sandbox = await create();
  const result = await sandbox.writeFile(path, 'x');
  expect(result).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
});

test('links are followed inside, never on this machine', async () => {
  const sandbox = await create();
  const secret = join(hostDir, 'secret');
  await writeFile(secret, 'secret');
  await run(
    sandbox,
    `ln -s ${secret} link; ln -s ${hostDir} dir; ln -s / root; ln -s /proc/1/root/${secret} proc`,
  );
  for (const path of ['link', 'dir/secret', `root/${secret}`, 'proc', `../../../..${secret}`]) {
    expect(await sandbox.readFile(path, 100)).toMatchObject({ ok: false });
  }
  expect(await sandbox.exists(['link', 'dir/secret'])).toEqual([true, false]);

  await sandbox.writeFile(`root/${secret}`, 'overwritten');
  await sandbox.upload(hostDir, 'root/uploaded');
  expect((await run(sandbox, 'cat /uploaded/secret; cat link')).output).toBe('secretoverwritten');
  expect(await readFile(secret, 'utf8')).toBe('secret');
});

test('a folder arrives whole: modes, links, long names, owned by root', async () => {
  const sandbox = await create();
  const long = 'x'.repeat(120);
  await mkdir(join(hostDir, 'sub', long), { recursive: true });
  await writeFile(join(hostDir, 'sub', long, 'ünï'), bytes(100_000));
  await writeFile(join(hostDir, 'test.sh'), 'echo ran', { mode: 0o755 });
  await symlink('/etc/hostname', join(hostDir, 'link'));
  await sandbox.upload(hostDir, '/tests');
  const { output } = await run(
    sandbox,
    'cd /tests; ./test.sh; cat link; stat -c "%U:%G %a" test.sh; md5sum < sub/*/*; find . | wc -l',
  );
  const { createHash } = await import('node:crypto');
  const digest = createHash('md5').update(bytes(100_000)).digest('hex');
  expect(output).toBe(`ran\nsandbox\nroot:root 755\n${digest}  -\n6\n`);
});

test('what the agent put in the way of an upload does not lead it elsewhere', async () => {
  const sandbox = await create();
  await writeFile(join(hostDir, 'test.sh'), 'real');
  await run(sandbox, 'mkdir /elsewhere; ln -s /elsewhere /tests');
  await sandbox.upload(hostDir, '/tests');
  expect((await run(sandbox, 'ls /elsewhere; cat /tests/test.sh')).output).toBe('real');
});

test('what does not fit is refused as a matter of space, and the sandbox goes on', async () => {
  const sandbox = await create({ limits: { memoryMb: 256, processes: 64, storageMb: 16 } });
  await writeFile(join(hostDir, 'big'), Buffer.alloc(20_000_000, 1));
  await expect(sandbox.upload(hostDir, '/tests')).rejects.toMatchObject({ kind: 'disk' });
  const result = await sandbox.writeFile('/app/f', Buffer.alloc(1_000_000, 65));
  expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('No space left on device') });
  expect((await run(sandbox, 'rm -rf /tests; echo fine')).output).toBe('fine\n');
});

test('an upload of a folder that is not there says so', async () => {
  const sandbox = await create();
  await expect(sandbox.upload(join(hostDir, 'nope'), '/tests')).rejects.toThrow(/cannot be read: ENOENT/);
});

test('files still go in and out of a sandbox whose system the agent has destroyed', async () => {
  const sandbox = await create();
  await writeFile(join(hostDir, 'test.sh'), 'echo 1 > /logs/verifier/reward.txt', { mode: 0o755 });
  await run(
    sandbox,
    'echo /nope.so > /etc/ld.so.preload; rm -rf /usr/lib*/ld-* /usr/lib/*/libc.so.6 /usr/lib64 /usr/bin /usr/sbin /bin /lib64 /run/kit /etc 2>/dev/null',
  );
  expect((await run(sandbox, 'ls')).exitCode).toBe(127);
  await sandbox.upload(hostDir, '/tests/deep');
  expect(await sandbox.writeFile('/new/dir/file', Buffer.from([0, 1, 2]), { mode: 0o700 })).toEqual({
    ok: true,
  });
  expect(await sandbox.readFile('/new/dir/file', 1_000_000)).toMatchObject({
    content: Buffer.from([0, 1, 2]),
  });
  expect((await run(sandbox, '. /tests/deep/test.sh; echo "$(</logs/verifier/reward.txt)"')).output).toBe(
    '1\n',
  );
});
