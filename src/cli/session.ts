/** What most commands need: the server of the environment or the state folder, and a client of it. */
import { resolve } from 'node:path';
import { connect, type Temporal } from '../client/connection.js';
import { recordedServer } from '../server/embedded.js';
import { CliError } from './errors.js';
import { DEFAULT_STATE } from './state.js';
import { typed } from './typed.js';

/** Runs `work` with a client; never starts anything. @throws {CliError} when there is no server to talk to. */
export async function withTemporal<T>(state: string, work: (temporal: Temporal) => Promise<T>): Promise<T> {
  const temporal = await connect(await addressOf(state));
  try {
    return await work(temporal);
  } finally {
    await temporal.close();
  }
}

async function addressOf(state: string): Promise<{ address?: string }> {
  const server = await recordedServer(resolve(state));
  const elsewhere = process.env.TEMPORAL_ADDRESS || process.env.TEMPORAL_PROFILE;
  // A folder that is named is meant, whatever the environment says: such as the demo's.
  if (server && (state !== DEFAULT_STATE || !elsewhere)) return { address: server.address };
  if (elsewhere) return {};
  throw new CliError(
    `No Temporal server runs for the state folder ${state}. Start it with \`${typed('server', state)}\`, name another folder with --state, or set TEMPORAL_ADDRESS.`,
  );
}
