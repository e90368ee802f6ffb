/** Which `temporal` is taken: one on the PATH only if it knows the options that the embedded server is started with. */
import { chmodSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTemporalExecutable } from '../../src/server/executable.js';
import { scratch } from '../support/cli.js';

let dir: string;
beforeEach(() => {
  dir = scratch();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function program(folder: string, help: string): string {
  const path = join(dir, folder, 'temporal');
  mkdirSync(join(dir, folder), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho '${help}'\n`);
  chmodSync(path, 0o755);
  return realpathSync(path);
}

const find = () =>
  findTemporalExecutable({
    PATH: `${join(dir, 'path')}:/usr/bin:/bin`,
    SELF_HARNESS_CACHE: join(dir, 'cache'),
  });

test('a program of a fitting version on the PATH', async () => {
  const path = program('path', '--ui-port --ui-disable-news-fetch');
  expect(await find()).toEqual({ source: 'PATH', path, address: null });
});

test('an old one on the PATH is passed over: for the one in the cache, or for none', async () => {
  program('path', '--ui-port');
  expect(await find()).toBeNull();
  program(join('cache', 'temporal', '1.8.2'), 'temporal version 1.8.2');
  expect(await find()).toEqual({ source: 'cache', path: expect.stringContaining('cache'), address: null });
});
