import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BubblewrapProvider } from '../../src/sandbox/bubblewrap.js';
import { environment, run, spec } from './support.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sandbox-base-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A root system of five programs and their libraries. */
function makeBaseRoot(root: string): void {
  for (const path of ['usr/bin', 'usr/lib', 'usr/lib64', 'etc', 'opt/only-here'])
    mkdirSync(join(root, path), { recursive: true });
  for (const name of ['bin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(root, name));
  for (const program of ['bash', 'cat', 'ls', 'mkdir', 'rm']) {
    copyFileSync(`/usr/bin/${program}`, join(root, 'usr/bin', program));
    for (const [library] of execFileSync('ldd', [`/usr/bin/${program}`], { encoding: 'utf8' }).matchAll(
      /\/\S+/g,
    )) {
      const target = join(root, 'usr', library.replace(/^\/usr/, ''));
      mkdirSync(dirname(target), { recursive: true });
      if (!existsSync(target)) copyFileSync(library, target);
    }
  }
  symlinkSync('bash', join(root, 'usr/bin/sh'));
  writeFileSync(join(root, 'etc/os-release'), 'NAME=Tiny\n');
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/bash\n');
}

test('a named root system takes the place of this machine', async () => {
  chmodSync(dir, 0o755);
  const base = join(dir, 'base');
  makeBaseRoot(base);
  const provider = new BubblewrapProvider({ stateDir: join(dir, 'state'), baseRoot: base });
  const build = [
    { kind: 'run' as const, form: 'shell' as const, command: 'echo built > /opt/only-here/built' },
  ];
  const sandbox = await provider.create(spec({ environment: environment({ build }) }));
  try {
    const { output } = await run(
      sandbox,
      'cat /etc/os-release; ls /usr/bin /opt/only-here; ls -d /app /tmp /proc/self /logs/verifier',
    );
    expect(output).toBe(
      'NAME=Tiny\n/opt/only-here:\nbuilt\n\n/usr/bin:\nbash\ncat\nls\nmkdir\nrm\nsh\n/app\n/logs/verifier\n/proc/self\n/tmp\n',
    );
    const changes =
      'rm /usr/bin/mkdir /opt/only-here/built && echo x > /opt/only-here/new && echo x > /etc/new && ls /opt/only-here';
    expect((await run(sandbox, changes)).output).toBe('new\n');
    expect(await sandbox.writeFile('/deep/er/file', Buffer.from([0]))).toEqual({ ok: true });
    const verifier = await sandbox.forVerifier();
    const { output: seen } = await run(
      verifier,
      'ls /usr/bin /opt/only-here /tests; mkdir /mine; ls -d /mine',
    );
    expect(seen).toBe('/opt/only-here:\nnew\n\n/tests:\n\n/usr/bin:\nbash\ncat\nls\nmkdir\nrm\nsh\n/mine\n');
    expect(existsSync(join(base, 'opt/only-here/new'))).toBe(false);
    expect(existsSync(join(base, 'usr/bin/mkdir'))).toBe(true);
  } finally {
    await sandbox.destroy();
  }
});

test.each([
  [
    'that is none',
    (base: string) => rmSync(join(base, 'usr/bin/bash')),
    /has no usr\/bin\/bash\. Name the folder/,
  ],
  [
    'behind a closed folder',
    (base: string) => chmodSync(dirname(base), 0o700),
    /is closed to others: chmod o\+x/,
  ],
])('a base root %s is refused with what to do', async (_, spoil, message) => {
  chmodSync(dir, 0o755);
  const base = join(dir, 'base');
  makeBaseRoot(base);
  spoil(base);
  const provider = new BubblewrapProvider({ stateDir: join(dir, 'state'), baseRoot: base });
  await expect(provider.create(spec())).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringMatching(message),
  });
});
