import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BubblewrapProvider } from '../../src/sandbox/bubblewrap.js';
import { findCgroups } from '../../src/sandbox/cgroup.js';
import { compileSandboxes, environment, isRunning, run, sandboxes, spec } from './support.js';

const { create, context } = sandboxes();

/** Control groups of sandboxes of the process `pid`. */
const groupsOf = (pid: number | undefined): string[] => {
  const roots = findCgroups();
  return roots ? readdirSync(roots.memory).filter((name) => name.includes(`-${pid}-`)) : [];
};

const until = async (condition: () => boolean): Promise<void> => {
  for (let i = 0; i < 1000 && !condition(); i++) await delay(10);
};

test('after its end nothing of a sandbox is left, and ending it again is harmless', async () => {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
  const sandbox = await create();
  await run(sandbox, 'setsid sleep 1401 & nohup sleep 1402 & (sleep 1403 &) ; echo started');
  const sleepers = ['sleep 1401', 'sleep 1402', 'sleep 1403'];
  await until(() => sleepers.every(isRunning));
  expect(sleepers.filter(isRunning)).toEqual(sleepers);
  await Promise.all([sandbox.destroy(), sandbox.destroy()]);
  await sandbox.destroy();
  expect(sleepers.filter(isRunning)).toEqual([]);
  expect(groupsOf(process.pid)).toEqual([]);
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).toBe(mounts);
  await expect(run(sandbox, 'true')).rejects.toMatchObject({ name: 'SandboxError', kind: 'lost' });
});

test('a sandbox that ends under a running command rejects it', async () => {
  const sandbox = await create();
  const running = run(sandbox, 'sleep 1404');
  const rejected = expect(running).rejects.toMatchObject({ kind: 'lost' });
  await until(() => isRunning('sleep 1404'));
  await sandbox.destroy();
  await rejected;
  expect(isRunning('sleep 1404')).toBe(false);
});

test('a start that is aborted rejects with the reason and leaves nothing', async () => {
  await (await create()).destroy();
  const reason = new Error('cancelled');
  await expect(context.provider.create(spec(), AbortSignal.abort(reason))).rejects.toBe(reason);
  for (const milliseconds of [0, 2, 5, 8, 12]) {
    const controller = new AbortController();
    const starting = context.provider.create(spec(), controller.signal).then(
      (sandbox) => sandbox.destroy(),
      (error) => expect(error).toBe(reason),
    );
    setTimeout(() => controller.abort(reason), milliseconds);
    await starting;
  }
  expect(groupsOf(process.pid)).toEqual([]);
});

test('a start that fails half-way says why and leaves nothing', async () => {
  const unknown = spec({ environment: environment({ user: 'nosuchuser' }) });
  await expect(context.provider.create(unknown)).rejects.toMatchObject({
    kind: 'unsupported',
    message: 'USER nosuchuser: the sandbox has no such user.',
  });
  const unsupported = spec({ environment: environment({ unsupported: 'Dockerfile line 3: VOLUME' }) });
  await expect(context.provider.create(unsupported)).rejects.toMatchObject({
    kind: 'unsupported',
    message: 'This task cannot run under bubblewrap: Dockerfile line 3: VOLUME',
  });
  expect(groupsOf(process.pid)).toEqual([]);
});

test('a provider without a folder to work in says so', () => {
  expect(() => new BubblewrapProvider({ stateDir: '/dev/null/state' })).toThrow(
    /state folder for sandboxes \/dev\/null\/state cannot be made: .* Name another one\./,
  );
});

describe('a worker that is killed', () => {
  let dir: string;
  let worker: ChildProcess;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'sandbox-worker-'));
    worker = await startWorker(dir, join(dir, 'state'));
  });
  afterEach(async () => {
    worker.kill('SIGKILL');
    await rm(dir, { recursive: true, force: true });
  });

  test('takes its sandboxes with it, and a sweep by another worker removes the rest', async () => {
    const other = new BubblewrapProvider({ stateDir: join(dir, 'state') });
    const mine = await other.create(spec());
    const sleepers = ['sleep 1411', 'sleep 1412', 'sleep 1413'];
    expect(sleepers.filter(isRunning)).toEqual(sleepers);
    expect(await readdir(join(dir, 'state/sandboxes/workers'))).toHaveLength(2);

    // Living workers are left alone.
    expect(await other.sweep()).toBe(0);
    expect(sleepers.filter(isRunning)).toEqual(sleepers);

    const groups = groupsOf(worker.pid);
    worker.kill('SIGKILL');
    await until(() => !sleepers.some(isRunning));
    expect(sleepers.filter(isRunning)).toEqual([]);

    await until(() => worker.signalCode !== null);
    expect(await other.sweep()).toBe(groups.length);
    expect(groupsOf(worker.pid)).toEqual([]);
    expect(await readdir(join(dir, 'state/sandboxes/workers'))).toHaveLength(1);
    expect((await run(mine, 'echo untouched')).output).toBe('untouched\n');
    await mine.destroy();
  });
});

/** A process of its own with three sandboxes in which something sleeps. */
async function startWorker(dir: string, stateDir: string): Promise<ChildProcess> {
  await compileSandboxes(dir);
  await writeFile(
    join(dir, 'worker.js'),
    `import { createSandboxProvider } from './sandbox/index.js';
    const provider = createSandboxProvider({ kind: 'auto', allowHost: false, stateDir: ${JSON.stringify(stateDir)} });
    const spec = ${JSON.stringify(spec())};
    const options = { timeoutSeconds: 60, outputBytes: 1000 };
    await Promise.all(['sleep 1411', 'setsid sleep 1412 & true', '(sleep 1413 &)'].map(async (command, i) => {
      const sandbox = await provider.create(spec);
      const running = sandbox.exec(command, options);
      if (i > 0) await running;
    }));
    console.log('started');
    setInterval(() => {}, 1000);`,
  );
  const worker = spawn(process.execPath, [join(dir, 'worker.js')], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    worker.stdout!.once('data', resolve);
    worker.once('exit', () => reject(new Error('the worker ended early')));
  });
  await until(() => isRunning('sleep 1411'));
  return worker;
}
