import { spawn } from 'node:child_process';
import { isAlive, startTime } from '../src/alive.js';

test('this process lives, and a number that no process has does not', () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(startTime(process.pid)).toMatch(/^\d+$/);
  expect(isAlive(2 ** 30)).toBe(false);
  expect(startTime(2 ** 30)).toBeNull();
});

test('a process that has ended is dead, also while nobody waits for it', async () => {
  // The shell becomes a program that never waits for the child that it started before.
  const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (text) => resolve(Number(text))),
    );
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(() => process.kill(pid, 0)).not.toThrow();
  } finally {
    parent.kill('SIGKILL');
  }
});
