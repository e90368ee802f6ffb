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

const CONNECT_SECONDS = 10;

/** Which server is meant; what is left out comes from the environment or profile of the Temporal CLI. */
export interface Target {
  address?: string;
  /** A server of ours: the namespace, key and TLS that are configured are for another one. */
  embedded?: boolean;
}

/** How to connect, from either side. @throws {TemporalUnavailable} when the profile or an address is missing. */
export function connectionTo(target: Target) {
  if (target.embedded && target.address)
    return { address: target.address, namespace: 'default', options: { address: target.address } };
  const { connectionOptions, namespace = 'default' } = configured();
  const address = target.address ?? connectionOptions.address;
  if (!address)
    throw new TemporalUnavailable(
      'It is not said where the Temporal server is: set TEMPORAL_ADDRESS, or `address` in the profile.',
    );
  return { address, namespace, options: { ...connectionOptions, address } };
}

function configured(): ReturnType<typeof loadClientConnectConfig> {
  try {
    return loadClientConnectConfig();
  } catch (error) {
    throw new TemporalUnavailable(
      `The configuration of the Temporal CLI cannot be used: ${(error as Error).message}. Mend the file, or correct TEMPORAL_PROFILE or TEMPORAL_CONFIG_FILE.`,
      { cause: error },
    );
  }
}

const DEADLINE_EXCEEDED = 4;

function whyNot(error: unknown): string {
  const { code, message } = error as Error & { code?: number };
  // What gRPC says of it is about its own filters.
  return code === DEADLINE_EXCEEDED ? `nothing within ${CONNECT_SECONDS} s` : message.split('\n')[0]!;
}

/** @throws {TemporalUnavailable} */
export async function connect(target: Target = {}): Promise<Temporal> {
  const { address, namespace, options } = connectionTo(target);
  const connection = Connection.lazy({ ...options, connectTimeout: `${CONNECT_SECONDS}s` });
  try {
    await connection.withDeadline(Date.now() + CONNECT_SECONDS * 1000, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } catch (error) {
    await connection.close();
    throw new TemporalUnavailable(
      `No Temporal server answers at ${address} for namespace ${namespace} (${whyNot(error)}). ` +
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
