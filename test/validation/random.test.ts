import fc from 'fast-check';
import { seededRandom, shuffle } from '../../src/validation/random.js';

test('equal seeds give equal sequences, a number as its text', () => {
  const [a, b] = [seededRandom(7), seededRandom('7')];
  for (let i = 0; i < 50; i++) expect(a()).toBe(b());
});

test('the sequence is fixed for good: recorded verdicts can be computed again', () => {
  const random = seededRandom('7/confirm/2/signs');
  expect([random(), random(), random()]).toMatchInlineSnapshot(`
[
  0.7287290222011507,
  0.454083054093644,
  0.732504814863205,
]
`);
});

test('numbers lie in [0, 1), spread evenly, and do not repeat the one before', () => {
  const random = seededRandom('spread');
  const bins = new Array<number>(16).fill(0);
  let pairs = 0;
  let last = random();
  for (let i = 0; i < 32_000; i++) {
    const value = random();
    bins[Math.floor(value * 16)]! += 1;
    pairs += (value - 0.5) * (last - 0.5);
    last = value;
  }
  // 2000 expected in a bin with a deviation of 43; the mean product of neighbours is 0 +- 0.0005.
  for (const count of bins) expect(Math.abs(count - 2000)).toBeLessThan(220);
  expect(Math.abs(pairs / 32_000)).toBeLessThan(0.0025);
});

test('seeds that are alike give unlike first numbers', () => {
  const firsts = Array.from({ length: 4000 }, (_, i) => seededRandom(`1/again/${i}`)());
  const below = firsts.filter((value) => value < 0.3).length;
  expect(new Set(firsts).size).toBeGreaterThan(3990);
  expect(Math.abs(below - 1200)).toBeLessThan(150);
});

test('a shuffle keeps every element and leaves its input alone', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer(), (values, seed) => {
      const before = [...values];
      const shuffled = shuffle(values, seededRandom(seed));
      expect(values).toEqual(before);
      expect([...shuffled].sort()).toEqual([...values].sort());
    }),
  );
});

test('all six orders of three come up about equally often', () => {
  const random = seededRandom('orders');
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = shuffle(['a', 'b', 'c'], random).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});
