/** How often the gates are right, in worlds where the truth is known. Bounds are generous: benches measure closely. */

import { compareArms } from '../../src/validation/compare.js';
import { overallPass } from '../../src/validation/pass-rates.js';
import { seededRandom } from '../../src/validation/random.js';
import { simulateRound, taskDifficulties } from '../../src/validation/simulate.js';
import type { TrialScore } from '../../src/validation/types.js';
import { names, planOf, SETTINGS } from './support.js';

const HELD_IN = names('in', 43);
const HELD_OUT = names('out', 21);
const TASKS = [...HELD_IN, ...HELD_OUT];

/** Rounds of four candidates, each for a quarter of the failing tasks; `change` is what an edit does to a probability. */
function rounds(
  count: number,
  gate: 'paper' | 'confirmed',
  change: (p: number, isTarget: boolean) => number,
  invalid = 0,
) {
  return Array.from({ length: count }, (_, round) => {
    const random = seededRandom(`${gate}/${round}`);
    const p = new Map(taskDifficulties(TASKS.length, round).map((value, i) => [TASKS[i]!, value]));
    const failed = HELD_IN.filter((task) => random() > p.get(task)!);
    const group = (task: string) => Number(task.replace(/\D/g, '')) % 4;
    const candidates = names('c', 4).map((arm, k) => ({
      arm,
      targets: failed.filter((task) => group(task) === k),
    }));
    const settings = { ...SETTINGS, permutations: 400 };
    const plan = planOf({ gate, settings, heldIn: HELD_IN, heldOut: HELD_OUT, candidates, seed: round });
    return simulateRound(
      plan,
      {
        passes: (members, { task }) =>
          members.reduce((now, arm) => change(now, `c${group(task)}` === arm), p.get(task)!),
        invalid: () => invalid,
      },
      random,
    );
  });
}

function promotedShare(all: ReturnType<typeof rounds>): number {
  return all.filter(({ verdict }) => verdict.decision === 'promoted').length / all.length;
}

const strong = (p: number, isTarget: boolean) => (isTarget ? p + (1 - p) * 0.7 : p);

describe('confirmed', () => {
  test('promotes edits that change nothing in few rounds, at a third of the paper gate’s trials', () => {
    const all = rounds(300, 'confirmed', (p) => p);
    expect(promotedShare(all)).toBeLessThan(0.08);
    expect(all.reduce((sum, { trials }) => sum + trials, 0) / all.length).toBeLessThan(350);
  });

  test('promotes a strong improvement nearly always, also with invalid trials', () => {
    expect(promotedShare(rounds(60, 'confirmed', strong))).toBeGreaterThan(0.93);
    expect(promotedShare(rounds(60, 'confirmed', strong, 0.08))).toBeGreaterThan(0.9);
  });

  test('does not promote what harms', () => {
    expect(promotedShare(rounds(300, 'confirmed', (p) => p * 0.6))).toBe(0);
  });

  test('invalid trials do not make a change out of nothing', () => {
    expect(promotedShare(rounds(200, 'confirmed', (p) => p, 0.1))).toBeLessThan(0.08);
  });
});

describe('paper', () => {
  test('promotes edits that change nothing in more than a quarter of the rounds: why it is not the default', () => {
    const share = promotedShare(rounds(200, 'paper', (p) => p));
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.65);
  });

  test('promotes a strong improvement nearly always', () => {
    expect(promotedShare(rounds(40, 'paper', strong))).toBeGreaterThan(0.85);
  });
});

describe('swapping the arms', () => {
  test('flips the sign of the comparison', () => {
    const random = seededRandom('swap');
    const scores: TrialScore[] = ['incumbent', 'a'].flatMap((arm) =>
      HELD_IN.flatMap((task) =>
        [1, 2].map((attempt) => ({
          arm,
          task,
          split: 'heldIn' as const,
          stage: 'final',
          attempt,
          passed: random() < 0.1 ? null : random() < (arm === 'a' ? 0.7 : 0.4),
        })),
      ),
    );
    const swapped = scores.map((score) => ({ ...score, arm: score.arm === 'a' ? 'incumbent' : 'a' }));
    const there = compareArms(scores, { arm: 'a', split: 'heldIn' });
    const back = compareArms(swapped, { arm: 'a', split: 'heldIn' });
    expect(back.difference!.value).toBeCloseTo(-there.difference!.value, 12);
    expect(back.difference!.low).toBeCloseTo(-there.difference!.high, 12);
    expect([back.incumbent, back.candidate]).toEqual([there.candidate, there.incumbent]);
    expect(there.trials).toBeLessThan(scores.length);
    expect(compareArms(scores, { arm: 'a', split: 'heldOut' })).toEqual({
      tasks: 0,
      trials: 0,
      incumbent: null,
      candidate: null,
      difference: null,
    });
  });
});

test('pass rates by split leave invalid trials out and count them', () => {
  const score = (task: string, split: string, passed: boolean | null) => ({ task, split, passed });
  const { overall, splits } = overallPass([
    score('a', 'heldIn', true),
    score('a', 'heldIn', false),
    score('b', 'heldIn', null),
    score('c', 'reserve', true),
  ]);
  expect(overall).toMatchObject({ tasks: 2, trials: 3, passes: 2, invalid: 1, rate: { value: 0.75 } });
  expect(splits.heldIn).toMatchObject({ tasks: 1, trials: 2, passes: 1, invalid: 1, rate: { value: 0.5 } });
  expect(splits.reserve?.rate).toMatchObject({ value: 1, high: 1 });
  expect(splits.heldOut).toBeUndefined();
});
