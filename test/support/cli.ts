/** The command line as its user runs it: the built program in a process of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const BIN = resolve(__dirname, '../../bin/self-harness.js');

export interface CliRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The environment without what the machine may have set, with the executable that the test run found. */
export function cleanEnv(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const {
    TEMPORAL_ADDRESS: _a,
    TEMPORAL_PROFILE: _p,
    OPENAI_API_KEY: _k,
    OPENAI_BASE_URL: _b,
    ...rest
  } = process.env;
  return { ...rest, NO_COLOR: '1', ...extra };
}

/** @param options.interruptAt words on stderr at which ^C is pressed */
export function cli(
  args: string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string; interruptAt?: string } = {},
): Promise<CliRun> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      env: options.env ?? cleanEnv(),
      cwd: options.cwd ?? tmpdir(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const run: CliRun = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      run.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      const before = run.stderr;
      run.stderr += chunk;
      const { interruptAt } = options;
      if (interruptAt && run.stderr.includes(interruptAt) && !before.includes(interruptAt))
        child.kill('SIGINT');
    });
    child.once('error', fail);
    child.once('close', (code) => done({ ...run, code }));
  });
}

export function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'self-harness-test-'));
}
