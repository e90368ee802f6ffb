import { lstatSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isDiskFull, refuseFullDisk } from '../../src/cli/disk.js';
import { starting } from '../../src/cli/processes.js';
import { scratch } from '../support/cli.js';

let dir: string;
beforeAll(() => {
  dir = scratch();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('a folder with too little space is refused, with the figures and the remedy', async () => {
  await expect(refuseFullDisk(dir, Number.MAX_SAFE_INTEGER)).rejects.toThrow(
    /MiB left, and a run needs at least .* --state/,
  );
  await refuseFullDisk(dir, 0);
  expect(await isDiskFull(join(dir, 'not-there'))).toBe(false);
});

test('a lock names its holder from the first moment on, and that of a dead command is taken over', async () => {
  const lock = join(dir, 'starting.lock');
  symlinkSync(JSON.stringify({ pid: 2 ** 30, started: '1' }), lock);
  const held = await starting(dir, async () => lstatSync(lock).isSymbolicLink());
  expect(held).toBe(true);
  expect(() => lstatSync(lock)).toThrow('ENOENT');
});
