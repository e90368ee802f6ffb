/** What people read of a calibration. */
import type { Calibration } from '../../src/validation/calibration.js';
import { calibrationLines, cannotSee } from '../../src/validation/calibration-text.js';
import type { Power } from '../../src/validation/power.js';

const power: Power = {
  level: 0.8,
  wantedGain: 0.05,
  roundTrials: null,
  wanted: { value: 0.28, low: 0.2, high: 0.35 },
  wantedTrials: 370,
  detectable: 0.13,
  wouldTake: null,
  wouldTakeTasks: 430,
};
const calibration: Calibration = {
  tasks: 64,
  trials: 250,
  invalid: 6,
  passRate: { value: 0.4, low: 0.3, high: 0.5 },
  difference: { value: 0.012, low: -0.05, high: 0.074 },
  standardError: 0.02,
  floor: 0.062,
  largestMove: { task: 'b', difference: -0.5 },
  p: 0.6,
  withinShare: 0.25,
  flaky: { count: 14, tasks: ['a', 'b'] },
  power,
  cost: { tokens: null, usd: null, seconds: null },
  record: null,
};
const asked = (change: Partial<Power>) => cannotSee({ ...calibration, power: { ...power, ...change } });

test('says the noise floor, what is seen and which tasks are flaky', () => {
  const lines = calibrationLines(calibration);
  expect(lines[0]).toMatch(/^noise floor ±6.2 points: .* \+1.2 points over 64 tasks, at most by 50 points/);
  expect(lines).toContain('this experiment sees gains of 13 points or more with 80 % power');
  expect(lines).toContain('flaky tasks (14): a, b and 12 more');
  expect(lines.join()).not.toContain('warning');
});

test('warns where one harness differs from itself beyond chance', () => {
  expect(calibrationLines({ ...calibration, p: 0.01 }).join()).toMatch(/warning: .*p = 0.010/);
});

test('says that it cannot tell rather than 0', () => {
  const lines = calibrationLines({
    ...calibration,
    floor: null,
    difference: null,
    largestMove: null,
    power: null,
  });
  expect(lines[0]).toBe('noise floor: insufficient data');
  expect(lines).toContain('what this experiment sees: insufficient data');
  expect(cannotSee({ ...calibration, power: null })).toContain('250 of 256 trials');
});

test.each<[string, Partial<Power>, RegExp]>([
  [
    'tasks',
    {},
    /wanted gain of 5 points in 28.0 % of cases, not 80.0 %; it sees 13 points or more. .*about 430 tasks/,
  ],
  [
    'attempts',
    { wouldTake: { attempts: 12, factor: 2, trials: 900 } },
    /12 attempts per task \(2 times the gate's\), so 900 trials a round/,
  ],
  [
    'a budget',
    { roundTrials: 100, wouldTake: { attempts: 6, factor: 1, trials: 400 } },
    /within 100 trials finds .* a budget that leaves a round 400 trials/,
  ],
  [
    'something else',
    { detectable: null, wouldTakeTasks: null },
    /sees no larger one .*more tasks or a larger/,
  ],
  ['room', { wanted: null }, /no room for the wanted gain of 5 points/],
])('asks where the wanted gain cannot be seen, and says what it would take: %s', (_, change, words) => {
  const question = asked(change)!;
  expect(question).toMatch(words);
  expect(question.length).toBeLessThanOrEqual(300);
});

test('asks nothing where it can be seen', () => {
  expect(asked({ wanted: { value: 0.8, low: 0.7, high: 0.9 } })).toBeNull();
});
