/**
 * How many promotions of something no better a gate would make over the rounds of an evolution, found by running the
 * gate itself on made-up rounds in which no candidate changes anything. For reports, not for workflows.
 */
import { wilsonInterval } from './intervals.js';
import { seededRandom, shuffle } from './random.js';
import { simulateRound, taskDifficulties } from './simulate.js';
import type { GatePlan, Interval } from './types.js';

/** Keeps a made-up task from being certain. */
const CERTAIN = 0.005;
/** More permutations only sharpen each single p-value. */
const PERMUTATIONS_MAX = 1000;

/** What is needed of a round: its plan, with as many targets per candidate as it had. */
export type RoundShape = Pick<GatePlan, 'gate' | 'settings' | 'heldIn' | 'heldOut' | 'candidates'>;

export interface FalsePromotions {
  /** Expected number over the rounds, with the 95 % interval of the simulation. */
  expected: Interval;
  /** Rounds that were simulated. */
  simulated: number;
}

/**
 * Tasks pass with probabilities from Beta(.5, .65); each candidate's targets are as many as it had, drawn from what
 * failed in a made-up observation. Rounds without a candidate cannot promote and do not count.
 *
 * @param simulations made-up rounds in all. @returns null: no round had a candidate
 */
export function expectedFalsePromotions(
  rounds: readonly RoundShape[],
  { simulations, seed }: { simulations: number; seed: number },
): FalsePromotions | null {
  const judged = rounds.filter(({ candidates }) => candidates.length > 0);
  if (judged.length === 0) return null;
  const each = Math.max(1, Math.round(simulations / judged.length));
  let promoted = 0;
  for (const [index, round] of judged.entries()) {
    for (let run = 0; run < each; run++)
      promoted += promotesNothing(round, `${seed}/${index}/${run}`) ? 1 : 0;
  }
  const simulated = each * judged.length;
  const share = wilsonInterval(promoted, simulated)!;
  const over = (value: number) => value * judged.length;
  return {
    simulated,
    expected: { value: over(share.value), low: over(share.low), high: over(share.high) },
  };
}

/** Whether one made-up round in which every edit is void promotes one. */
function promotesNothing(round: RoundShape, seed: string): boolean {
  const random = seededRandom(seed);
  const tasks = [...round.heldIn, ...round.heldOut];
  const chances = taskDifficulties(tasks.length, seed).map((p) =>
    Math.min(1 - CERTAIN, Math.max(CERTAIN, p)),
  );
  const passes = new Map(tasks.map((task, i) => [task, chances[i]!]));
  const failed = round.heldIn.filter((task) => random() >= passes.get(task)!);
  const candidates = round.candidates.map(({ arm, targets }) => ({
    arm,
    targets: shuffle(failed, random).slice(0, targets.length),
  }));
  const permutations = Math.min(PERMUTATIONS_MAX, round.settings.permutations);
  const plan: GatePlan = {
    ...round,
    settings: { ...round.settings, permutations },
    candidates,
    seed: Math.floor(random() * 2 ** 31),
  };
  const world = { passes: (_: unknown, { task }: { task: string }) => passes.get(task)! };
  return simulateRound(plan, world, random).verdict.decision === 'promoted';
}
