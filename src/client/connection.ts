/** How this program reaches Temporal: the same variables and profile that the Temporal CLI reads. */
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { SEARCH_ATTRIBUTES } from '../workflows/attributes.js';

export interface Temporal {
  connection: Connection;
  client: Client;
  namespace: string;
  address: string;
  close(): Promise<void>;
}

/** Temporal is not reachable; the message says at which address and what to start. */
export class TemporalUnavailable extends Error {
  override readonly name = 'TemporalUnavailable';
}

/**
 * Connects to `address` if given, else to what the environment or profile of the Temporal CLI says.
 * @throws {TemporalUnavailable}
 */
export async function connect(options: { address?: string; namespace?: string } = {}): Promise<Temporal> {
  const config = loadClientConnectConfig();
  const address = options.address ?? config.connectionOptions.address ?? '127.0.0.1:7233';
  const namespace = options.namespace ?? config.namespace ?? 'default';
  const connection = Connection.lazy({ ...config.connectionOptions, address, connectTimeout: '10s' });
  try {
    await connection.withDeadline(Date.now() + 10_000, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } catch (error) {
    await connection.close();
    throw new TemporalUnavailable(
      `No Temporal server answers at ${address} for namespace ${namespace} (${(error as Error).message.split('\n')[0]}). ` +
        'Start one with `self-harness server`, or set TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE.',
      { cause: error },
    );
  }
  const client = new Client({ connection, namespace });
  return { connection, client, namespace, address, close: () => connection.close() };
}

/** `temporal.api.enums.v1.IndexedValueType` of the public API. */
const INDEXED_VALUE_TYPES: Record<string, number> = { Keyword: 2, Int: 3, Double: 4 };

/**
 * Registers our search attributes where they are missing. Returns whether they are all there: without the right to
 * register them (a managed cluster) workflows run without.
 */
export async function ensureSearchAttributes(temporalConnection: Temporal): Promise<boolean> {
  const { connection, namespace } = temporalConnection;
  const missing = async () => {
    const known = await connection.operatorService.listSearchAttributes({ namespace });
    return Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => !(name in (known.customAttributes ?? {})));
  };
  try {
    const absent = await missing();
    if (absent.length === 0) return true;
    const types = absent.map(([name, type]) => [name, INDEXED_VALUE_TYPES[type]!] as const);
    const searchAttributes = Object.fromEntries(types);
    // Another worker that starts at the same moment may have been faster.
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes }).catch(() => {});
    return (await missing()).length === 0;
  } catch {
    return false;
  }
}

const RETENTION_SECONDS = 30 * 86_400;

/** Keeps closed runs of an embedded server visible for 30 days: its own default is one. */
export async function keepHistory(temporalConnection: Temporal): Promise<void> {
  const { connection, namespace } = temporalConnection;
  await connection.workflowService.updateNamespace({
    namespace,
    // Protocol buffers take a plain number for 64 bits as well.
    config: { workflowExecutionRetentionTtl: { seconds: RETENTION_SECONDS as never } },
  });
}
