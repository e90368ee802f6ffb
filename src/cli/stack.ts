/**
 * The processes of a run on one machine: embedded Temporal server, worker and, for the demo, a simulated model. They
 * are detached, so that ^C on a watch stops nothing; the state folder records them, so that they are found again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { isAlive, startTime } from '../alive.js';
import { connect, keepHistory } from '../client/connection.js';
import { recordedServer, startServer } from '../server/embedded.js';
import { ensureTemporalExecutable } from '../server/executable.js';

export const DEFAULT_STATE = '.self-harness';
const BIN = fileURLToPath(new URL('../../bin/self-harness.js', import.meta.url));
const READY_SECONDS = 60;

export interface ServerAddress {
  address: string;
  /** Null: a server elsewhere, whose Web UI we do not know. */
  uiUrl: string | null;
}

/** What `<role>.json` in the state folder says of a process. */
interface ProcessRecord {
  pid: number;
  /** When the kernel started it: tells a process from a later one with its number. */
  started: string | null;
  ready: Record<string, string>;
}

/** The server of the environment or profile, else the state folder's, started if need be. */
export async function ensureServer(
  stateDir: string,
  options: { port?: number; uiPort?: number; say: (text: string) => void },
): Promise<ServerAddress> {
  const configured = loadClientConnectConfig().connectionOptions.address;
  if (process.env.TEMPORAL_ADDRESS || process.env.TEMPORAL_PROFILE)
    return { address: configured!, uiUrl: null };
  return ensureEmbeddedServer(stateDir, options);
}

/** The embedded server of the state folder, started if it does not run. */
export async function ensureEmbeddedServer(
  stateDir: string,
  options: { port?: number; uiPort?: number; say: (text: string) => void },
): Promise<{ address: string; uiUrl: string }> {
  const running = await recordedServer(stateDir);
  if (running) return running;
  const { path } = await ensureTemporalExecutable(options.say);
  const server = await startServer({
    executable: path!,
    stateDir,
    port: options.port,
    uiPort: options.uiPort,
    detached: true,
  });
  const temporal = await connect({ address: server.address });
  try {
    await keepHistory(temporal);
  } finally {
    await temporal.close();
  }
  return { address: server.address, uiUrl: server.uiUrl };
}

/** A worker of this state folder: the one that runs, else a new one. Resolves when it polls. */
export async function ensureWorker(
  stateDir: string,
  address: string,
  options: { trials: number; env?: NodeJS.ProcessEnv },
): Promise<void> {
  const args = [
    'worker',
    '--state',
    stateDir,
    '--address',
    address,
    '--trials',
    String(options.trials),
    '--ready-file',
  ];
  await ensureProcess(stateDir, 'worker', BIN, args, options.env ?? process.env);
}

/** Starts `script` detached unless it runs already; returns what it wrote to its ready file. */
export async function ensureProcess(
  stateDir: string,
  role: string,
  script: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<Record<string, string>> {
  const known = await recordedProcess(stateDir, role);
  if (known) return known.ready;
  await mkdir(stateDir, { recursive: true });
  const log = join(stateDir, `${role}.log`);
  const readyFile = join(stateDir, `${role}.ready`);
  await rm(readyFile, { force: true });
  const output = openSync(log, 'a', 0o600);
  const child = spawn(process.execPath, [script, ...args, readyFile], {
    stdio: ['ignore', output, output],
    detached: true,
    env,
  });
  closeSync(output);
  const ready = await waitForReady(child, readyFile, log);
  const record: ProcessRecord = { pid: child.pid!, started: startTime(child.pid!), ready };
  await writeFile(join(stateDir, `${role}.json`), `${JSON.stringify(record, null, 2)}\n`);
  child.unref();
  return ready;
}

/** Ends a recorded process and waits until it is gone. Returns whether there was one. */
export async function stopProcess(stateDir: string, role: string): Promise<boolean> {
  const record = role === 'server' ? await recordedServer(stateDir) : await recordedProcess(stateDir, role);
  await rm(join(stateDir, `${role}.json`), { force: true });
  if (!record) return false;
  process.kill(record.pid, 'SIGTERM');
  const deadline = Date.now() + READY_SECONDS * 1000;
  while (isAlive(record.pid) && Date.now() < deadline) await pause(50);
  if (isAlive(record.pid)) process.kill(record.pid, 'SIGKILL');
  return true;
}

export async function recordedProcess(stateDir: string, role: string): Promise<ProcessRecord | null> {
  try {
    const record = JSON.parse(await readFile(join(stateDir, `${role}.json`), 'utf8')) as ProcessRecord;
    return isAlive(record.pid) && startTime(record.pid) === record.started ? record : null;
  } catch {
    return null;
  }
}

async function waitForReady(
  child: ChildProcess,
  readyFile: string,
  log: string,
): Promise<Record<string, string>> {
  let exited = false;
  child.once('exit', () => {
    exited = true;
  });
  const deadline = Date.now() + READY_SECONDS * 1000;
  while (Date.now() < deadline && !exited) {
    const text = await readFile(readyFile, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return JSON.parse(text) as Record<string, string>;
    await pause(30);
  }
  const tail = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-8).join('\n');
  if (!exited) child.kill('SIGKILL');
  throw new Error(`A process did not come up; the end of ${log}:\n${tail}`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
