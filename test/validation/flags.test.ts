import { flagsOf, type PassedSteps } from '../../src/validation/flags.js';
import type { Comparison, SplitComparison } from '../../src/validation/types.js';

function split(before: number, after: number, tasks = 20): SplitComparison {
  const figure = (value: number) => ({ value, low: value - 0.1, high: value + 0.1 });
  return {
    tasks,
    trials: 4 * tasks,
    incumbent: figure(before),
    candidate: figure(after),
    difference: figure(after - before),
  };
}
const comparison = (heldIn: SplitComparison, heldOut = split(0.5, 0.55)): Comparison => {
  return { arm: 'a', heldIn, heldOut, p: 0.01, looks: 2 };
};
const times = (count: number, steps: number) => new Array<number>(count).fill(steps);
const steps = (incumbent: number[], candidate: number[]): PassedSteps => ({ incumbent, candidate });
const usual = steps(times(20, 12), times(24, 10));

test('an ordinary gain stands out in nothing', () => {
  expect(flagsOf(comparison(split(0.4, 0.55)), usual)).toEqual([]);
});

test('a jump is flagged, on either split, with its figures', () => {
  expect(flagsOf(comparison(split(0.2, 0.65)), usual)).toEqual([
    '+45.0 points on heldIn (from 20.0 % to 65.0 %) is a jump that is seldom true: read some of the passes.',
  ]);
  expect(flagsOf(comparison(split(0.5, 0.6), split(0.8, 0.99)), usual)[0]).toContain('on heldOut');
});

test('few tasks, no figures, or nothing left to gain flag nothing', () => {
  expect(flagsOf(comparison(split(0.2, 0.8, 7)), usual)).toEqual([]);
  expect(flagsOf(comparison(split(1, 1)), usual)).toEqual([]);
  const none = { ...split(0, 1), incumbent: null, candidate: null, difference: null };
  expect(flagsOf(comparison(none), usual)).toEqual([]);
});

test('passes that took next to no steps are flagged, unless the incumbent passed like that too', () => {
  const some = [...times(10, 2), ...times(10, 12)];
  expect(flagsOf(comparison(split(0.4, 0.5)), steps(times(20, 12), some))).toEqual([
    "50.0 % of its passes took at most 2 tool calls, of the incumbent's 0.0 %: see whether the work was done.",
  ]);
  expect(flagsOf(comparison(split(0.4, 0.5)), steps(some, some))).toEqual([]);
});

test('passes that got far shorter are flagged', () => {
  expect(flagsOf(comparison(split(0.4, 0.5)), steps(times(20, 12), times(20, 3)))).toEqual([
    "its passes took 3 tool calls in the median, the incumbent's 12: see whether the work was done.",
  ]);
  expect(flagsOf(comparison(split(0.4, 0.5)), steps(times(20, 12), times(20, 4)))).toEqual([]);
  expect(flagsOf(comparison(split(0.4, 0.5)), steps(times(7, 12), times(7, 3)))).toEqual([]);
});
