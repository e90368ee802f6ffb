import type { Client } from '@temporalio/client';
import { evolutionId, listEvolutions, WorkflowNotFoundError } from '../client/evolutions.js';
import { CliError } from './errors.js';

/** @throws {CliError} that names those that there are */
export async function exists(client: Client, name: string): Promise<void> {
  try {
    await client.workflow.getHandle(evolutionId(name)).describe();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const known = [...new Set((await listEvolutions(client, 10)).map((line) => line.name))];
    throw new CliError(
      `There is no evolution ${name}. ${known.length ? `Known: ${known.join(', ')}` : 'None has been started.'}`,
    );
  }
}
