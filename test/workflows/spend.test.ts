import fc from 'fast-check';
import { formatItems, parseItems } from '../../src/workflows/items.js';
import { addSpend, callSpend, isExhausted, NO_SPEND, reduceAllowance } from '../../src/workflows/spend.js';

test('dollars stay unknown until something with a price was spent', () => {
  expect(addSpend(NO_SPEND, NO_SPEND).usd).toBeNull();
  expect(addSpend(NO_SPEND, { ...NO_SPEND, usd: 0.5 }).usd).toBe(0.5);
});

test('each limit ends it by itself, and no limit never does', () => {
  const spent = { ...NO_SPEND, trials: 10, promptTokens: 900, completionTokens: 100, usd: 5 };
  expect(isExhausted({ trials: 10 }, spent, 0)).toBe(true);
  expect(isExhausted({ tokens: 1000 }, spent, 0)).toBe(true);
  expect(isExhausted({ usd: 5 }, spent, 0)).toBe(true);
  expect(isExhausted({ until: 100 }, spent, 100)).toBe(true);
  expect(isExhausted({ until: 100 }, spent, 99)).toBe(false);
  expect(isExhausted({}, spent, Number.MAX_SAFE_INTEGER)).toBe(false);
});

test('money is told by who spent it, and the parts add up to the whole', () => {
  const used = { promptTokens: 90, cachedTokens: 50, completionTokens: 10, usd: 0.5 };
  const sum = [
    callSpend('miner', { ...used, estimated: true }),
    callSpend('proposer', { ...used, usd: null, estimated: false }),
    callSpend('agent', { ...used, estimated: false }),
  ].reduce(addSpend, NO_SPEND);
  expect(sum.roles).toEqual({
    agent: { tokens: 100, usd: 0.5 },
    miner: { tokens: 100, usd: 0.5 },
    proposer: { tokens: 100, usd: null },
  });
  expect(sum).toMatchObject({ usd: 1, promptTokens: 270, completionTokens: 30, estimatedTokens: 100 });
});

test('an allowance never falls below nothing', () => {
  expect(
    reduceAllowance({ trials: 3, tokens: 10, usd: 1 }, { ...NO_SPEND, trials: 9, promptTokens: 99, usd: 2 }),
  ).toEqual({
    trials: 0,
    tokens: 0,
    usd: 0,
    until: undefined,
  });
});

test('items survive their short form, 500 of them in 4 KB', () => {
  const item = fc.record({ arm: fc.nat(9), task: fc.nat(499), attempt: fc.nat(20) });
  fc.assert(fc.property(fc.array(item), (items) => expect(parseItems(formatItems(items))).toEqual(items)));
  const many = Array.from({ length: 500 }, (_, i) => ({ arm: 1, task: i % 64, attempt: 6 }));
  expect(formatItems(many).length).toBeLessThan(4096);
  expect(() => parseItems('1.2')).toThrow('expected arm.task.attempt');
});
