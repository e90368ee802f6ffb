/** What the events of a gate say so far, and how trials of two arms are paired. */
import type { Split } from '../suite/types.js';
import { validTrialsNeeded } from './deciding.js';
import type { AttemptPair } from './statistics.js';
import {
  type Arm,
  type GateEvent,
  type GatePlan,
  type GateSplit,
  INCUMBENT,
  type TrialRequest,
  type TrialScore,
} from './types.js';

/** Outcome of every answered request: a tree, because a verdict looks up thousands of them. */
export class ScoreBook {
  readonly #lanes = new Map<string, Map<string, (boolean | null)[]>>();

  /** The first answer to a request stands: a driver that repeats itself changes nothing. */
  add({ stage, arm, task, attempt, passed }: TrialScore<Split>): void {
    const lane = getOrAdd(this.#lanes, laneOf(stage, arm), () => new Map<string, (boolean | null)[]>());
    const outcomes = getOrAdd(lane, task, () => []);
    if (outcomes[attempt] === undefined) outcomes[attempt] = passed;
  }

  /** Outcomes of a task's attempts by their number; undefined: not answered yet. */
  outcomes(stage: string, arm: Arm, task: string): readonly (boolean | null | undefined)[] {
    return this.#lanes.get(laneOf(stage, arm))?.get(task) ?? NONE;
  }

  has({ stage, arm, task, attempt }: Omit<TrialRequest, 'split'>): boolean {
    return this.outcomes(stage, arm, task)[attempt] !== undefined;
  }
}

const NONE: readonly undefined[] = [];

function getOrAdd<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}

function laneOf(stage: string, arm: Arm): string {
  return `${stage}\n${arm}`;
}

export interface GateTask<S extends Split = GateSplit> {
  task: string;
  split: S;
}

/** All tasks of both splits in the plan's order. */
export function tasksOf(plan: Pick<GatePlan, 'heldIn' | 'heldOut'>): GateTask[] {
  return [
    ...plan.heldIn.map((task) => ({ task, split: 'heldIn' as const })),
    ...plan.heldOut.map((task) => ({ task, split: 'heldOut' as const })),
  ];
}

export function readScores(events: readonly GateEvent[]): ScoreBook {
  return bookOf(events.flatMap((event) => (event.kind === 'scores' ? event.scores : [])));
}

function bookOf(scores: readonly TrialScore<Split>[]): ScoreBook {
  const book = new ScoreBook();
  for (const score of scores) book.add(score);
  return book;
}

/** What of these requests the driver has not answered yet. */
export function unanswered(book: ScoreBook, requests: readonly TrialRequest[]): TrialRequest[] {
  return requests.filter((request) => !book.has(request));
}

/** Attempts of one task by two arms; an arm's attempts may have been made at another stage. */
export interface Pairing<S extends Split = GateSplit> extends GateTask<S> {
  attempts: readonly number[];
  candidate: Arm;
  stages: Record<'incumbent' | 'candidate', string>;
}

/** What came of a pairing. */
export interface TaskPairs<S extends Split = GateSplit> extends GateTask<S> {
  /** Attempts requested of each arm. */
  requested: number;
  /** Valid ones of each arm. */
  valid: Record<'incumbent' | 'candidate', number>;
  /** Only attempts that are valid in both arms count: neither arm gets more tries than the other. */
  pairs: AttemptPair[];
}

export function pairTask<S extends Split>(book: ScoreBook, pairing: Pairing<S>): TaskPairs<S> {
  const { task, split, attempts, candidate, stages } = pairing;
  const result: TaskPairs<S> = {
    task,
    split,
    requested: attempts.length,
    valid: { incumbent: 0, candidate: 0 },
    pairs: [],
  };
  const ofIncumbent = book.outcomes(stages.incumbent, INCUMBENT, task);
  const ofCandidate = book.outcomes(stages.candidate, candidate, task);
  for (const attempt of attempts) {
    const left = ofIncumbent[attempt] ?? null;
    const right = ofCandidate[attempt] ?? null;
    if (left !== null) result.valid.incumbent += 1;
    if (right !== null) result.valid.candidate += 1;
    if (left !== null && right !== null) result.pairs.push({ incumbent: left, candidate: right });
  }
  return result;
}

/** Pairs whatever attempts these scores of one stage hold, task by task. */
export function pairScores<S extends Split>(
  scores: readonly TrialScore<S>[],
  candidate: Arm,
): TaskPairs<S>[] {
  const book = bookOf(scores);
  const tasks = new Map<string, Pairing<S> & { attempts: number[] }>();
  for (const { task, split, stage, attempt } of scores) {
    const pairing = tasks.get(task) ?? {
      task,
      split,
      attempts: [],
      candidate,
      stages: { incumbent: stage, candidate: stage },
    };
    if (!pairing.attempts.includes(attempt)) pairing.attempts.push(attempt);
    tasks.set(task, pairing);
  }
  return [...tasks.values()].map((pairing) => pairTask(book, pairing));
}

/**
 * The arm with fewer valid trials than `minValidShare` of those requested of it, with the numbers; null: enough of both.
 * With too few the gate refuses to decide: what is missing need not be missing by chance.
 */
export function tooFewValid(tasks: readonly TaskPairs[], minValidShare: number): string | null {
  const requested = sum(tasks.map((task) => task.requested));
  for (const arm of ['incumbent', 'candidate'] as const) {
    const valid = sum(tasks.map((task) => task.valid[arm]));
    if (requested > 0 && valid < minValidShare * requested) {
      return `only ${valid} of ${requested} trials of the ${arm} are valid, and ${validTrialsNeeded(valid, requested, minValidShare)}`;
    }
  }
  return null;
}

/** For each attempt a request to each arm, so that all arms meet the same conditions; which goes first rotates. */
export function interleave(
  arms: readonly Arm[],
  attempts: readonly Omit<TrialRequest, 'arm'>[],
): TrialRequest[] {
  return attempts.flatMap(({ task, split, stage, attempt }, index) =>
    arms.map((_, place) => ({ arm: arms[(place + index) % arms.length]!, task, split, stage, attempt })),
  );
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
