import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { findCgroups } from '../../src/sandbox/cgroup.js';
import { environment, run, sandboxes } from './support.js';

const { create, context } = sandboxes();
const small = { memoryMb: 128, processes: 40, storageMb: 32 };

/** Grows by doubling a string: its own memory, not files. */
const EATER = 'x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done';

test('a command that eats memory dies, the sandbox lives', async () => {
  const sandbox = await create({ limits: small });
  await run(sandbox, 'sleep 1300 & echo kept > file');
  const result = await run(sandbox, `bash -c '${EATER}'`);
  expect(result.timedOut).toBe(false);
  expect(result.exitCode).not.toBe(0);
  expect((await run(sandbox, 'cat file')).output).toBe('kept\n');
});

test('a task may ask for less memory than the limit, not for more', async () => {
  const eat = (mb: number) => `head -c ${mb}000000 /dev/zero | tail -c ${mb}000000 | wc -c`;
  const less = await create({
    limits: { ...small, memoryMb: 1024 },
    environment: environment({ memoryMb: 64 }),
  });
  expect((await run(less, eat(300))).output).not.toContain('300000000');
  const more = await create({
    limits: { ...small, memoryMb: 64 },
    environment: environment({ memoryMb: 4096 }),
  });
  expect((await run(more, eat(300))).output).not.toContain('300000000');
  const enough = await create({ limits: { ...small, memoryMb: 1024 } });
  expect((await run(enough, eat(300))).output).toBe('300000000\n');
});

test('a fork bomb runs into the limit of processes, and the time limit ends it', async () => {
  const sandbox = await create({ limits: small });
  const result = await run(sandbox, 'bomb() { bomb | bomb & }; bomb; sleep 1301', { timeoutSeconds: 1 });
  expect(result.output + String(result.timedOut)).toMatch(/Resource temporarily unavailable|true/);
  expect((await run(sandbox, 'pkill -9 -f bomb; echo fine')).output).toContain('fine\n');
});

test('full storage is an error of the command that writes', async () => {
  const sandbox = await create({ limits: small });
  const full = await run(sandbox, 'for d in /app /usr/share /dev/shm /tmp; do cat /dev/zero > $d/zero; done');
  expect(full.output.match(/No space left on device/g)).toHaveLength(4);
  expect(
    (await run(sandbox, 'rm /app/zero /usr/share/zero /dev/shm/zero /tmp/zero; echo x > y && cat y')).output,
  ).toBe('x\n');
});

test('storage counts what was written, not what the system holds', async () => {
  const sandbox = await create({ limits: small });
  const { output } = await run(sandbox, 'df --output=size,used -m / | tail -1');
  const [size, used] = output.trim().split(/\s+/).map(Number);
  expect(size).toBe(32);
  expect(used).toBeLessThan(2);
});

const roots = findCgroups();

(roots ? test : test.skip)(
  `control groups go with their sandbox${roots ? '' : ' (skipped: none can be made here)'}`,
  async () => {
    const before = readdirSync(roots!.memory);
    const sandbox = await create({ limits: small, environment: environment({ cpus: 1 }) });
    const mine = readdirSync(roots!.memory).filter(
      (name) => !before.includes(name) && name.includes(`-${process.pid}-`),
    );
    expect(mine).toHaveLength(1);
    expect(readFileSync(`${roots!.pids}/${mine[0]}/pids.max`, 'utf8')).toBe('40\n');
    await sandbox.destroy();
    for (const dir of [roots!.memory, roots!.pids, roots!.cpu])
      expect(existsSync(`${dir}/${mine[0]}`)).toBe(false);
  },
);

test('16 sandboxes at once, each with work of its own', async () => {
  const outputs = await Promise.all(
    Array.from({ length: 16 }, async (_, i) => {
      const sandbox = await create();
      for (let turn = 0; turn < 5; turn++) await run(sandbox, `echo ${i}.${turn} >> log`);
      await sandbox.writeFile('own', String(i));
      const result = await run(sandbox, 'cat log own');
      await sandbox.destroy();
      return result.output;
    }),
  );
  expect(outputs).toEqual(
    outputs.map((_, i) => `${[0, 1, 2, 3, 4].map((turn) => `${i}.${turn}\n`).join('')}${i}`),
  );
  expect(context.provider.kind).toBe('bubblewrap');
});
