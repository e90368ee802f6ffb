/**
 * What a round could see: the gate itself, driven through worlds made of the measured tasks. That takes seconds of CPU,
 * so it comes in slices of one round: each `yield` is a place to let others go on. Not for workflows.
 */
import { type Beta, drawProbability, fitBeta } from './beta-binomial.js';
import type { TaskPasses } from './calibration.js';
import { wilsonInterval } from './intervals.js';
import { type Random, seededRandom, shuffle } from './random.js';
import { simulateRound } from './simulate.js';
import { quantile } from './statistics.js';
import type { Arm, GatePlan, GateSettings, Interval } from './types.js';

/** Share of rounds in which a gain has to be found to count as seen. */
export const POWER = 0.8;
/** Gains are looked for in steps of one point: finer than that is below what the simulation can tell. */
const STEP = 0.01;
/** Rounds per figure; fewer where they are large, and where it is clear before. */
const ROUNDS = 200;
const ROUNDS_MIN = 40;
const BLOCK = 20;
const TRIALS_PER_FIGURE = 60_000;
/** Wide enough that a figure that is left early is on the right side in 99 of 100 cases. */
const CLEARLY = 2.58;
/** Permutations of a simulated gate: enough for its levels, and quicker than those of a real one. */
const PERMUTATIONS = 400;
/** Times as many attempts as the gate is set to that are tried for a wanted gain. */
const FACTORS = [1, 1.5, 2, 3, 4];
const EDIT: Arm = 'edit';

export interface PowerQuestion {
  gate: GatePlan['gate'];
  settings: GateSettings;
  /** Proposals of a round. One helps, the others change nothing. */
  width: number;
  /** Valid trials of each task of the gate. */
  tasks: readonly TaskPasses[];
  /** Share of trials that were invalid, 0-1. */
  invalidShare: number;
  /** Trials that a round's validation may take; null: any number. */
  roundTrials: number | null;
  /** Gain in the mean pass rate over all tasks of both splits, 0-1. */
  wantedGain: number;
  seed: number;
}

export interface Power {
  /** Power that counts as seeing, 0-1. */
  level: number;
  wantedGain: number;
  roundTrials: number | null;
  /** How likely a round promotes an edit of the wanted gain; null: the tasks have no room for such a gain. */
  wanted: Interval | null;
  /** Trials that the validation of such a round takes on average. */
  wantedTrials: number | null;
  /** Smallest gain (0-1, whole points) that a round sees; null: none that these tasks have room for. */
  detectable: number | null;
  /** What the wanted gain would take; null: it is seen as it is, or more attempts would not do. */
  wouldTake: WouldTake | null;
  /**
   * Tasks, mixed as these are, with which the wanted gain would be seen, where more attempts would not do: by the square
   * of detectable over wanted gain, a rough guide. null: not needed, or unknown.
   */
  wouldTakeTasks: number | null;
}

export interface WouldTake {
  /** Attempts of both arms on a task at the gate's last look (`paper`: in all). */
  attempts: number;
  /** Times the attempts that the gate is set to now; 1: only the budget is too small. */
  factor: number;
  /** Trials that the validation of a round has to be allowed. */
  trials: number;
}

interface Figure {
  found: number;
  rounds: number;
  /** Trials of each round that found it; of the others Infinity. */
  trialsToFind: number[];
  trials: number;
  /** Trials of the round that took most. */
  largest: number;
}

