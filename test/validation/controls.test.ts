/** Control arms against their definitions: small worlds in which every case is written out. */
import fc from 'fast-check';
import {
  attemptsBought,
  bestByVerifier,
  bestByVote,
  bestOfRows,
  type ControlAttempt,
  figuresOf,
  meanScores,
  outlayOf,
  sameTogether,
  stepsWithin,
} from '../../src/validation/controls.js';
import { differenceInterval, shareInterval } from '../../src/validation/intervals.js';

const OUTCOMES = [true, false, null] as const;
const FILES = ['a', 'b', null] as const;

function attempt(n: number, passed: boolean | null, fingerprint: string | null, task = 't'): ControlAttempt {
  return { task, split: 'heldIn', attempt: n, passed, fingerprint, tokens: 10, usd: 0.5 };
}

/** All ways in which `length` attempts can come out. */
function everything<T>(values: readonly T[], length: number): T[][] {
  if (length === 0) return [[]];
  return everything(values, length - 1).flatMap((rest) => values.map((value) => [...rest, value]));
}

const cases = [1, 2, 3, 4].flatMap((length) =>
  everything(
    OUTCOMES.flatMap((passed) => FILES.map((fingerprint) => ({ passed, fingerprint }))),
    length,
  ).map((all) => all.map(({ passed, fingerprint }, i) => attempt(i + 1, passed, fingerprint))),
);

test('by verifier: passed where any of the first n valid attempts did, over every world of up to four attempts', () => {
  for (const attempts of cases) {
    for (let n = 1; n <= attempts.length; n++) {
      const seen = attempts.slice(0, n).map(({ passed }) => passed);
      const expected = seen.includes(true) ? 1 : seen.includes(false) ? 0 : null;
      expect(bestByVerifier(attempts, n)[0]!.score).toBe(expected);
    }
  }
});

/** The definition, by trying every subset of attempts that could be the group. */
function voted(attempts: ControlAttempt[]): number | null {
  const valid = attempts.filter(({ passed }) => passed !== null);
  const groups = everything([false, true], valid.length)
    .map((chosen) => valid.filter((_, i) => chosen[i]))
    .filter((group) => group.length > 0)
    .filter((group) =>
      group.length === 1
        ? group[0]!.fingerprint === null || alone(valid, group[0]!)
        : group[0]!.fingerprint !== null &&
          group.every((one) => one.fingerprint === group[0]!.fingerprint) &&
          valid.filter((one) => one.fingerprint === group[0]!.fingerprint).length === group.length,
    );
  const largest = groups.sort((a, b) => b.length - a.length || a[0]!.attempt - b[0]!.attempt)[0];
  return largest ? largest.filter(({ passed }) => passed).length / largest.length : null;
}

function alone(valid: ControlAttempt[], { fingerprint }: ControlAttempt): boolean {
  return valid.filter((other) => other.fingerprint === fingerprint).length === 1;
}

test('by vote: the largest group of equal files, the earliest of equal groups, over every world of up to four attempts', () => {
  for (const attempts of cases) expect(bestByVote(attempts, attempts.length)[0]!.score).toBe(voted(attempts));
});

test('a vote is not swayed by attempts beyond n, by unknown files or by invalid attempts', () => {
  const votes = [
    attempt(1, true, 'a'),
    attempt(2, false, null),
    attempt(3, false, null),
    attempt(4, null, 'b'),
    attempt(5, null, 'b'),
    attempt(6, false, 'c'),
    attempt(7, false, 'c'),
  ];
  expect(bestByVote(votes, 6)[0]!.score).toBe(1);
  expect(bestByVote(votes, 7)[0]!.score).toBe(0);
});

test('the order in which attempts are handed over changes nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...cases), fc.infiniteStream(fc.nat(100)), (attempts, keys) => {
      const shuffled = attempts
        .map((one) => ({ one, key: keys.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ one }) => one);
      expect(bestByVote(shuffled, 4)).toEqual(bestByVote(attempts, 4));
    }),
    { seed: 3 },
  );
});

test('a budget buys whole attempts at all tasks, none where it is too small, and nobody knows how many without a price', () => {
  expect(attemptsBought(63, 32, 1)).toBe(1);
  expect(attemptsBought(64, 32, 1)).toBe(2);
  expect(attemptsBought(31, 32, 1)).toBe(0);
  expect(attemptsBought(0.3, 3, 0.1)).toBe(1);
  expect(attemptsBought(5, 3, null)).toBeNull();
  expect(attemptsBought(5, 3, 0)).toBeNull();
});

test('of steps those count that end within the budget, up to the first that does not', () => {
  expect(stepsWithin([3, 6, 9], 9)).toBe(3);
  expect(stepsWithin([3, 6, 9], 8)).toBe(2);
  expect(stepsWithin([3, 6, 9], 2)).toBe(0);
  expect(stepsWithin([null, 6], 9)).toBe(0);
  expect(stepsWithin([0.1, 0.1 + 0.2], 0.3)).toBe(2);
});

