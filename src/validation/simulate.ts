/**
 * Drives a gate through a made-up world, for tests and benches: the very functions that decide on real trials, with
 * coin flips for trials. Not for workflows.
 */
import { gateStep } from './gate.js';
import { type Random, seededRandom } from './random.js';
import {
  type Arm,
  type GateEvent,
  type GatePlan,
  type GateVerdict,
  INCUMBENT,
  MERGE,
  type TrialRequest,
} from './types.js';

/** More steps than any plan takes: a gate that asks for more never ends. */
const STEPS_MAX = 200;

export interface SimulatedWorld {
  /** Probability (0-1) that a trial passes under a harness with these members' edits; none of them: the incumbent. */
  passes(members: readonly Arm[], request: TrialRequest): number;
  /** Probability (0-1) that it is invalid; default 0. */
  invalid?(request: TrialRequest): number;
  /** Which of the arms a merge leaves out, with the reason; default: none. */
  drops?(arms: readonly Arm[]): { arm: Arm; reason: string }[];
}

export interface SimulatedRound {
  verdict: GateVerdict;
  /** Trials that the gate asked for. */
  trials: number;
  events: GateEvent[];
}

/** @throws when the gate does not come to a verdict. */
export function simulateRound(plan: GatePlan, world: SimulatedWorld, random: Random): SimulatedRound {
  const events: GateEvent[] = [];
  let merged: Arm[] = [];
  let trials = 0;
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const step = gateStep(plan, events);
    if (step.kind === 'verdict') return { verdict: step.verdict, trials, events };
    if (step.kind === 'merge') {
      const event = mergeEvent(step.arms, world);
      merged = event.members;
      events.push(event);
      continue;
    }
    trials += step.requests.length;
    const scores = step.requests.map((request) => {
      const { arm, task, split, stage, attempt } = request;
      const members = arm === INCUMBENT ? [] : arm === MERGE ? merged : [arm];
      const passed = random() < world.passes(members, request);
      const invalid = world.invalid !== undefined && random() < world.invalid(request);
      return { arm, task, split, stage, attempt, passed: invalid ? null : passed };
    });
    events.push({ kind: 'scores', scores });
  }
  throw new Error(`the gate came to no verdict in ${STEPS_MAX} steps`);
}

function mergeEvent(arms: readonly Arm[], world: SimulatedWorld): Extract<GateEvent, { kind: 'merged' }> {
  const dropped = world.drops?.(arms) ?? [];
  const members = arms.filter((arm) => !dropped.some((one) => one.arm === arm));
  return { kind: 'merged', arm: members.length === 1 ? members[0]! : MERGE, members, dropped };
}

/**
 * Pass probabilities of tasks as agents have them: most tasks pass nearly always or nearly never.
 * Beta(.5, .65) by default, as the sum of powers (Johnk's method).
 */
export function taskDifficulties(
  count: number,
  seed: number | string,
  shape = { a: 0.5, b: 0.65 },
): number[] {
  const random = seededRandom(`${seed}/difficulties`);
  return Array.from({ length: count }, () => {
    for (;;) {
      const x = random() ** (1 / shape.a);
      const y = random() ** (1 / shape.b);
      if (x + y > 0 && x + y <= 1) return x / (x + y);
    }
  });
}