/** @returns null: no task has a valid trial. */
export function* findPower(question: PowerQuestion): Generator<void, Power | null> {
  const pool = fitBeta(question.tasks);
  if (pool === null || !question.tasks.some(({ split }) => split === 'heldIn')) return null;
  const room = roomOf(question.tasks, pool);
  const capped = question.roundTrials ?? Number.POSITIVE_INFINITY;
  const figure = (gain: number, stopEarly: boolean, change: Partial<PowerQuestion> = {}) =>
    simulate({ ...question, ...change }, pool, gain, capped, stopEarly);
  const { wantedGain } = question;
  const possible = wantedGain <= room;
  const wanted = possible ? yield* figure(wantedGain, false) : null;
  const seen = wanted !== null && sees(wanted);
  // Steps are numbered; `low` is not seen, `high` is.
  let [low, high] = seen
    ? [0, Math.ceil(wantedGain / STEP - 1e-9)]
    : [possible ? Math.floor(wantedGain / STEP + 1e-9) : 0, Math.floor(room / STEP)];
  const most = seen || high <= low ? null : yield* figure(high * STEP, true);
  let detectable: number | null = seen || (most !== null && sees(most)) ? high : null;
  while (detectable !== null && high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (sees(yield* figure(middle * STEP, true))) high = middle;
    else low = middle;
    detectable = high;
  }
  const wouldTake = wanted === null || seen ? null : yield* findAttempts(question, pool, wanted);
  const smallest = detectable === null ? null : detectable * STEP;
  // More tasks need more trials: where those are what is short, this says nothing.
  const short = wanted?.largest !== undefined && wanted.largest > capped;
  return {
    level: POWER,
    wantedGain,
    roundTrials: question.roundTrials,
    wanted: wanted === null ? null : wilsonInterval(wanted.found, wanted.rounds),
    wantedTrials: wanted === null ? null : Math.round(wanted.trials / wanted.rounds),
    detectable: smallest,
    wouldTake,
    wouldTakeTasks:
      seen || !possible || wouldTake !== null || smallest === null || short
        ? null
        : Math.ceil(question.tasks.length * (smallest / wantedGain) ** 2),
  };
}

/** More and more attempts, without a limit on trials, until the wanted gain is seen. */
function* findAttempts(
  question: PowerQuestion,
  pool: Beta,
  wanted: Figure,
): Generator<void, WouldTake | null> {
  for (const factor of FACTORS) {
    const settings = moreAttempts(question.settings, factor);
    const tried =
      factor === 1
        ? wanted
        : yield* simulate(
            { ...question, settings },
            pool,
            question.wantedGain,
            Number.POSITIVE_INFINITY,
            true,
          );
    const trials = trialsFor(tried);
    if (trials === null) continue;
    const attempts = question.gate === 'paper' ? settings.attempts : settings.confirm.looks.at(-1)!;
    return { attempts, factor, trials };
  }
  return null;
}

/** Trials within which the gain is found as often as counts as seeing; null: it is not, with any number. */
function trialsFor({ trialsToFind }: Figure): number | null {
  const trials = quantile(trialsToFind, POWER);
  return trials !== null && Number.isFinite(trials) ? trials : null;
}

function moreAttempts(settings: GateSettings, factor: number): GateSettings {
  const more = (attempts: number) => Math.ceil(attempts * factor);
  return {
    ...settings,
    attempts: more(settings.attempts),
    screen: { ...settings.screen, minDifferences: longer(settings.screen.minDifferences, more) },
    confirm: { ...settings.confirm, looks: settings.confirm.looks.map(more) },
  };
}

/** More attempts of the screen ask for what its last one asked for. */
function longer(minDifferences: readonly number[], more: (attempts: number) => number): number[] {
  const added = more(minDifferences.length) - minDifferences.length;
  return [...minDifferences, ...new Array<number>(added).fill(minDifferences.at(-1)!)];
}

function sees({ found, rounds }: Figure): boolean {
  return found >= POWER * rounds - 1e-9;
}

