import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { isAlive, startTime } from '../src/alive.js';

test('this process lives, and a number that no process has does not', () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(startTime(process.pid)).toMatch(/^\d+$/);
  expect(isAlive(2 ** 30)).toBe(false);
  expect(startTime(2 ** 30)).toBeNull();
});

test('a process that has ended is dead, also while nobody waits for it', async () => {
  // The shell becomes a program that never waits for the child that it started before. The child ends only when this
  // test closes its pipe, so that the shell, which would have waited for it, is gone by then.
  const parent = spawn('sh', ['-c', 'cat <&3 >&2 & echo $!; exec sleep 60 3<&-'], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  try {
    const pid = await new Promise<number>((resolve) =>
      parent.stdout?.once('data', (text) => resolve(Number(text))),
    );
    while (readFileSync(`/proc/${parent.pid}/comm`, 'utf8') !== 'sleep\n') await turn();
    expect(isAlive(pid)).toBe(true);
    (parent.stdio[3] as Writable).end();
    while (isAlive(pid)) await turn();
    expect(() => process.kill(pid, 0)).not.toThrow();
  } finally {
    parent.kill('SIGKILL');
  }
});

const turn = () => new Promise((resolve) => setTimeout(resolve, 10));
