// The gates, measured: the functions that workflows decide by, against made-up worlds where the truth is known and
// against real outcomes of published agents. No model, no sandbox; every chance is seeded.
import { cpus } from 'node:os';
import { Worker } from 'node:worker_threads';
import Table from 'cli-table3';
import { wilsonInterval } from '../dist/validation/intervals.js';
import { AGENTS, PAIRS, TASK_COUNT, trueDifference } from './support/gate-outcomes.mjs';
import { WORLDS } from './support/gate-worlds.mjs';

const GATES = ['paper', 'confirmed'];
/** Rounds of each world at each size of suite, and of each pair of agents. */
const ROUNDS = 4000;
const PAIR_ROUNDS = 200;
/** The first size also meets the worlds that are less kind. */
const SIZES = [64, 20, 200];
const CHUNK = 100;
/** Normal quantile of a 95 % interval. */
const Z = 1.96;

export async function measure({ say }) {
  const started = performance.now();
  const crew = startCrew();
  const worlds = [];
  for (const tasks of SIZES) {
    for (const [world, { name, core = false }] of WORLDS.entries()) {
      if (!core && tasks !== SIZES[0]) continue;
      for (const gate of GATES) {
        const sums = await crew.play({ gate, world, tasks }, ROUNDS);
        worlds.push({ world: name, core, gate, tasks, ...figures(sums) });
      }
      say(`${tasks} tasks: ${name}`);
    }
  }
  const outcomes = [];
  for (const [pair, { a, b }] of PAIRS.entries()) {
    for (const gate of GATES) {
      const sums = await crew.play({ gate, pair, tasks: TASK_COUNT }, PAIR_ROUNDS);
      const difference = trueDifference({ a, b });
      outcomes.push({ incumbent: AGENTS[a], candidate: AGENTS[b], difference, gate, ...figures(sums) });
    }
  }
  crew.dismiss();
  return {
    worlds,
    summary: SIZES.map((tasks) => summaryOf(worlds, tasks)),
    outcomes,
    seconds: Math.round((performance.now() - started) / 1000),
  };
}

/** Shares and gain in 0-1, each with its 95 % interval; trials per round. */
function figures({ rounds, gain, gainSquares, trials, promoted, worse }) {
  const mean = gain / rounds;
  const half = Z * Math.sqrt(Math.max(0, gainSquares / rounds - mean * mean) / rounds);
  return {
    rounds,
    gain: mean,
    gainInterval: [mean - half, mean + half],
    trials: trials / rounds,
    promoted: promoted / rounds,
    promotedInterval: bounds(promoted, rounds),
    worse: worse / rounds,
    worseInterval: bounds(worse, rounds),
  };
}

function bounds(count, of) {
  const { low, high } = wilsonInterval(count, of);
  return [low, high];
}

/** What the figures come to over the five worlds: `confirmed` as a share of `paper`. */
function summaryOf(worlds, tasks) {
  const of = (gate) => worlds.filter((row) => row.core && row.tasks === tasks && row.gate === gate);
  const total = (gate, figure) => of(gate).reduce((sum, row) => sum + row[figure], 0);
  const noops = of('confirmed')[0];
  return {
    tasks,
    shareOfGain: total('confirmed', 'gain') / total('paper', 'gain'),
    shareOfTrials: total('confirmed', 'trials') / total('paper', 'trials'),
    promotedWithNoops: noops.promoted,
    promotedWithNoopsInterval: noops.promotedInterval,
    worseAtMost: Math.max(...of('confirmed').map((row) => row.worse)),
  };
}

/** One thread per core; jobs are cut into chunks that do not depend on who plays them. */
function startCrew() {
  const file = new URL('./support/gate-worker.mjs', import.meta.url);
  const workers = cpus().map(() => new Worker(file));
  const ask = (worker, job) =>
    new Promise((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', (answer) => {
        worker.off('error', reject);
        resolve(answer);
      });
      worker.postMessage(job);
    });
  return {
    async play(job, rounds) {
      const chunks = Array.from({ length: Math.ceil(rounds / CHUNK) }, (_, i) => i * CHUNK);
      const sums = {};
      const lane = async (worker) => {
        for (let from = chunks.shift(); from !== undefined; from = chunks.shift()) {
          const part = await ask(worker, { ...job, from, to: Math.min(rounds, from + CHUNK) });
          for (const [name, value] of Object.entries(part)) sums[name] = (sums[name] ?? 0) + value;
        }
      };
      await Promise.all(workers.map(lane));
      return sums;
    },
    dismiss: () => workers.forEach((worker) => void worker.terminate()),
  };
}

export function format({ worlds, summary, outcomes, seconds }) {
  const percent = (share, digits = 1) => `${(share * 100).toFixed(digits)}`;
  const range = ([low, high]) => `(${percent(low)} to ${percent(high)})`;
  const worldTable = table(['tasks', 'world', 'gate', 'gain, points', 'trials', 'promotes, %', 'worse, %']);
  for (const row of worlds)
    worldTable.push([
      row.tasks,
      row.world,
      row.gate,
      `${percent(row.gain, 2)} (${percent(row.gainInterval[0], 2)} to ${percent(row.gainInterval[1], 2)})`,
      Math.round(row.trials),
      `${percent(row.promoted)} ${range(row.promotedInterval)}`,
      `${percent(row.worse, 2)} ${range(row.worseInterval)}`,
    ]);
  const summaryTable = table([
    'tasks',
    'of the gain of paper',
    'of its trials',
    'no-ops promoted, %',
    'worse at most, %',
  ]);
  for (const row of summary)
    summaryTable.push([
      row.tasks,
      row.shareOfGain.toFixed(3),
      row.shareOfTrials.toFixed(3),
      `${percent(row.promotedWithNoops, 2)} ${range(row.promotedWithNoopsInterval)}`,
      percent(row.worseAtMost, 2),
    ]);
  const outcomeTable = table([
    'incumbent',
    'one candidate is',
    'truly, points',
    'gate',
    'promotes, %',
    'trials',
  ]);
  for (const row of outcomes)
    outcomeTable.push([
      row.incumbent,
      row.candidate,
      percent(row.difference),
      row.gate,
      `${percent(row.promoted)} ${range(row.promotedInterval)}`,
      Math.round(row.trials),
    ]);
  return [
    `made-up worlds (simulated), ${ROUNDS} rounds each; 95 % intervals`,
    worldTable,
    'confirmed beside paper, summed over the first five worlds of each size',
    summaryTable,
    `real outcomes of published agents on ${TASK_COUNT} tasks, ${PAIR_ROUNDS} rounds a pair; the other three candidates change nothing`,
    outcomeTable,
    `${seconds} s`,
  ]
    .map(String)
    .join('\n');
}

function table(head) {
  return new Table({ head, style: { head: [], border: [], compact: true } });
}
