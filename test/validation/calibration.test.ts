/** One harness against itself: figures against their definitions, chances against enumeration of everything that can happen. */
import { drawProbability, fitBeta, logLikelihood } from '../../src/validation/beta-binomial.js';
import {
  AGAIN,
  calibrationRequests,
  measureNoise,
  sameArmsTest,
  splitArms,
} from '../../src/validation/calibration.js';
import { seededRandom } from '../../src/validation/random.js';
import { INCUMBENT, type TrialScore } from '../../src/validation/types.js';

const IN = 'heldIn' as const;

/** Scores of a task: one letter a trial, P, F or I, for each arm. */
function task(name: string, first: string, second: string): TrialScore[] {
  return [
    { arm: INCUMBENT, letters: first },
    { arm: AGAIN, letters: second },
  ].flatMap(({ arm, letters }) =>
    [...letters].map((letter, i) => ({
      arm,
      task: name,
      split: IN,
      stage: 'calibrate',
      attempt: i + 1,
      passed: letter === 'I' ? null : letter === 'P',
    })),
  );
}

describe('the figures', () => {
  const noise = measureNoise([
    ...task('steady', 'PP', 'PP'),
    ...task('never', 'FF', 'FF'),
    ...task('flaky', 'PP', 'FP'),
    ...task('moved', 'FF', 'PP'),
    ...task('broken', 'IP', 'PI'),
  ]);

  test('are those of the paired differences of the tasks that have a pair', () => {
    // steady 0, never 0, flaky +.5, moved -1; the attempts of `broken` have no valid pair.
    expect(noise.tasks).toBe(4);
    expect(noise.difference!.value).toBeCloseTo(-0.125);
    const squares = [0, 0, 0.5, -1].map((d) => (d + 0.125) ** 2).reduce((a, b) => a + b);
    expect(noise.standardError).toBeCloseTo(Math.sqrt(squares / 3 / 4));
    expect(noise.floor).toBeCloseTo((noise.difference!.high - noise.difference!.low) / 2);
    expect(noise.largestMove).toEqual({ task: 'moved', difference: -1 });
  });

  test('count valid trials, name the tasks that went both ways, and keep what each task did', () => {
    expect([noise.trials, noise.invalid]).toEqual([18, 2]);
    expect(noise.flaky).toEqual(['flaky', 'moved']);
    expect(noise.perTask).toContainEqual({ task: 'flaky', split: IN, passes: 3, trials: 4 });
    expect(noise.perTask).toContainEqual({ task: 'broken', split: IN, passes: 2, trials: 2 });
  });

  test('that cannot be computed are null', () => {
    expect(measureNoise(task('broken', 'I', 'I'))).toMatchObject({
      tasks: 0,
      passRate: null,
      difference: null,
      standardError: null,
      floor: null,
      largestMove: null,
      p: null,
      withinShare: null,
      flaky: [],
    });
    const one = measureNoise(task('alone', 'P', 'F'));
    expect([one.difference, one.standardError, one.floor, one.withinShare]).toEqual([null, null, null, null]);
    expect(measureNoise([...task('a', 'P', 'P'), ...task('b', 'P', 'P')]).withinShare).toBeNull();
  });

  test('of a suite without a flaky task claim no certainty', () => {
    const still = measureNoise([
      ...task('a', 'PP', 'PP'),
      ...task('b', 'FF', 'FF'),
      ...task('c', 'FF', 'FF'),
    ]);
    expect(still.floor).toBeGreaterThan(0.3);
    expect(still.withinShare).toBe(0);
    expect(still.p).toBe(1);
  });

  test('of the variance are right on average, whatever the tasks pass with', () => {
    // Two tasks of .9 and .2, three trials each: every outcome with its probability. Within: mean of p (1 - p).
    const [p, q] = [0.9, 0.2];
    let within = 0;
    for (let a = 0; a < 8; a++) {
      for (let b = 0; b < 8; b++) {
        const share = measureNoise([...outcome('a', a), ...outcome('b', b)]).withinShare;
        const [s, t] = [bits(a), bits(b)].map((k) => (k * (3 - k)) / 6);
        const scatter = (bits(a) / 3 - bits(b) / 3) ** 2 / 2;
        const between = Math.max(0, scatter - (s! + t!) / 6);
        const total = (s! + t!) / 2 + between;
        if (total === 0) expect(share).toBeNull();
        else expect(share).toBeCloseTo((s! + t!) / 2 / total);
        within += binomial(p, a) * binomial(q, b) * ((s! + t!) / 2);
      }
    }
    expect(within).toBeCloseTo((p * (1 - p) + q * (1 - q)) / 2);
  });

  const bits = (pattern: number) => [...pattern.toString(2)].filter((bit) => bit === '1').length;
  const binomial = (p: number, pattern: number) => p ** bits(pattern) * (1 - p) ** (3 - bits(pattern));
  /** Three trials: two of the first arm, one of the second. */
  const outcome = (name: string, pattern: number) => {
    const letters = [...pattern.toString(2).padStart(3, '0')].map((bit) => (bit === '1' ? 'P' : 'F'));
    return task(name, letters.slice(0, 2).join(''), letters[2]!);
  };
});

