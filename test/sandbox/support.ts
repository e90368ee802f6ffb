import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformFile } from '@swc/core';
import { BubblewrapProvider } from '../../src/sandbox/bubblewrap.js';
import type { ExecOptions, ExecResult, Sandbox, SandboxSpec } from '../../src/sandbox/types.js';
import type { TaskEnvironment } from '../../src/suite/types.js';

export const environment = (changes: Partial<TaskEnvironment> = {}): TaskEnvironment => ({
  workdir: '/app',
  env: {},
  user: null,
  network: 'no-network',
  memoryMb: null,
  storageMb: null,
  cpus: null,
  build: [],
  unsupported: null,
  ...changes,
});

export const spec = (changes: Partial<SandboxSpec> = {}): SandboxSpec => ({
  id: 'test',
  environment: environment(),
  contextDir: '/nonexistent',
  limits: { memoryMb: 512, processes: 128, storageMb: 64 },
  ...changes,
});

export const run = (
  sandbox: Sandbox,
  command: string,
  options: Partial<ExecOptions> = {},
): Promise<ExecResult> => sandbox.exec(command, { timeoutSeconds: 30, outputBytes: 20_000, ...options });

/** Whether a process of this machine, in a sandbox or not, has exactly this command line. */
export function isRunning(commandLine: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim() === commandLine;
    } catch {
      return false;
    }
  });
}

/** The sandbox part as JavaScript in `dir`/sandbox, with what it imports, for processes of their own. */
export async function compileSandboxes(dir: string): Promise<void> {
  const source = join(__dirname, '../../src');
  await mkdir(join(dir, 'sandbox'));
  const names = (await readdir(join(source, 'sandbox'))).map((name) => `sandbox/${name}`);
  for (const name of [...names, 'alive.ts']) {
    const { code } = await transformFile(join(source, name), {
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    });
    await writeFile(join(dir, name.replace(/ts$/, 'js')), code);
  }
  await writeFile(join(dir, 'package.json'), '{"type":"module"}');
}

/** Real sandboxes for the tests of one file; those still open after a test are removed. */
export function sandboxes() {
  const open: Sandbox[] = [];
  const context = { stateDir: '', provider: null as unknown as BubblewrapProvider };
  beforeAll(async () => {
    context.stateDir = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
    context.provider = new BubblewrapProvider({ stateDir: context.stateDir });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((sandbox) => sandbox.destroy()));
  });
  afterAll(async () => {
    await rm(context.stateDir, { recursive: true, force: true });
  });
  return {
    context,
    async create(changes: Partial<SandboxSpec> = {}): Promise<Sandbox> {
      const sandbox = await context.provider.create(spec(changes));
      open.push(sandbox);
      return sandbox;
    },
  };
}
