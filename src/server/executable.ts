/** Where the `temporal` executable of an embedded server comes from; design: PATH, cache, download, build. */
import { execFile, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, copyFile, mkdir, mkdtemp, realpath, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Version of the CLI that `tools/temporal` builds; the cache is kept by it. */
export const TEMPORAL_CLI_VERSION = '1.8.2';
const BUILD_MODULE = fileURLToPath(new URL('../../tools/temporal', import.meta.url));
const BUILD_MINUTES_MAX = 30;

export type TemporalSource = 'TEMPORAL_ADDRESS' | 'PATH' | 'cache' | 'download' | 'build';

export interface TemporalExecutable {
  source: TemporalSource;
  /** Absolute path; null when a server elsewhere is used (`address`). */
  path: string | null;
  address: string | null;
}

export function cachedExecutable(env: NodeJS.ProcessEnv = process.env): string {
  const base =
    env.SELF_HARNESS_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'self-harness');
  return join(
    base,
    'temporal',
    TEMPORAL_CLI_VERSION,
    process.platform === 'win32' ? 'temporal.exe' : 'temporal',
  );
}

/** Finds the executable without getting one; null: there is none yet. */
export async function findTemporalExecutable(
  env: NodeJS.ProcessEnv = process.env,
): Promise<TemporalExecutable | null> {
  const cached = cachedExecutable(env);
  const onPath = await findOnPath('temporal', env);
  // The set-up links the cached one into node_modules/.bin, which npm puts on the PATH.
  if (onPath && onPath !== (await realpath(cached).catch(() => cached)) && (await knowsOurOptions(onPath)))
    return { source: 'PATH', path: onPath, address: null };
  if (await works(cached)) return { source: 'cache', path: cached, address: null };
  return null;
}

/**
 * Finds the executable, else gets one into the cache: by the SDK's download, else by building it with Go.
 * @throws Error that says what was tried and what to install.
 */
export async function ensureTemporalExecutable(
  say: (text: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<TemporalExecutable> {
  if (env.TEMPORAL_ADDRESS) return { source: 'TEMPORAL_ADDRESS', path: null, address: env.TEMPORAL_ADDRESS };
  const found = await findTemporalExecutable(env);
  if (found) return found;
  const target = cachedExecutable(env);
  say('no `temporal` of a fitting version on the PATH or in the cache; trying the download of the SDK');
  const downloaded = await download(target);
  if (downloaded === null) return { source: 'download', path: target, address: null };
  const go = await findOnPath('go', env);
  if (!go) {
    throw new Error(
      `The Temporal CLI could not be had: the download failed (${downloaded}) and there is no Go to build it with. ` +
        'Install it (macOS: brew install temporal; others: https://temporal.download) or Go 1.26 or later, or set TEMPORAL_ADDRESS, then run `npm run setup` again.',
    );
  }
  say('the download failed; building it with Go: once, 4 to 10 minutes');
  await build(go, target);
  return { source: 'build', path: target, address: null };
}

async function download(target: string): Promise<string | null> {
  const dir = await mkdtemp(join(tmpdir(), 'self-harness-temporal-'));
  try {
    const { TestWorkflowEnvironment } = await import('@temporalio/testing');
    const environment = await TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'cached-download', downloadDir: dir }, ui: false },
    });
    await environment.teardown();
    const { readdir } = await import('node:fs/promises');
    const files = await readdir(dir);
    const file = files.find((name) => name.startsWith('temporal'));
    if (!file) return 'nothing was downloaded';
    await install(join(dir, file), target);
    return null;
  } catch (error) {
    return firstLine(error);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function build(go: string, target: string): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'self-harness-temporal-'));
  const built = join(dir, 'temporal');
  const args = [
    'build',
    '-trimpath',
    '-ldflags=-s -w',
    '-o',
    built,
    'github.com/temporalio/cli/cmd/temporal',
  ];
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(go, args, {
        cwd: BUILD_MODULE,
        env: { ...process.env, CGO_ENABLED: '0' },
        stdio: ['ignore', 'ignore', 'pipe'],
        timeout: BUILD_MINUTES_MAX * 60_000,
      });
      let tail = '';
      child.stderr.on('data', (chunk: Buffer) => {
        tail = (tail + chunk.toString()).slice(-2000);
      });
      child.on('error', reject);
      child.on('exit', (code) =>
        code === 0
          ? resolve()
          : reject(new Error(`\`go build\` of the Temporal CLI failed (exit code ${code}):\n${tail}`)),
      );
    });
    await install(built, target);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Copies beside the target first: another process may be running or installing it. */
async function install(from: string, target: string): Promise<void> {
  await mkdir(join(target, '..'), { recursive: true });
  const temporary = `${target}.${process.pid}`;
  await copyFile(from, temporary);
  await rename(temporary, target);
}

async function findOnPath(program: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  const name = process.platform === 'win32' ? `${program}.exe` : program;
  for (const dir of (env.PATH ?? '').split(delimiter)) {
    if (!dir) continue;
    const path = join(dir, name);
    if (await isExecutable(path)) return realpath(path);
  }
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The latest of the options that the embedded server is started with: earlier versions of the CLI refuse it. */
const NEWEST_OPTION = '--ui-disable-news-fetch';

async function knowsOurOptions(path: string): Promise<boolean> {
  return run(path, ['server', 'start-dev', '--help'], { timeout: 20_000 }).then(
    ({ stdout, stderr }) => `${stdout}${stderr}`.includes(NEWEST_OPTION),
    () => false,
  );
}

async function works(path: string): Promise<boolean> {
  if (!(await isExecutable(path))) return false;
  return run(path, ['--version'], { timeout: 20_000 }).then(
    () => true,
    () => false,
  );
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 300);
}
