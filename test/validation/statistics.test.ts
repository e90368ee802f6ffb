import fc from 'fast-check';
import {
  differenceInterval,
  passInterval,
  shareInterval,
  wilsonInterval,
} from '../../src/validation/intervals.js';
import { signFlipTest } from '../../src/validation/permutation.js';
import { normalQuantile, studentQuantile975 } from '../../src/validation/quantiles.js';
import { seededRandom } from '../../src/validation/random.js';
import { taskDifficulties } from '../../src/validation/simulate.js';
import { mean, pairedDifferences, sampleVariance, standardError } from '../../src/validation/statistics.js';

const exactly = { permutations: 2 ** 20, random: seededRandom(1) };

/** From the definition: all sign patterns, each sum added up anew. */
function enumerate(differences: number[]): number {
  const observed = differences.reduce((sum, d) => sum + d, 0);
  let atLeast = 0;
  for (let pattern = 0; pattern < 2 ** differences.length; pattern++) {
    const sum = differences.reduce((total, d, i) => total + ((pattern >> i) & 1 ? -d : d), 0);
    if (sum >= observed - 1e-9) atLeast += 1;
  }
  return atLeast / 2 ** differences.length;
}

describe('sign-flip test', () => {
  const difference = fc.integer({ min: -6, max: 6 }).map((d) => d / 6);

  test.each([
    [[1], 0.5],
    [[1, 1, 1, 1, 1], 1 / 32],
    [[-1, -1, -1], 1],
    [[1, 1, -1], 0.5],
    // Lopsided: one large loss against many small gains.
    [[-1, 0.5, 0.5, 0.5, 0.5], 12 / 32],
    [[0, 0, 0], 1],
    [[0, 0, 1, 1], 0.25],
  ])('%j has p = %d', (differences, p) => {
    expect(enumerate(differences)).toBeCloseTo(p, 12);
    expect(signFlipTest(differences, exactly)).toBeCloseTo(p, 12);
  });

  test('agrees with enumeration from the definition', () => {
    fc.assert(
      fc.property(fc.array(difference, { minLength: 1, maxLength: 10 }), (differences) => {
        expect(signFlipTest(differences, exactly)).toBeCloseTo(enumerate(differences), 12);
      }),
    );
  });

  test('is exact for a suite of any size, weights included', () => {
    expect(signFlipTest(new Array<number>(64).fill(1), exactly)).toBeCloseTo(2 ** -64, 30);
    // 200 tasks that gain or lose the same: the tail of a binomial distribution.
    const differences = Array.from({ length: 200 }, (_, i) => (i < 110 ? 0.5 : -0.5));
    expect(signFlipTest(differences, exactly)).toBeCloseTo(0.089482, 6);
    const few = [1, -0.5, 2 / 3, 0.25, -1 / 6, 0.6, 2 * 0.75, -2 * 0.2];
    expect(signFlipTest(few, exactly)).toBeCloseTo(enumerate(few), 12);
  });

  /** No small fraction divides them. */
  const uneven = difference.map((d) => d * Math.PI);

  test('signs are drawn where it cannot be exact: close to the enumeration, and never 0', () => {
    fc.assert(
      fc.property(fc.array(uneven, { minLength: 11, maxLength: 13 }), fc.integer(), (differences, seed) => {
        const p = signFlipTest(differences, { permutations: 2000, random: seededRandom(seed) })!;
        expect(p).toBeGreaterThan(0);
        expect(Math.abs(p - enumerate(differences))).toBeLessThan(0.06);
      }),
      { numRuns: 30 },
    );
    const gains = new Array<number>(64).fill(Math.PI);
    const p = signFlipTest(gains, { permutations: 200, random: seededRandom(2) });
    expect(p).toBe(1 / 201);
  });

  test('swapping the arms turns a gain into a loss: both p-values cover each pattern', () => {
    fc.assert(
      fc.property(fc.array(difference, { minLength: 1, maxLength: 10 }), (differences) => {
        const gain = signFlipTest(differences, exactly)!;
        const loss = signFlipTest(
          differences.map((d) => -d),
          exactly,
        )!;
        expect(gain + loss).toBeGreaterThanOrEqual(1 - 1e-12);
      }),
    );
  });

  test('rejects a true hypothesis no more often than its level says', () => {
    const random = seededRandom('level');
    let rejected = 0;
    for (let round = 0; round < 2000; round++) {
      const differences = Array.from({ length: 9 }, () => Math.floor(random() * 3) - 1);
      if (signFlipTest(differences, { permutations: 600, random })! <= 0.1) rejected += 1;
    }
    // 200 expected at most; the deviation is 13.
    expect(rejected).toBeLessThan(245);
  });

  test('no differences: it cannot tell', () => {
    expect(signFlipTest([], exactly)).toBeNull();
  });
});

