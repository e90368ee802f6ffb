/** What a round could see, against the probability by exact enumeration of everything that can happen in small ones. */
import { gateStep } from '../../src/validation/gate.js';
import { findPower, improve, type Power, type PowerQuestion, playRound } from '../../src/validation/power.js';
import { seededRandom } from '../../src/validation/random.js';
import { type GateEvent, type GatePlan, INCUMBENT, type TrialScore } from '../../src/validation/types.js';
import { confirmSettings, SETTINGS } from './support.js';

const POOL = { a: 0.5, b: 0.5 };
/** So many trials that a task's probability is known. */
const MANY = 1e9;
const known = (name: string, split: 'heldIn' | 'heldOut', p: number) => ({
  task: name,
  split,
  passes: Math.round(p * MANY),
  trials: MANY,
});

/** Probability that the gate promotes `edit`: every outcome of every trial that it asks for. */
function promoted(
  plan: GatePlan,
  passes: (arm: string, task: string) => number,
  events: GateEvent[] = [],
): number {
  const step = gateStep(plan, events);
  if (step.kind === 'verdict') return step.verdict.decision === 'promoted' ? 1 : 0;
  if (step.kind === 'merge') throw new Error('one candidate is never merged');
  const { requests } = step;
  let sum = 0;
  for (let outcome = 0; outcome < 2 ** requests.length; outcome++) {
    let probability = 1;
    const scores = requests.map((request, i): TrialScore => {
      const passed = (outcome & (1 << i)) !== 0;
      const p = passes(request.arm, request.task);
      probability *= passed ? p : 1 - p;
      return { ...request, passed };
    });
    if (probability > 0) sum += probability * promoted(plan, passes, [...events, { kind: 'scores', scores }]);
  }
  return sum;
}

/** By the definition of a round: orders in which tasks are helped, failures seen, targets mined, then the gate. */
function exactPower(question: PowerQuestion, gain: number): number {
  const before = new Map(question.tasks.map(({ task, passes, trials }) => [task, passes / trials]));
  const names = [...before.keys()];
  const heldIn = question.tasks.filter(({ split }) => split === 'heldIn').map(({ task }) => task);
  const heldOut = names.filter((name) => !heldIn.includes(name));
  const orders = permutations(names);
  let sum = 0;
  for (const order of orders) {
    const after = new Map(before);
    let room = 0;
    const helped = order.filter((task) => {
      if (room * 0.6 >= gain * names.length - 1e-12) return false;
      room += 1 - before.get(task)!;
      return true;
    });
    for (const task of helped) {
      const p = before.get(task)!;
      after.set(task, p + Math.min(1, (gain * names.length) / room) * (1 - p));
    }
    for (let chosen = 0; chosen < 2 ** heldIn.length; chosen++) {
      const targets = heldIn.filter((_, i) => chosen & (1 << i));
      const probability = heldIn.reduce((product, task) => {
        const isTarget = (1 - before.get(task)!) * (helped.includes(task) ? 0.8 : 0.075);
        return product * (targets.includes(task) ? isTarget : 1 - isTarget);
      }, 1);
      const plan: GatePlan = {
        gate: question.gate,
        settings: question.settings,
        heldIn,
        heldOut,
        candidates: [{ arm: 'edit', targets }],
        seed: 1,
      };
      const passes = (arm: string, task: string) => (arm === INCUMBENT ? before : after).get(task)!;
      sum += (probability * promoted(plan, passes)) / orders.length;
    }
  }
  return sum;
}

function permutations(names: string[]): string[][] {
  if (names.length < 2) return [names];
  return names.flatMap((name) =>
    permutations(names.filter((one) => one !== name)).map((rest) => [name, ...rest]),
  );
}

const small: Omit<PowerQuestion, 'gate' | 'settings' | 'tasks'> = {
  width: 1,
  invalidShare: 0,
  roundTrials: null,
  wantedGain: 0.3,
  seed: 3,
};
const LOPSIDED = [known('low', 'heldIn', 0.05), known('half', 'heldIn', 0.5), known('high', 'heldOut', 0.9)];

/** One look, at levels that three tasks can reach. */
const quick = {
  ...confirmSettings({
    looks: [1],
    alphas: [0.3],
    futility: 0,
    targets: { extraAttempts: 0, weight: 1, futility: -1 },
  }),
  attempts: 1,
  screen: { minDifferences: [0.15], maxTargets: 9 },
};