describe('the test that both arms are the same', () => {
  /** All ways to hand out a task's trials to the arms, by the definition. */
  function byEnumeration(tasks: [string, string][]): number {
    const worlds = tasks.map(([first, second]) => {
      const all = [...first, ...second];
      const ways: number[] = [];
      for (let mask = 0; mask < 2 ** all.length; mask++) {
        const drawn = all.filter((_, i) => mask & (1 << i));
        if (drawn.length === first.length) ways.push(drawn.filter((letter) => letter === 'P').length);
      }
      return ways;
    });
    let sums = [0];
    for (const ways of worlds) sums = sums.flatMap((sum) => ways.map((way) => sum + way));
    const expected = sums.reduce((a, b) => a + b, 0) / sums.length;
    const observed = tasks.reduce((n, [first]) => n + [...first].filter((l) => l === 'P').length, 0);
    const far = Math.abs(observed - expected) - 1e-9;
    return sums.filter((sum) => Math.abs(sum - expected) >= far).length / sums.length;
  }

  test.each<[string, [string, string][]]>([
    [
      'balanced',
      [
        ['PPF', 'PFF'],
        ['PF', 'FF'],
      ],
    ],
    [
      'lopsided: many trials of one arm, few of the other',
      [
        ['P', 'FFFFF'],
        ['PPPPP', 'F'],
      ],
    ],
    [
      'all one way',
      [
        ['PP', 'FF'],
        ['PP', 'FF'],
        ['PP', 'FF'],
      ],
    ],
    [
      'tasks that say nothing',
      [
        ['PP', 'PP'],
        ['FF', 'FF'],
        ['P', 'F'],
      ],
    ],
  ])('is what enumeration says: %s', (_, tasks) => {
    const scores = tasks.flatMap(([first, second], i) => task(`t${i}`, first, second));
    expect(sameArmsTest(scores)).toBeCloseTo(byEnumeration(tasks), 10);
  });

  test('leaves out what is invalid and tasks that only one arm ran', () => {
    const scores = [...task('a', 'PPI', 'FFI'), ...task('b', 'PP', 'FF')];
    expect(sameArmsTest([...scores, ...task('c', 'PPP', 'III')])).toBeCloseTo(sameArmsTest(scores)!);
    expect(sameArmsTest(task('c', 'PPP', 'III'))).toBeNull();
  });

  test('is symmetric in the arms', () => {
    const there = [...task('a', 'PPP', 'FPF'), ...task('b', 'P', 'FFP')];
    const back = [...task('a', 'FPF', 'PPP'), ...task('b', 'FFP', 'P')];
    expect(sameArmsTest(there)).toBeCloseTo(sameArmsTest(back)!, 12);
    expect(measureNoise(there).difference!.value).toBeCloseTo(-measureNoise(back).difference!.value, 12);
  });
});

describe('the pool', () => {
  test('has probabilities that add up to 1', () => {
    const pool = { a: 0.4, b: 2.3 };
    const ways = [1, 4, 6, 4, 1];
    const sum = ways.reduce(
      (n, way, k) => n + way * Math.exp(logLikelihood({ passes: k, trials: 4 }, pool)),
      0,
    );
    expect(sum).toBeCloseTo(1, 12);
  });

  test('is wide where tasks pass always or never, narrow where all are alike, and never at 0 or 1', () => {
    const of = (counts: number[]) => fitBeta(counts.map((passes) => ({ passes, trials: 4 })))!;
    const split = of([0, 4, 0, 4, 4, 0, 0, 4]);
    const alike = of([2, 2, 2, 2, 2, 2, 2, 2]);
    expect(split.a + split.b).toBeLessThan(0.2);
    expect(alike.a + alike.b).toBeGreaterThan(50);
    const { a, b } = of([0, 0, 0]);
    expect(a / (a + b)).toBeGreaterThan(0);
    expect(fitBeta([])).toBeNull();
  });

  test.each([
    { passes: 0, trials: 2 },
    { passes: 3, trials: 4 },
    { passes: 20, trials: 20 },
  ])('draws a task’s probability around the mean that $passes of $trials and the pool leave', (counts) => {
    const pool = { a: 0.5, b: 0.7 };
    const random = seededRandom('draws');
    const draws = Array.from({ length: 4000 }, () => drawProbability(counts, pool, random));
    const mean = (pool.a + counts.passes) / (pool.a + pool.b + counts.trials);
    const variance = (mean * (1 - mean)) / (pool.a + pool.b + counts.trials + 1);
    const measured = draws.reduce((a, b) => a + b) / draws.length;
    expect(Math.abs(measured - mean)).toBeLessThan(4 * Math.sqrt(variance / draws.length));
    const scatter = draws.reduce((sum, draw) => sum + (draw - measured) ** 2, 0) / draws.length;
    expect(scatter / variance).toBeGreaterThan(0.85);
    expect(scatter / variance).toBeLessThan(1.15);
  });
});

describe('the trials', () => {
  const splits = { heldIn: ['a', 'b'], heldOut: ['c'] };

  test('are of one arm, numbered on, and neighbours become a pair of both arms', () => {
    const requests = calibrationRequests(splits, 2);
    expect(requests).toHaveLength(12);
    expect(new Set(requests.map(({ arm }) => arm))).toEqual(new Set([INCUMBENT]));
    const split = splitArms(requests.map((request) => ({ ...request, passed: true })));
    for (const name of ['a', 'b', 'c']) {
      for (const arm of [INCUMBENT, AGAIN]) {
        const own = split.filter((score) => score.task === name && score.arm === arm);
        expect(own.map(({ attempt }) => attempt)).toEqual([1, 2]);
      }
    }
  });

  test('give neither arm the first place always', () => {
    const split = splitArms(calibrationRequests(splits, 2).map((request) => ({ ...request, passed: true })));
    const first = split.filter((_, i) => i % 2 === 0).map(({ arm }) => arm);
    expect(first).toEqual([INCUMBENT, AGAIN, AGAIN, INCUMBENT, INCUMBENT, AGAIN]);
  });
});
