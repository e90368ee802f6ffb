/**
 * Processes of a state folder: started detached, so that ^C on a watch stops nothing, recorded in `<role>.json`, so
 * that they are found again, and started by one command at a time.
 */

import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recordedServer } from '../server/embedded.js';
import { identify, isRunning, type ProcessIdentity } from '../server/processes.js';
import { CliError } from './errors.js';

const READY_SECONDS = 60;
const LOCK_SECONDS = 120;
/** A worker that drains ends its trials first. */
const STOP_SECONDS = 60;

/** What `<role>.json` in the state folder says of a process. */
interface ProcessRecord extends ProcessIdentity {
  /** What it was started with: values as salted hashes, because keys are among them. */
  settings: Record<string, string>;
  salt: string;
}

export interface ProcessSpec {
  role: string;
  script: string;
  /** The ready file is appended. */
  args: string[];
  env: NodeJS.ProcessEnv;
  /** What it must have been started with: a running process that had others is replaced. */
  settings?: Record<string, string>;
}

/** Starts the process unless it runs already; resolves with what it wrote to its ready file. */
export async function ensureProcess(
  stateDir: string,
  spec: ProcessSpec,
  say: (text: string) => void,
): Promise<Record<string, string>> {
  const { role, settings = {} } = spec;
  const known = await recordedProcess(stateDir, role);
  if (known) {
    const changed = Object.keys(settings).filter(
      (name) => known.settings[name] !== hashed(known.salt, settings[name]!),
    );
    if (changed.length === 0) return ready(known, stateDir, role);
    say(`restarting the ${role}: it was started with another ${changed.join(', ')}`);
    await stopProcess(stateDir, role);
  }
  const readyFile = readyPath(stateDir, role);
  await rm(readyFile, { force: true });
  const output = openSync(logPath(stateDir, role), 'a', 0o600);
  const child = spawn(process.execPath, [spec.script, ...spec.args, readyFile], {
    stdio: ['ignore', output, output],
    detached: true,
    env: spec.env,
  });
  closeSync(output);
  child.unref();
  const salt = randomBytes(16).toString('hex');
  const hashes = Object.entries(settings).map(([name, value]) => [name, hashed(salt, value)]);
  const record: ProcessRecord = { ...identify(child.pid!), settings: Object.fromEntries(hashes), salt };
  // Before it is ready: whoever starts it may be interrupted, and the next one must find it.
  await writeFile(recordPath(stateDir, role), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  return ready(record, stateDir, role);
}

/** Ends a recorded process and waits until it is gone. Returns whether there was one. */
export async function stopProcess(stateDir: string, role: string): Promise<boolean> {
  const record = role === 'server' ? await recordedServer(stateDir) : await recordedProcess(stateDir, role);
  if (record) {
    process.kill(record.pid, 'SIGTERM');
    const deadline = Date.now() + STOP_SECONDS * 1000;
    while (isRunning(record) && Date.now() < deadline) await pause(50);
    if (isRunning(record)) process.kill(record.pid, 'SIGKILL');
  }
  await rm(recordPath(stateDir, role), { force: true });
  return record !== null;
}

/**
 * Runs `work` while no other command starts anything in this folder: two servers on one database file would spoil it.
 * Makes the folder.
 */
export async function starting<T>(stateDir: string, work: () => Promise<T>): Promise<T> {
  await mkdir(stateDir, { recursive: true });
  const lock = join(stateDir, 'starting.lock');
  const deadline = Date.now() + LOCK_SECONDS * 1000;
  while (!(await taken(lock))) {
    if (Date.now() > deadline)
      throw new CliError(
        `Another command has been starting things in ${stateDir} for long. If none is: rm ${lock}`,
      );
    await pause(100);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    // A link comes into being with its content: no crash and no full disk leaves a lock without its holder.
    await symlink(JSON.stringify(identify(process.pid)), lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = await readlink(lock).then(
      (text) => JSON.parse(text) as ProcessIdentity,
      () => null,
    );
    if (holder && !isRunning(holder)) await rm(lock, { force: true });
    return false;
  }
}

async function recordedProcess(stateDir: string, role: string): Promise<ProcessRecord | null> {
  const record = await readJson<ProcessRecord>(recordPath(stateDir, role));
  return record && isRunning(record) ? record : null;
}

async function ready(
  record: ProcessIdentity,
  stateDir: string,
  role: string,
): Promise<Record<string, string>> {
  const deadline = Date.now() + READY_SECONDS * 1000;
  while (Date.now() < deadline && isRunning(record)) {
    const text = await readFile(readyPath(stateDir, role), 'utf8').catch(() => '');
    if (text.endsWith('\n')) return JSON.parse(text) as Record<string, string>;
    await pause(30);
  }
  const log = logPath(stateDir, role);
  const tail = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-8).join('\n');
  if (isRunning(record)) process.kill(record.pid, 'SIGKILL');
  throw new CliError(`The ${role} did not come up; the end of ${log}:\n${tail}`);
}

async function readJson<T>(path: string): Promise<T | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch {
    return null;
  }
}

const recordPath = (stateDir: string, role: string) => join(stateDir, `${role}.json`);
const readyPath = (stateDir: string, role: string) => join(stateDir, `${role}.ready`);
const logPath = (stateDir: string, role: string) => join(stateDir, `${role}.log`);

function hashed(salt: string, value: string): string {
  return createHash('sha256').update(`${salt}\n${value}`).digest('hex');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
