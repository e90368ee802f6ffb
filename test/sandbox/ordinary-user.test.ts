/** Without root, without subordinate ids, without control groups: what an unprepared machine gives. */
import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileSandboxes, environment, spec } from './support.js';

const UID = 54_321;
const isRoot = process.getuid!() === 0;
if (!isRoot) console.log('Skipped: only root can run a process as another user.');

const SCRIPT = `
import { createSandboxProvider } from './sandbox/index.js';
import { checkSandbox } from './sandbox/doctor.js';
const [specification, stateDir] = [JSON.parse(process.argv[2]), process.argv[3]];
const provider = createSandboxProvider({ kind: 'auto', allowHost: false, stateDir });
const sandbox = await provider.create(specification);
const run = async (command, options) => {
  const { exitCode, output } = await sandbox.exec(command, { timeoutSeconds: 20, outputBytes: 5000, ...options });
  return [exitCode, output.trim()];
};
const results = {
  uid: process.getuid(),
  fingerprint: await provider.fingerprint(),
  identity: await run('id -u; hostname; echo x > /usr/local/bin/x && sed -i s/local/other/ /etc/hosts && echo writable'),
  timeout: await run('sleep 1501 & sleep 1502', { timeoutSeconds: 0.3 }),
  left: await run('ps -e | grep -c sleep'),
  memory: await run('head -c 400000000 /dev/zero | tail -c 400000000 | wc -c'),
  shell: await run('echo x > /run/bash; chmod 777 /run/bash'),
  kernel: await run('echo x > /proc/sys/kernel/core_pattern'),
  processes: await run('for i in {1..200}; do sleep 1503 & done', { timeoutSeconds: 1 }),
  file: [await sandbox.writeFile('/data/file', 'text'), (await sandbox.readFile('/data/file', 100)).content.toString()],
};
await sandbox.upload('./sandbox', '/tests');
results.uploaded = await run('ls /tests | grep -c js');
await sandbox.exec('cp /bin/true /usr/bin/cmp; echo a > /app/a; echo 1 > /logs/verifier/reward.txt', { timeoutSeconds: 20, outputBytes: 100 });
const verifier = await sandbox.forVerifier();
const verified = await verifier.exec('cmp -s /app/a /run/bash || cat /app/a; ls /logs/verifier', { timeoutSeconds: 20, outputBytes: 1000 });
results.verifier = [verified.exitCode, verified.output];
await sandbox.destroy();
results.user = await provider.create({ ...specification, environment: { ...specification.environment, user: 'nobody' } }).catch((error) => [error.kind, error.message]);
results.doctor = (await checkSandbox()).filter((check) => !check.ok);
console.log(JSON.stringify(results));
`;

(isRoot ? test : test.skip)(
  'an ordinary user without any preparation has sandboxes with one user in them',
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'sandbox-user-'));
    try {
      await compileSandboxes(dir);
      await writeFile(join(dir, 'script.js'), SCRIPT);
      await chmod(dir, 0o755);
      const stateDir = join(dir, 'private/state');
      await mkdir(join(dir, 'private'), { mode: 0o700 });
      await chown(join(dir, 'private'), UID, UID);
      const specification = spec({
        environment: environment(),
        limits: { memoryMb: 256, processes: 60, storageMb: 32 },
      });
      const stdout = execFileSync(process.execPath, ['script.js', JSON.stringify(specification), stateDir], {
        cwd: dir,
        uid: UID,
        gid: UID,
        env: { PATH: process.env.PATH },
        encoding: 'utf8',
      });
      expect(JSON.parse(stdout)).toEqual({
        uid: UID,
        fingerprint: expect.stringMatching(/^bubblewrap:[0-9a-f]{32}:single:rlimit$/),
        identity: [0, '0\nsandbox\nwritable'],
        timeout: [124, ''],
        left: [1, '0'],
        memory: [expect.any(Number), expect.not.stringContaining('400000000')],
        shell: [1, expect.stringContaining('Read-only file system')],
        kernel: [1, expect.stringContaining('denied')],
        processes: [124, expect.stringContaining('Resource temporarily unavailable')],
        file: [{ ok: true }, 'text'],
        verifier: [0, 'a\n'],
        uploaded: [0, expect.stringMatching(/^\d\d$/)],
        user: ['unsupported', expect.stringContaining('--add-subuids')],
        doctor: [],
      });
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
);
