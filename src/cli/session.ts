/** What most commands need: the server of the environment or the state folder, and a client of it. */
import { resolve } from 'node:path';
import { connect, type Temporal } from '../client/connection.js';
import { recordedServer } from '../server/embedded.js';
import { CliError } from './errors.js';
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
  if (process.env.TEMPORAL_ADDRESS || process.env.TEMPORAL_PROFILE) return {};
  const server = await recordedServer(resolve(state));
  if (server) return { address: server.address };
  throw new CliError(
    `No Temporal server runs for the state folder ${state}. Start it with \`${typed('server', state)}\`, name another folder with --state, or set TEMPORAL_ADDRESS.`,
  );
}
