// Trials per second through Temporal with trials that do nothing, beside bare no-op activities in the same run.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { startServer } from '../dist/server/embedded.js';
import { ensureTemporalExecutable } from '../dist/server/executable.js';

const TRIALS = 500;
const PAIRS = 4;
const REPORT = {
  outcome: 'passed',
  promptTokens: 1000,
  cachedTokens: 0,
  completionTokens: 100,
  costUsd: null,
  seconds: 1.5,
};

export async function measure({ say }) {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const dir = await mkdtemp(join(tmpdir(), 'self-harness-bench-'));
  const { path } = await ensureTemporalExecutable(say);
  const server = await startServer({ executable: path, stateDir: dir });
  try {
    return await withWorkers(server, dir, say);
  } finally {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function withWorkers({ address }, dir, say) {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const native = await NativeConnection.connect({ address });
  const workers = await createWorkers(native, dir);
  const runs = workers.map((worker) => worker.run());
  try {
    const pairs = [];
    for (let pair = 0; pair <= PAIRS; pair++) {
      const bare = await timed(client, 'bare', 'bare', [TRIALS, spec(0)], `bare-${pair}`);
      const trials = await timed(client, 'self-harness', 'runTrials', [batch()], `trials-${pair}`);
      // The first pair warms the server, the caches and the compiler.
      if (pair > 0) pairs.push({ bare, trials });
      say(`pair ${pair}: bare ${bare.rate.toFixed(0)}/s, trials ${trials.rate.toFixed(0)}/s`);
    }
    const { history } = await client.workflow
      .getHandle('trials-1')
      .fetchHistory()
      .then((h) => ({ history: h }));
    const description = await client.workflow.getHandle('trials-1').describe();
    return {
      trialsPerSecond: round(median(pairs.map(({ trials }) => trials.rate))),
      barePerSecond: round(median(pairs.map(({ bare }) => bare.rate))),
      shareOfBare: round(median(pairs.map(({ bare, trials }) => trials.rate / bare.rate))),
      eventsPerTrial: round(history.events.length / TRIALS),
      bytesPerTrial: Math.round(Number(description.historySize) / TRIALS),
      workerRssMiB: Math.round(process.memoryUsage().rss / 2 ** 20),
    };
  } finally {
    for (const worker of workers) worker.shutdown();
    await Promise.all(runs);
    await native.close();
    await connection.close();
  }
}

async function createWorkers(connection, dir) {
  const codePath = join(dir, 'bare.js');
  execFileSync(process.execPath, [
    file('./support/bundle.mjs'),
    file('./support/bare-workflow.mjs'),
    codePath,
  ]);
  const bundle = file('../dist/workflow-bundle.js');
  const many = { connection, maxConcurrentActivityTaskExecutions: 200 };
  return Promise.all([
    Worker.create({
      ...many,
      taskQueue: 'bare',
      workflowBundle: { codePath },
      activities: { noop: async () => REPORT },
    }),
    Worker.create({ connection, taskQueue: 'self-harness', workflowBundle: { codePath: bundle } }),
    Worker.create({
      ...many,
      taskQueue: 'self-harness-sandboxes',
      activities: { runTrial: async () => REPORT },
    }),
  ]);
}

async function timed(client, taskQueue, workflow, args, workflowId) {
  const begin = performance.now();
  await client.workflow.execute(workflow, { taskQueue, workflowId, args });
  return { rate: TRIALS / ((performance.now() - begin) / 1000) };
}

function spec(task) {
  return {
    contract: 'c'.repeat(64),
    harness: 'h'.repeat(64),
    task: `task-${task}`,
    purpose: 'bench/r1/confirm',
    attempt: 1,
  };
}

function batch() {
  return {
    contract: 'c'.repeat(64),
    purpose: 'bench/r1/confirm',
    tasks: Array.from({ length: 64 }, (_, task) => `task-${task}`),
    arms: [{ name: 'incumbent', harness: 'h'.repeat(64) }],
    items: Array.from({ length: TRIALS }, (_, i) => `0.${i % 64}.${Math.floor(i / 64) + 1}`).join(' '),
    concurrency: 500,
    trialSeconds: 60,
    allowance: {},
  };
}

function file(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function round(value) {
  return Math.round(value * 100) / 100;
}
