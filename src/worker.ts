/** The worker: one binary, three roles, each its own task queue. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { createContext, type WorkerContext } from './activities/context.js';
import { createActivities } from './activities/index.js';
import { connect, connectionTo, ensureSearchAttributes, type Target } from './client/connection.js';
import { createWorkerLogger } from './log.js';
import type { Role } from './roles.js';
import { createFileStore } from './store/file.js';
import { MODELS_QUEUE, SANDBOXES_QUEUE, TASK_QUEUE } from './workflows/types.js';

export interface RunWorkerOptions {
  stateDir: string;
  roles: readonly Role[];
  /** Trials at once: one sandbox each. */
  trials: number;
  /** Calls of the miner and the proposer at once. */
  models: number;
  server: Target;
  /** Resolves when the worker should drain and end. */
  until?: Promise<void>;
  /** Called once all roles poll. */
  onReady?: () => void;
  env?: NodeJS.ProcessEnv;
}

const BUNDLE = fileURLToPath(new URL('./workflow-bundle.js', import.meta.url));
/** Workflow histories kept in memory: one evolution needs three. */
const CACHED_WORKFLOWS = 64;

/** Runs until `until` resolves or the process is asked to end. */
export async function runWorker(options: RunWorkerOptions): Promise<void> {
  Runtime.install({ logger: createWorkerLogger() });
  const temporal = await connect(options.server);
  const searchAttributes = await ensureSearchAttributes(temporal);
  await temporal.close();
  const context = createContext({
    stateDir: options.stateDir,
    store: createFileStore(join(options.stateDir, 'store')),
    env: options.env ?? process.env,
    searchAttributes,
  });
  if (options.roles.includes('sandboxes')) await sweepSandboxes(context);
  const activities = createActivities(context);
  const connection = await NativeConnection.connect(connectionTo(options.server).options);
  const common = {
    connection,
    namespace: temporal.namespace,
    shutdownGraceTime: '20 seconds',
    maxHeartbeatThrottleInterval: '10 seconds',
  } satisfies Partial<WorkerOptions>;
  try {
    const workers = await Promise.all(
      options.roles.map((role) => Worker.create({ ...common, ...roleOptions(role) })),
    );
    options.onReady?.();
    await runAll(workers, options.until);
  } finally {
    await connection.close();
  }

  function roleOptions(role: Role): Omit<WorkerOptions, 'connection'> & { taskQueue: string } {
    const { runTrial, attributeTrial, proposeEdit, ...light } = activities;
    switch (role) {
      case 'workflows':
        return {
          taskQueue: TASK_QUEUE,
          workflowBundle: { codePath: BUNDLE },
          activities: light,
          maxCachedWorkflows: CACHED_WORKFLOWS,
          // A dead worker's sticky queue holds a workflow back this long.
          stickyQueueScheduleToStartTimeout: '1 second',
        };
      case 'models':
        return {
          taskQueue: MODELS_QUEUE,
          activities: { attributeTrial, proposeEdit },
          maxConcurrentActivityTaskExecutions: options.models,
        };
      case 'sandboxes':
        return {
          taskQueue: SANDBOXES_QUEUE,
          activities: { runTrial },
          maxConcurrentActivityTaskExecutions: options.trials,
        };
    }
  }
}

/** What dead workers left behind goes before anything begins; where there are no sandboxes, trials will say why. */
async function sweepSandboxes(context: WorkerContext): Promise<void> {
  await context.sandbox({ kind: 'auto', allowHost: false, baseRoot: null }).catch(() => {});
}

async function runAll(workers: Worker[], until: Promise<void> | undefined): Promise<void> {
  const stopAll = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  until?.then(stopAll, stopAll);
  const ends = await Promise.allSettled(workers.map((worker) => worker.run().finally(stopAll)));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
