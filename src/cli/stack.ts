/** What a run on one machine needs: a Temporal server and a worker, started where they do not run. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { connect, connectionTo, keepHistory } from '../client/connection.js';
import { RUNTIME_VERSION } from '../contract/runtime.js';
import { recordedServer, type ServerRecord, startServer, waitUntilReady } from '../server/embedded.js';
import { ensureTemporalExecutable } from '../server/executable.js';
import { refuseFullDisk } from './disk.js';
import { CliError } from './errors.js';
import { ensureProcess, starting } from './processes.js';

const BIN = fileURLToPath(new URL('../../bin/self-harness.js', import.meta.url));
const BUILD_STAMP = new URL('../.built-from', import.meta.url);

export interface ServerAddress {
  address: string;
  /** Null: a server elsewhere, whose Web UI we do not know. */
  uiUrl: string | null;
}

interface ServerOptions {
  port?: number;
  uiPort?: number;
  say: (text: string) => void;
}

/** The server of the environment or profile, else the state folder's, started if need be. */
export async function ensureServer(stateDir: string, options: ServerOptions): Promise<ServerAddress> {
  if (process.env.TEMPORAL_ADDRESS || process.env.TEMPORAL_PROFILE)
    return { address: connectionTo({}).address, uiUrl: null };
  return ensureEmbeddedServer(stateDir, options);
}

/** The embedded server of the state folder, started if it does not run. */
export function ensureEmbeddedServer(stateDir: string, options: ServerOptions): Promise<ServerRecord> {
  return starting(stateDir, async () => {
    await refuseFullDisk(stateDir);
    const running = await recordedServer(stateDir);
    if (running) {
      refuseOtherPorts(running, options);
      await waitUntilReady(running, stateDir);
      return running;
    }
    options.say('starting the Temporal server');
    const { TEMPORAL_ADDRESS: _elsewhere, ...env } = process.env;
    const { path } = await ensureTemporalExecutable(options.say, env);
    const server = await startServer({
      executable: path!,
      stateDir,
      port: options.port,
      uiPort: options.uiPort,
      detached: true,
    });
    const temporal = await connect({ address: server.address, embedded: true });
    try {
      await keepHistory(temporal);
    } finally {
      await temporal.close();
    }
    return server;
  });
}

function refuseOtherPorts({ address, uiUrl }: ServerRecord, { port, uiPort }: ServerOptions): void {
  const same = (url: string, wanted: number | undefined) =>
    wanted === undefined || url.endsWith(`:${wanted}`);
  if (same(address, port) && same(uiUrl, uiPort)) return;
  throw new CliError(
    `The server of this state folder runs already, at ${address} with its Web UI at ${uiUrl}. Leave out --port and --ui-port, or end it first: self-harness server stop`,
  );
}

export interface WorkerOptions {
  /** Trials at once; undefined: those of the worker that runs, else the default. */
  trials?: number;
  env?: NodeJS.ProcessEnv;
  /** Variables of the environment that hold the keys of the models' endpoints. */
  keys: string[];
  say: (text: string) => void;
}

/**
 * A worker of this state folder that polls: the one that runs, else a new one. One that runs with another key, build
 * or server is replaced, because it would go on with those.
 */
export function ensureWorker(stateDir: string, address: string, options: WorkerOptions): Promise<void> {
  const { trials, env = process.env, keys, say } = options;
  const args = ['worker', '--state', stateDir, '--address', address];
  if (trials !== undefined) args.push('--trials', String(trials));
  return starting(stateDir, async () => {
    // A shell without the keys may look at what runs with them; it says nothing of endpoints.
    const endpoint = keys.some((key) => env[key]) ? [...keys, 'OPENAI_BASE_URL'] : [];
    await ensureProcess(
      stateDir,
      {
        role: 'worker',
        script: BIN,
        args: [...args, '--ready-file'],
        env,
        settings: {
          address,
          build: await readFile(BUILD_STAMP, 'utf8').catch(() => RUNTIME_VERSION),
          ...(trials === undefined ? {} : { 'number of trials': String(trials) }),
          ...Object.fromEntries(endpoint.map((name) => [name, env[name] ?? ''])),
        },
      },
      say,
    );
  });
}
