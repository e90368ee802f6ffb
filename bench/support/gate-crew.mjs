// Threads that play rounds. Jobs are cut into chunks that do not depend on who plays them, so the sums are the same on
// any number of cores.
import { cpus } from 'node:os';
import { Worker } from 'node:worker_threads';

const CHUNK = 100;
const FILE = new URL('./gate-worker.mjs', import.meta.url);

/** One thread per core. */
export function startCrew() {
  const workers = cpus().map(() => new Worker(FILE));
  return {
    /** @returns the sums over the rounds of a job, see gate-worker */
    async play(job, rounds) {
      const chunks = Array.from({ length: Math.ceil(rounds / CHUNK) }, (_, i) => i * CHUNK);
      const parts = new Map();
      const lane = async (worker) => {
        for (let from = chunks.shift(); from !== undefined; from = chunks.shift())
          parts.set(from, await ask(worker, { ...job, from, to: Math.min(rounds, from + CHUNK) }));
      };
      await Promise.all(workers.map(lane));
      // In order, so that rounding falls the same way too.
      const ordered = [...parts].sort(([a], [b]) => a - b).map(([, part]) => part);
      return ordered.reduce(add);
    },
    dismiss() {
      for (const worker of workers) void worker.terminate();
    },
  };
}

function add(left, right) {
  return Object.fromEntries(Object.entries(left).map(([name, value]) => [name, value + right[name]]));
}

function ask(worker, job) {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (answer) => {
      worker.off('error', reject);
      resolve(answer);
    });
    worker.postMessage(job);
  });
}
