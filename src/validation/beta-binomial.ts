/** Pass probabilities behind few trials: tasks of one pool, each drawn towards it by as much as the pool says. */
import type { Random } from './random.js';

/** Beta distribution of the tasks' pass probabilities: `a / (a + b)` is its mean, `a + b` how alike the tasks are. */
export interface Beta {
  a: number;
  b: number;
}

interface Counts {
  passes: number;
  trials: number;
}

/** Values of `a + b` that are tried: from tasks that pass always or never to tasks that are all alike. */
const ALIKE = Array.from({ length: 41 }, (_, i) => 0.1 * 10 ** (i / 10));

/**
 * Fits the pool. The mean is the share of passes with half a pass and half a failure added, so that it is never 0 or 1;
 * `a + b`, from 0.1 to 1000, is the one with the greatest beta-binomial likelihood (Skellam 1948).
 *
 * @returns null: no trials.
 */
export function fitBeta(tasks: readonly Counts[]): Beta | null {
  const trials = tasks.reduce((sum, task) => sum + task.trials, 0);
  if (trials === 0) return null;
  const passes = tasks.reduce((sum, task) => sum + task.passes, 0);
  const share = (passes + 0.5) / (trials + 1);
  let best: Beta = { a: share, b: 1 - share };
  let bestLikelihood = Number.NEGATIVE_INFINITY;
  for (const alike of ALIKE) {
    const beta = { a: alike * share, b: alike * (1 - share) };
    const likelihood = tasks.reduce((sum, task) => sum + logLikelihood(task, beta), 0);
    if (likelihood > bestLikelihood) [best, bestLikelihood] = [beta, likelihood];
  }
  return best;
}

/** Logarithm of the beta-binomial probability of these trials in one order: the number of orders is the same for all fits. */
export function logLikelihood({ passes, trials }: Counts, { a, b }: Beta): number {
  let sum = 0;
  for (let i = 0; i < passes; i++) sum += Math.log(a + i);
  for (let i = 0; i < trials - passes; i++) sum += Math.log(b + i);
  for (let i = 0; i < trials; i++) sum -= Math.log(a + b + i);
  return sum;
}

/** A draw from what a task's pass probability may be, its trials and the pool being known. */
export function drawProbability(task: Counts, pool: Beta, random: Random): number {
  const x = drawGamma(pool.a + task.passes, random);
  const y = drawGamma(pool.b + task.trials - task.passes, random);
  return x + y > 0 ? x / (x + y) : random() < pool.a / (pool.a + pool.b) ? 1 : 0;
}

/** Marsaglia and Tsang 2000, "A simple method for generating gamma variables"; scale 1. */
function drawGamma(shape: number, random: Random): number {
  if (shape < 1) return drawGamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = drawNormal(random);
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * normal * normal + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Box and Muller 1958. */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