/** How often an edit of this gain is promoted. Equal seeds for all gains: a larger one is then hardly ever found less. */
function* simulate(
  question: PowerQuestion,
  pool: Beta,
  gain: number,
  capped: number,
  stopEarly: boolean,
): Generator<void, Figure> {
  const figure: Figure = { found: 0, rounds: 0, trialsToFind: [], trials: 0, largest: 0 };
  while (figure.rounds < ROUNDS) {
    const random = seededRandom(`${question.seed}/power/${figure.rounds}`);
    const round = playRound(question, pool, gain, figure.rounds, random);
    figure.rounds += 1;
    figure.trials += round.trials;
    figure.largest = Math.max(figure.largest, round.trials);
    figure.trialsToFind.push(round.found ? round.trials : Number.POSITIVE_INFINITY);
    if (round.found && round.trials <= capped) figure.found += 1;
    yield;
    if (figure.rounds >= ROUNDS_MIN && figure.trials >= TRIALS_PER_FIGURE) break;
    if (stopEarly && figure.rounds % BLOCK === 0 && isClear(figure)) break;
  }
  return figure;
}

function isClear({ found, rounds }: Figure): boolean {
  const share = found / rounds;
  // Of a score test, so that 0 and `rounds` have a width as well.
  const half = CLEARLY * Math.sqrt((POWER * (1 - POWER)) / rounds);
  return Math.abs(share - POWER) > half;
}

/** One round: one proposal helps by `gain`, the others change nothing. */
export function playRound(
  question: PowerQuestion,
  pool: Beta,
  gain: number,
  round: number,
  random: Random,
): { found: boolean; trials: number } {
  const before = new Map(question.tasks.map((task) => [task.task, drawProbability(task, pool, random)]));
  const after = improve(before, gain, random);
  const named = (split: TaskPasses['split']) =>
    question.tasks.filter((task) => task.split === split).map(({ task }) => task);
  const failed = named('heldIn').filter((task) => random() >= before.get(task)!);
  const targets = (arm: Arm) =>
    failed.filter((task) => random() < targetProbability(arm, after.get(task)! > before.get(task)!));
  const arms = [EDIT, ...Array.from({ length: question.width - 1 }, (_, i) => `other-${i + 1}`)];
  const plan: GatePlan = {
    gate: question.gate,
    settings: { ...question.settings, permutations: Math.min(PERMUTATIONS, question.settings.permutations) },
    heldIn: named('heldIn'),
    heldOut: named('heldOut'),
    candidates: arms.map((arm) => ({ arm, targets: targets(arm) })),
    seed: question.seed * 1000 + round,
  };
  const { verdict, trials } = simulateRound(
    plan,
    {
      passes: (members, { task }) => (members.includes(EDIT) ? after : before).get(task)!,
      invalid: () => question.invalidShare,
    },
    random,
  );
  return { found: verdict.decision === 'promoted' && verdict.members.includes(EDIT), trials };
}

/** How an edit's targets come about: a weakness is mined well, but not perfectly; other edits aim at anything that failed. */
function targetProbability(arm: Arm, helped: boolean): number {
  if (arm !== EDIT) return 0.3;
  return helped ? 0.8 : 0.075;
}

/** Share of the way to 1 that an edit moves a task it helps; more only where the gain could not be had otherwise. */
const STRENGTH = 0.6;

/**
 * Pass probabilities under an edit that gains exactly `gain` in their mean: tasks in random order are helped, each a
 * share of its way to 1, until there are enough of them. Where there is no room for it, all pass always.
 */
export function improve(
  before: ReadonlyMap<string, number>,
  gain: number,
  random: Random,
): Map<string, number> {
  const wanted = gain * before.size;
  const helped: string[] = [];
  let room = 0;
  for (const task of shuffle([...before.keys()], random)) {
    if (room * STRENGTH >= wanted - 1e-12) break;
    helped.push(task);
    room += 1 - before.get(task)!;
  }
  const strength = room > 0 ? Math.min(1, wanted / room) : 0;
  const after = new Map(before);
  for (const task of helped) after.set(task, before.get(task)! + strength * (1 - before.get(task)!));
  return after;
}

/** Largest gain that there is room for: the mean share of failures, tasks drawn to the pool. */
function roomOf(tasks: readonly TaskPasses[], pool: Beta): number {
  const failing = tasks.map(({ passes, trials }) => (trials - passes + pool.b) / (trials + pool.a + pool.b));
  return failing.reduce((sum, share) => sum + share, 0) / failing.length;
}
