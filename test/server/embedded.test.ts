/** The embedded server is told from others that listen where it was meant to. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordedServer, startServer, waitUntilReady } from '../../src/server/embedded.js';
import { identify } from '../../src/server/processes.js';
import { scratch } from '../support/cli.js';

let dir: string;
beforeEach(() => {
  dir = scratch();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('a server that another program answers for, because it took the port first, is not ready', async () => {
  const dying = spawn('sleep', ['3']);
  const server = {
    address: process.env.TEST_TEMPORAL_ADDRESS!,
    uiUrl: 'http://127.0.0.1:1',
    ...identify(dying.pid!),
  };
  await expect(waitUntilReady(server, dir)).rejects.toThrow('did not come up');
});

test('a server that lost its port between the look and the start is started once more', async () => {
  const lost = join(dir, 'lost');
  const executable = join(dir, 'temporal');
  writeFileSync(
    executable,
    `#!/bin/sh\n[ -e ${lost} ] || { touch ${lost}; echo 'address already in use'; exit 1; }\nexec ${process.env.TEST_TEMPORAL_EXECUTABLE} "$@"\n`,
  );
  chmodSync(executable, 0o755);
  const stateDir = join(dir, 'state');
  const server = await startServer({ executable, stateDir, extraArgs: ['--headless'] });
  try {
    expect(existsSync(lost)).toBe(true);
    expect(await recordedServer(stateDir)).toMatchObject({ address: server.address, pid: server.pid });
  } finally {
    await server.stop();
  }
  expect(await recordedServer(stateDir)).toBeNull();
});

test('a server that cannot start says the end of its log', async () => {
  const executable = join(dir, 'temporal');
  writeFileSync(executable, '#!/bin/sh\necho the database is of a later version\nexit 1\n');
  chmodSync(executable, 0o755);
  const stateDir = join(dir, 'state');
  mkdirSync(stateDir);
  await expect(startServer({ executable, stateDir })).rejects.toThrow('the database is of a later version');
  expect(readFileSync(join(stateDir, 'temporal.log'), 'utf8')).toContain('later version');
});
