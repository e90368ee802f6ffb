import { smallestGain } from '../../src/validation/detectable.js';
import { expectedFalsePromotions } from '../../src/validation/false-promotions.js';
import { differenceInterval } from '../../src/validation/intervals.js';
import { SETTINGS } from '../support/fake-activities.js';

const split = (differences: number[]) => ({
  tasks: differences.length,
  difference: differenceInterval(differences),
});
const alternating = (count: number) => Array.from({ length: count }, (_, i) => (i % 2 ? 0.5 : -0.5));

test('the smallest gain is 2.49 standard errors of the mean over all tasks', () => {
  const tasks = alternating(400);
  const expected = (1.6449 + 0.8416) * Math.sqrt(0.25 / 400);
  expect(smallestGain([split(tasks)])).toBeCloseTo(expected, 2);
  expect(smallestGain([split(tasks.slice(0, 250)), split(tasks.slice(250))])).toBeCloseTo(expected, 2);
});

test('with more tasks a smaller gain is seen; without any nothing can be told', () => {
  expect(smallestGain([split(alternating(40))])!).toBeGreaterThan(smallestGain([split(alternating(160))])!);
  expect(smallestGain([{ tasks: 1, difference: null }])).toBeNull();
  expect(smallestGain([])).toBeNull();
});

test('one no-op on two tasks is promoted by the rule of the paper as often as enumeration says', () => {
  // Accepted: no split falls, one rises. With x = p(1 - p) for up or down and one task each: 2x(1 - 2x) + x^2 for given p's.
  const round = {
    gate: 'paper' as const,
    settings: { ...SETTINGS, attempts: 1 },
    heldIn: ['in'],
    heldOut: ['out'],
    candidates: [{ arm: 'p1', targets: [] }],
  };
  // E[p(1 - p)] for Beta(a, b) is ab / ((a + b)(a + b + 1)); both tasks are independent.
  const x = (0.5 * 0.65) / (1.15 * 2.15);
  const exact = 2 * x * (1 - 2 * x) + x * x;
  const { expected } = expectedFalsePromotions([round], { simulations: 4000, seed: 1 })!;
  expect(expected.low).toBeLessThan(exact);
  expect(expected.high).toBeGreaterThan(exact);
  expect(expectedFalsePromotions([{ ...round, candidates: [] }], { simulations: 10, seed: 1 })).toBeNull();
});
