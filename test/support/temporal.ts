/** Workflow tests: the real server of the run, real workflow code from the built bundle, activities of the test's own. */
import { resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Activities } from '../../src/activities/index.js';
import { MODELS_QUEUE, SANDBOXES_QUEUE, TASK_QUEUE } from '../../src/workflows/types.js';

export const BUNDLE = resolve(__dirname, '../../dist/workflow-bundle.js');

export interface TestTemporal {
  client: Client;
  namespace: string;
  /** Runs `work` while workers with these activities poll all three queues. */
  withWorkers<T>(activities: Partial<Activities>, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

let installed = false;

/** The SDK logs errors only; once a process. */
export function quietRuntime(): void {
  if (installed) return;
  installed = true;
  Runtime.install({ logger: new DefaultLogger('ERROR') });
}

export async function testTemporal(): Promise<TestTemporal> {
  quietRuntime();
  const address = process.env.TEST_TEMPORAL_ADDRESS!;
  const namespace = `test-${process.env.JEST_WORKER_ID ?? '1'}`;
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const client = new Client({ connection, namespace });
  return {
    client,
    namespace,
    async withWorkers(activities, work) {
      const common = { connection: native, namespace, activities };
      const workers = await Promise.all([
        Worker.create({ ...common, taskQueue: TASK_QUEUE, workflowBundle: { codePath: BUNDLE } }),
        Worker.create({ ...common, taskQueue: MODELS_QUEUE }),
        Worker.create({ ...common, taskQueue: SANDBOXES_QUEUE }),
      ]);
      const runs = workers.map((worker) => worker.run());
      try {
        return await work();
      } finally {
        for (const worker of workers) worker.shutdown();
        await Promise.all(runs);
      }
    },
    async close() {
      await native.close();
      await connection.close();
    },
  };
}

let counter = 0;

/** A workflow id that no other test uses. */
export function uniqueId(prefix: string): string {
  counter += 1;
  return `${prefix}-${process.pid}-${Date.now()}-${counter}`;
}

const PATIENCE_MS = 100_000;

/** Asks until it holds. @throws with what it waited for, so that a test that hangs says where */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  let latest: unknown = 'it did not hold';
  while (Date.now() < deadline) {
    try {
      if (await holds()) return;
    } catch (error) {
      latest = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${holds}`, { cause: latest });
}

/** A promise, and what opens it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