describe('figures', () => {
  const tasks = ['x', 'y', 'z'];
  const always = (passed: boolean) =>
    tasks.flatMap((task) => [1, 2].map((n) => attempt(n, passed, null, task)));
  const evolved = meanScores(always(true));
  const seed = meanScores(always(false));

  test('are the rate over tasks, the gain over the seed and the lead of the evolved harness, paired', () => {
    const half = meanScores(
      tasks.flatMap((task) => [attempt(1, true, null, task), attempt(2, false, null, task)]),
    );
    const { heldIn, heldOut } = figuresOf(half, { evolved, seed });
    expect(heldIn).toEqual({
      rate: shareInterval([0.5, 0.5, 0.5], 6),
      gain: differenceInterval([0.5, 0.5, 0.5]),
      lead: differenceInterval([0.5, 0.5, 0.5]),
    });
    expect(heldOut).toEqual({ rate: null, gain: null, lead: null });
  });

  test('leave out a task that one of the two has no valid attempt at', () => {
    const broken = meanScores([
      attempt(1, null, null, 'x'),
      attempt(1, false, null, 'y'),
      attempt(1, true, null, 'z'),
    ]);
    const { heldIn } = figuresOf(broken, { evolved, seed });
    expect(heldIn).toEqual({
      rate: shareInterval([0, 1], 2),
      gain: differenceInterval([0, 1]),
      lead: differenceInterval([1, 0]),
    });
  });

  test('of several attempts that make one answer count as one trial a task', () => {
    const attempts = tasks.flatMap((task, i) =>
      [1, 2, 3, 4].map((n) => attempt(n, n === 4 && i > 0, `${n}`, task)),
    );
    expect(bestByVerifier(attempts, 4).map(({ trials }) => trials)).toEqual([1, 1, 1]);
    expect(
      bestByVote(
        attempts.map((one) => ({ ...one, fingerprint: 'f' })),
        4,
      )[0]!.trials,
    ).toBe(1);
    expect(figuresOf(bestByVerifier(attempts, 4), { evolved, seed }).heldIn.rate).toEqual(
      shareInterval([0, 1, 1], 3),
    );
  });
});

describe('best of n at two budgets', () => {
  const attempts = ['x', 'y'].flatMap((task) => [1, 2, 3].map((n) => attempt(n, n === 3, 'same', task)));
  const against = { evolved: meanScores(attempts), seed: meanScores(attempts) };

  test('is two rows each, the smaller n a prefix of the larger, with what it cost', () => {
    const rows = bestOfRows(attempts, { trials: 2, money: 3 }, { harness: 'seed', against });
    expect(
      rows.map(({ arm, equal, attempts: n, outlay, heldIn }) => [
        arm,
        equal,
        n,
        outlay?.trials,
        heldIn.rate?.value,
      ]),
    ).toEqual([
      ['best-of-n, by verifier', ['trials'], 2, 4, 0],
      ['best-of-n, by vote', ['trials'], 2, 4, 0],
      ['best-of-n, by verifier', ['money'], 3, 6, 1],
      ['best-of-n, by vote', ['money'], 3, 6, expect.closeTo(1 / 3)],
    ]);
    expect(rows[2]!.outlay).toEqual({ trials: 6, tokens: 60, usd: 3 });
  });

  test('is one row each where both budgets buy the same', () => {
    const rows = bestOfRows(attempts, { trials: 3, money: 3 }, { harness: 'seed', against });
    expect(rows.map(({ equal }) => equal)).toEqual([
      ['trials', 'money'],
      ['trials', 'money'],
    ]);
  });

  test('has no figures, rather than 0, where a budget buys none or nobody knows', () => {
    const rows = bestOfRows(attempts, { trials: 0, money: null }, { harness: 'seed', against });
    expect(rows).toHaveLength(4);
    for (const { heldIn } of rows) expect(heldIn).toEqual({ rate: null, gain: null, lead: null });
    expect(rows.map(({ outlay }) => outlay)).toEqual([
      { trials: 0, tokens: 0, usd: null },
      { trials: 0, tokens: 0, usd: null },
      null,
      null,
    ]);
  });
});

test('dollars are unknown only where no attempt has a price', () => {
  const free = { ...attempt(1, true, null), usd: null };
  expect(outlayOf([free, attempt(2, true, null)])).toEqual({ trials: 2, tokens: 20, usd: 0.5 });
  expect(outlayOf([free]).usd).toBeNull();
});

test('what comes to the same at both budgets stands once', () => {
  expect(sameTogether(() => 'seed')).toEqual([{ value: 'seed', equal: ['trials', 'money'] }]);
  expect(sameTogether((budget) => budget)).toHaveLength(2);
});