test.each([
  ['confirmed', 0.3],
  ['confirmed', 0.45],
  ['paper', 0.2],
  ['paper', 0.45],
] as const)('%s: a simulated round finds a gain of %d as often as enumeration says', (gate, gain) => {
  const question: PowerQuestion = { ...small, gate, settings: quick, tasks: LOPSIDED };
  const rounds = 1500;
  const found = Array.from(
    { length: rounds },
    (_, i) => playRound(question, POOL, gain, i, seededRandom(`exact/${i}`)).found,
  ).filter(Boolean).length;
  const exact = exactPower(question, gain);
  expect(exact).toBeGreaterThan(0.02);
  expect(Math.abs(found / rounds - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / rounds));
});

test('an edit gains exactly what it is said to, by moving few tasks far, and no task backwards', () => {
  const before = new Map(Array.from({ length: 20 }, (_, i) => [`t${i}`, i / 20]));
  const mean = (tasks: Map<string, number>) => [...tasks.values()].reduce((a, b) => a + b) / tasks.size;
  for (const gain of [0.01, 0.07, 0.3, 0.5]) {
    const after = improve(before, gain, seededRandom(gain));
    expect(mean(after) - mean(before)).toBeCloseTo(gain, 10);
    for (const [task, p] of after) expect(p).toBeGreaterThanOrEqual(before.get(task)!);
  }
  const moved = [...improve(before, 0.05, seededRandom('few'))].filter(([task, p]) => p > before.get(task)!);
  expect(moved.length).toBeLessThan(8);
  // No room for it: then everything there is.
  expect(mean(improve(before, 0.9, seededRandom('all')))).toBeCloseTo(1, 10);
});

describe('what a round of the default gate sees', () => {
  const tasks = Array.from({ length: 15 }, (_, i) => ({
    task: `t${i}`,
    split: i < 10 ? ('heldIn' as const) : ('heldOut' as const),
    passes: [0, 0, 1, 3, 4][i % 5]!,
    trials: 4,
  }));
  const settings = { ...SETTINGS, permutations: 200 };
  const ask = (change: Partial<PowerQuestion>): Power => {
    const search = findPower({ ...small, gate: 'confirmed', settings, tasks, ...change });
    for (;;) {
      const step = search.next();
      if (step.done) return step.value!;
    }
  };
  let power: Power;
  beforeAll(() => {
    power = ask({ wantedGain: 0.1 });
  });

  test('is large gains, and not small ones: then it says what small ones would take', () => {
    expect(power.wanted!.high).toBeLessThan(0.8);
    expect(power.detectable).toBeGreaterThan(0.1);
    expect(power.detectable).toBeLessThan(0.45);
    expect(power.wouldTake !== null || power.wouldTakeTasks! > tasks.length).toBe(true);
    const enough = ask({ wantedGain: 0.45 });
    expect(enough.wanted!.value).toBeGreaterThan(0.8);
    expect(enough).toMatchObject({ wouldTake: null, wouldTakeTasks: null });
    expect(Math.abs(enough.detectable! - power.detectable!)).toBeLessThan(0.05);
  });

  test('shrinks with the trials that it may take, and it says how many would do', () => {
    const capped = ask({ wantedGain: 0.45, roundTrials: 30 });
    expect(capped.wanted!.value).toBeLessThan(0.6);
    expect(capped.wouldTake).toMatchObject({ factor: 1, attempts: 6 });
    const { trials } = capped.wouldTake!;
    expect(trials).toBeGreaterThan(30);
    expect(ask({ wantedGain: 0.45, roundTrials: trials }).wanted!.value).toBeGreaterThanOrEqual(0.8);
  });

  test('is nothing with no trials at all, and comes out the same for the same seed', () => {
    const none = ask({ wantedGain: 0.45, roundTrials: 0 });
    expect(none.detectable).toBeNull();
    expect(ask({ wantedGain: 0.45, roundTrials: 0 })).toEqual(none);
  });

  test('is nothing where nothing fails, and unknown where nothing is known', () => {
    const perfect = ask({ tasks: tasks.map((task) => ({ ...task, passes: 4 })), wantedGain: 0.3 });
    expect(perfect).toMatchObject({ wanted: null, wantedTrials: null, detectable: null, wouldTake: null });
    const search = findPower({ ...small, gate: 'confirmed', settings, tasks: [] });
    expect(search.next()).toEqual({ done: true, value: null });
  });
});