describe('small statistics', () => {
  test('cannot tell from too little', () => {
    expect(mean([])).toBeNull();
    expect(sampleVariance([1])).toBeNull();
    expect(standardError([1])).toBeNull();
    expect(wilsonInterval(0, 0)).toBeNull();
    expect(shareInterval([], 0)).toBeNull();
    expect(differenceInterval([])).toBeNull();
    expect(differenceInterval([0.5])).toBeNull();
    expect(passInterval([{ task: 'a', passed: null }])).toBeNull();
  });

  test('means and variances are those of the definition', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(sampleVariance([1, 2, 6])).toBe(7);
    expect(standardError([1, 2, 6])).toBeCloseTo(Math.sqrt(7 / 3), 12);
  });

  test('the task is the unit: many attempts of one task weigh no more than one of another', () => {
    const pass = { incumbent: false, candidate: true };
    const equal = { incumbent: true, candidate: true };
    expect(pairedDifferences([[pass, pass, pass, equal], [equal], []])).toEqual([0.75, 0]);
    expect(
      passInterval([
        { task: 'a', passed: true },
        { task: 'a', passed: true },
        { task: 'a', passed: true },
        { task: 'b', passed: false },
        { task: 'b', passed: null },
      ])?.value,
    ).toBe(0.5);
  });

  test.each([
    [0.5, 0],
    [0.95, 1.644854],
    [0.975, 1.959964],
    [0.995, 2.575829],
    [0.1, -1.281552],
  ])('normal quantile of %d', (p, z) => expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(5e-4));

  test.each([
    [1, 12.7062],
    [2, 4.3027],
    [3, 3.1824],
    [5, 2.5706],
    [10, 2.2281],
    [20, 2.086],
    [63, 1.9983],
  ])('Student quantile with %d degrees of freedom', (freedom, t) =>
    expect(Math.abs(studentQuantile975(freedom) / t - 1)).toBeLessThan(0.01),
  );
});

describe('intervals', () => {
  // Published values: Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('Wilson for %d of %d', (passes, trials, low, high) => {
    const interval = wilsonInterval(passes, trials)!;
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test('hold their value, lie within bounds, and are never of width 0', () => {
    const share = fc.integer({ min: 0, max: 6 }).map((d) => d / 6);
    fc.assert(
      fc.property(fc.array(share, { minLength: 2, maxLength: 40 }), (shares) => {
        const rate = shareInterval(shares, shares.length * 6)!;
        expect(0 <= rate.low && rate.low <= rate.value && rate.value <= rate.high && rate.high <= 1).toBe(
          true,
        );
        expect(rate.high - rate.low).toBeGreaterThan(0.001);
        const gain = differenceInterval(shares.map((d, i) => (i % 2 ? d : -d)))!;
        expect(-1 <= gain.low && gain.low <= gain.value && gain.value <= gain.high && gain.high <= 1).toBe(
          true,
        );
        expect(gain.high - gain.low).toBeGreaterThan(0.001);
      }),
    );
  });

  test('swapping the arms mirrors the interval of the difference', () => {
    const differences = [0.5, 0, 1, -0.25, 0];
    const { value, low, high } = differenceInterval(differences)!;
    const mirrored = differenceInterval(differences.map((d) => -d))!;
    expect([mirrored.value, mirrored.low, mirrored.high].map((x) => x.toFixed(12))).toEqual(
      [-value, -high, -low].map((x) => x.toFixed(12)),
    );
  });

  test('cover the truth in about 95 of 100 experiments, attempts of a task being alike', () => {
    const random = seededRandom('coverage');
    const truth = 0.5 / 1.15;
    const rounds = 1500;
    let covered = { rate: 0, gain: 0 };
    for (let round = 0; round < rounds; round++) {
      const tasks = taskDifficulties(21, `coverage/${round}`);
      const flip = (p: number) => (random() < p ? 1 : 0);
      const rate = shareInterval(
        tasks.map((p) => (flip(p) + flip(p)) / 2),
        42,
      )!;
      // A third of the tasks gain half of what they lack: 1/3 x 1/2 x (1 - truth).
      const gain = differenceInterval(
        tasks.map(
          (p, i) =>
            (flip(i % 3 ? p : p + (1 - p) / 2) + flip(i % 3 ? p : p + (1 - p) / 2) - flip(p) - flip(p)) / 2,
        ),
      )!;
      const trueGain = (1 - truth) / 6;
      covered = {
        rate: covered.rate + (rate.low <= truth && truth <= rate.high ? 1 : 0),
        gain: covered.gain + (gain.low <= trueGain && trueGain <= gain.high ? 1 : 0),
      };
    }
    // Three deviations (0.6 points each) below the nominal 95 %.
    expect(covered.rate / rounds).toBeGreaterThan(0.933);
    expect(covered.gain / rounds).toBeGreaterThan(0.933);
  });
});
