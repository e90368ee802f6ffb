/** What most commands need: the server of the environment or the state folder, and a client of it. */
import { resolve } from 'node:path';
import { connect, type Target, type Temporal } from '../client/connection.js';
import { recordedServer } from '../server/embedded.js';
import { CliError } from './errors.js';
import { DEFAULT_STATE } from './state.js';
import { typed } from './typed.js';

/** Runs `work` with a client; never starts anything. @throws {CliError} when there is no server to talk to. */
export async function withTemporal<T>(state: string, work: (temporal: Temporal) => Promise<T>): Promise<T> {
  const temporal = await connect(await serverOf(state));
  try {
    return await work(temporal);
  } finally {
    await temporal.close();
  }
}

/** The server of a state folder, or of the environment. @throws {CliError} when there is none. */
export async function serverOf(state: string): Promise<Target> {
  const server = await recordedServer(resolve(state));
  const elsewhere = process.env.TEMPORAL_ADDRESS || process.env.TEMPORAL_PROFILE;
  // A folder that is named is meant, whatever the environment says: such as the demo's.
  if (server && (state !== DEFAULT_STATE || !elsewhere)) return { address: server.address, embedded: true };
  if (elsewhere) return {};
  throw new CliError(
    `No Temporal server runs for the state folder ${state}. Start it with \`${typed('server', state)}\`, name another folder with --state, or set TEMPORAL_ADDRESS.`,
  );
}

/** A server by its address, which may be that of the state folder. */
export async function serverAt(address: string, state: string): Promise<Target> {
  const server = await recordedServer(resolve(state));
  return { address, embedded: server?.address === address };
}
