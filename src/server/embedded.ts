/** An embedded Temporal server: one process of the CLI's dev server on an SQLite file in the state folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { SEARCH_ATTRIBUTES } from '../workflows/attributes.js';
import { identify, isRunning, type ProcessIdentity } from './processes.js';

export interface ServerOptions {
  executable: string;
  /** Folder of the run; `temporal.db` and `temporal.log` lie in it. */
  stateDir: string;
  /** gRPC port; undefined: that of the server before, else 7233, where it is free, else any. Given and taken: refused. */
  port?: number;
  /** Web UI port; undefined: as `port`, with 8233. */
  uiPort?: number;
  /** Extra arguments of `temporal server start-dev`. */
  extraArgs?: string[];
  /** Whether the server goes on when this process ends. */
  detached?: boolean;
}

/** What `server.json` in the state folder says of a running server. */
export interface ServerRecord extends ProcessIdentity {
  address: string;
  uiUrl: string;
}

/** A server could not be started; the message says why and what to do. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
}

export interface EmbeddedServer extends ServerRecord {
  process: ChildProcess;
  stop(): Promise<void>;
}

const READY_SECONDS = 60;
const DEFAULT_PORT = 7233;
const DEFAULT_UI_PORT = 8233;

/** Starts with other ports when a free one was lost to another program between the look and the start. */
const STARTS_MAX = 3;

/** @throws {ServerError} with the remedy when a port is taken or the server does not come up. */
export async function startServer(options: ServerOptions): Promise<EmbeddedServer> {
  await mkdir(options.stateDir, { recursive: true });
  for (let start = 1; ; start++) {
    const server = await launch(options);
    try {
      await waitUntilReady(server, options.stateDir);
      if (options.detached) server.process.unref();
      return server;
    } catch (error) {
      const portsAreGiven = options.port !== undefined && options.uiPort !== undefined;
      if (isRunning(server) || portsAreGiven || start === STARTS_MAX) throw error;
    }
  }
}

/** Chooses ports, starts the process and records it. */
async function launch(options: ServerOptions): Promise<EmbeddedServer> {
  // Workers that outlived the server before look for it where it was.
  const before = await latestRecord(options.stateDir);
  const usualPort = portOf(before?.address) ?? DEFAULT_PORT;
  const usualUiPort = portOf(before?.uiUrl) ?? DEFAULT_UI_PORT;
  const port = await choosePort(options.port, usualPort, '--port');
  const uiPort = await choosePort(options.uiPort, usualUiPort, '--ui-port');
  const log = join(options.stateDir, 'temporal.log');
  const output = openSync(log, 'a', 0o600);
  const child = spawn(options.executable, serverArguments(options, port, uiPort), {
    stdio: ['ignore', output, output],
    detached: options.detached ?? false,
  });
  closeSync(output);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) =>
      reject(
        new ServerError(`${options.executable} cannot be started (${error.message}). Run: npm run setup`),
      ),
    );
  });
  const record: ServerRecord = {
    address: `127.0.0.1:${port}`,
    uiUrl: `http://127.0.0.1:${uiPort}`,
    ...identify(child.pid!),
  };
  // Before it is ready: whoever starts it may be interrupted, and the next one must find it.
  await writeFile(join(options.stateDir, 'server.json'), `${JSON.stringify(record, null, 2)}\n`);
  return {
    ...record,
    process: child,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(join(options.stateDir, 'server.json'), { force: true });
    },
  };
}

/** The server that the state folder records, if its process lives; null otherwise. */
export async function recordedServer(stateDir: string): Promise<ServerRecord | null> {
  const record = await latestRecord(stateDir);
  return record && isRunning(record) ? record : null;
}

async function latestRecord(stateDir: string): Promise<ServerRecord | null> {
  try {
    return JSON.parse(await readFile(join(stateDir, 'server.json'), 'utf8')) as ServerRecord;
  } catch {
    return null;
  }
}

function portOf(address: string | undefined): number | undefined {
  const port = Number(/:(\d+)$/.exec(address ?? '')?.[1]);
  return port > 0 ? port : undefined;
}

function serverArguments(options: ServerOptions, port: number, uiPort: number): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)],
    ...[
      '--db-filename',
      join(options.stateDir, 'temporal.db'),
      '--ui-disable-news-fetch',
      '--log-level',
      'error',
    ],
    ...['--namespace', ownNamespace(options.stateDir)],
    // The default polls the queue of new work 20 times a second: every small step would wait 50 ms.
    ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=2000'],
    ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    ...(options.extraArgs ?? []),
  ];
}

async function choosePort(wanted: number | undefined, usual: number, flag: string): Promise<number> {
  if (wanted !== undefined) {
    if (await isFree(wanted)) return wanted;
    throw new ServerError(
      `Port ${wanted} is taken. Choose another with ${flag}, or stop the program that listens there.`,
    );
  }
  return (await isFree(usual)) ? usual : freePort();
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** A namespace that only the server of this folder has: it tells it from another one that took the port meanwhile. */
function ownNamespace(stateDir: string): string {
  const folder = createHash('sha256').update(resolve(stateDir)).digest('hex').slice(0, 12);
  return `self-harness-${folder}`;
}

/** Resolves when the server answers. @throws {ServerError} when it ended, or does not answer in time. */
export async function waitUntilReady(server: ServerRecord, stateDir: string): Promise<void> {
  const { Connection } = await import('@temporalio/client');
  const { address } = server;
  const deadline = Date.now() + READY_SECONDS * 1000;
  while (Date.now() < deadline && isRunning(server)) {
    const connection = Connection.lazy({ address });
    try {
      await connection.withDeadline(Date.now() + 2000, async () => {
        for (const namespace of ['default', ownNamespace(stateDir)])
          await connection.workflowService.describeNamespace({ namespace });
      });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    } finally {
      await connection.close();
    }
  }
  const log = join(stateDir, 'temporal.log');
  const tail = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-5).join('\n');
  throw new ServerError(`The Temporal server at ${address} did not come up; the end of ${log}:\n${tail}`);
}
