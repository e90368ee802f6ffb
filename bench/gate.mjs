// The gates, measured: the functions that workflows decide by, against made-up worlds where the truth is known and
// against real outcomes of published agents. No model, no sandbox; every chance is seeded.
import { wilsonInterval } from '../dist/validation/intervals.js';
import { startCrew } from './support/gate-crew.mjs';
import { AGENTS, PAIRS, TASK_COUNT, trueDifference } from './support/gate-outcomes.mjs';
import { PLANS } from './support/gate-plans.mjs';
import { outcomeTable, planTable, summaryTable, worldTable } from './support/gate-tables.mjs';
import { WORLDS } from './support/gate-worlds.mjs';

const GATES = ['paper', 'confirmed'];
/** Rounds of each world at each size of suite, of each pair of agents, and of each world for a plan that was tried. */
const ROUNDS = 4000;
const PAIR_ROUNDS = 200;
const TRIED_ROUNDS = 1500;
/** The first size also meets the worlds that are less kind. */
const SIZES = [64, 20, 200];
const TRADE = WORLDS.findIndex(({ name }) => name.includes('trade'));
/** Normal quantile of a 95 % interval. */
const Z = 1.96;

export const usage = '[--tried] [--json]   --tried: the plans that were tried beside the chosen one';

export function parseOptions(args) {
  const stray = args.find((arg) => arg !== '--tried');
  if (stray !== undefined) throw new Error(`unknown option ${stray}`);
  return { tried: args.includes('--tried') };
}

export async function measure({ say, options }) {
  const started = performance.now();
  const crew = startCrew();
  const figures = options.tried ? await measurePlans(crew, say) : await measureGates(crew, say);
  crew.dismiss();
  return { ...figures, seconds: Math.round((performance.now() - started) / 1000) };
}

async function measureGates(crew, say) {
  const worlds = [];
  for (const tasks of SIZES) {
    for (const [world, { name, core = false }] of WORLDS.entries()) {
      if (!core && tasks !== SIZES[0]) continue;
      for (const gate of GATES)
        worlds.push({
          world: name,
          core,
          gate,
          tasks,
          ...figuresOf(await crew.play({ gate, world, tasks }, ROUNDS)),
        });
      say(`${tasks} tasks: ${name}`);
    }
  }
  const outcomes = [];
  for (const [pair, { a, b }] of PAIRS.entries()) {
    for (const gate of GATES) {
      const sums = await crew.play({ gate, pair, tasks: TASK_COUNT }, PAIR_ROUNDS);
      const difference = trueDifference({ a, b });
      outcomes.push({ incumbent: AGENTS[a], candidate: AGENTS[b], difference, gate, ...figuresOf(sums) });
    }
  }
  const of = (tasks, gate) => worlds.filter((row) => row.core && row.tasks === tasks && row.gate === gate);
  const summary = SIZES.map((tasks) => ({ tasks, ...compared(of(tasks, 'paper'), of(tasks, 'confirmed')) }));
  return { worlds, summary, outcomes };
}

async function measurePlans(crew, say) {
  const [tasks] = SIZES;
  const core = WORLDS.map((world, index) => ({ ...world, index })).filter((world) => world.core);
  const play = async (job) => figuresOf(await crew.play({ tasks, ...job }, TRIED_ROUNDS));
  const paper = [];
  for (const { index } of core) paper.push(await play({ gate: 'paper', world: index }));
  const tried = [];
  for (const [plan, { name }] of PLANS.entries()) {
    const rows = [];
    for (const { index } of core) rows.push(await play({ gate: 'confirmed', plan, world: index }));
    const trade = await play({ gate: 'confirmed', plan, world: TRADE });
    tried.push({ plan: name, ...compared(paper, rows), tradeWorse: trade.worse });
    say(name);
  }
  return { tried };
}

/** Shares and gain in 0-1, each with its 95 % interval; trials per round. */
function figuresOf({ rounds, gain, gainSquares, trials, promoted, worse }) {
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

/** Summed over the five worlds, the first of which holds nothing but no-ops: `confirmed` as a share of `paper`. */
function compared(paper, confirmed) {
  const total = (rows, figure) => rows.reduce((sum, row) => sum + row[figure], 0);
  return {
    shareOfGain: total(confirmed, 'gain') / total(paper, 'gain'),
    shareOfTrials: total(confirmed, 'trials') / total(paper, 'trials'),
    promotedWithNoops: confirmed[0].promoted,
    promotedWithNoopsInterval: confirmed[0].promotedInterval,
    worseAtMost: Math.max(...confirmed.map((row) => row.worse)),
  };
}

export function format({ worlds, summary, outcomes, tried, seconds }) {
  const parts = tried
    ? [`plans of confirmed beside paper (simulated), ${TRIED_ROUNDS} rounds a world`, planTable(tried)]
    : [
        `made-up worlds (simulated), ${ROUNDS} rounds each; 95 % intervals`,
        worldTable(worlds),
        'confirmed beside paper, summed over the first five worlds of each size',
        summaryTable(summary),
        `real outcomes of published agents on ${TASK_COUNT} tasks, ${PAIR_ROUNDS} rounds a pair; the other three candidates change nothing`,
        outcomeTable(outcomes),
      ];
  return [...parts, `${seconds} s`].join('\n');
}
