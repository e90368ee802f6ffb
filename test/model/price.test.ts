import fc from 'fast-check';
import { evolutionSchema } from '../../src/contract/config.js';
import { callBound, costUsd } from '../../src/model/price.js';
import type { ChatMessage } from '../../src/model/types.js';

const modelOf = (change: object) =>
  evolutionSchema.parse({ suite: 's', model: { name: 'm', ...change } }).model;
const price = { inputPerMillion: 3, cachedInputPerMillion: 0.3, outputPerMillion: 15 };

test('a million tokens of each kind cost what the configuration says; cached ones as fresh ones where it says nothing', () => {
  const usage = { promptTokens: 2e6, cachedTokens: 1e6, completionTokens: 1e6, estimated: false };
  expect(costUsd(usage, price)).toBeCloseTo(3 + 0.3 + 15, 10);
  expect(costUsd(usage, { inputPerMillion: 3, outputPerMillion: 15 })).toBeCloseTo(3 + 3 + 15, 10);
  expect(costUsd(usage, undefined)).toBeNull();
});

const prices = fc.record({
  inputPerMillion: fc.double({ min: 0, max: 50, noNaN: true }),
  cachedInputPerMillion: fc.double({ min: 0, max: 50, noNaN: true }),
  outputPerMillion: fc.double({ min: 0, max: 50, noNaN: true }),
});
const message = fc.oneof(
  fc.record({ role: fc.constantFrom('system', 'user', 'assistant' as const), content: fc.string() }),
  fc.record({
    role: fc.constant('tool' as const),
    toolCallId: fc.string(),
    content: fc.string({ unit: 'binary' }),
  }),
) as fc.Arbitrary<ChatMessage>;

test('no call costs more than its bound: no token is shorter than a byte, and the window holds prompt and answer', () => {
  const world = fc.record({
    price: prices,
    contextTokens: fc.integer({ min: 4000, max: 9000 }),
    maxTokens: fc.option(fc.integer({ min: 16, max: 20_000 }), { nil: undefined }),
    messages: fc.array(message, { maxLength: 5 }),
    shares: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
  });
  fc.assert(
    fc.property(world, ({ price, contextTokens, maxTokens, messages, shares: [fresh, answered] }) => {
      const config = modelOf({ contextTokens, price });
      const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
      const promptTokens = Math.min(bytes, contextTokens);
      const completionTokens = Math.floor(
        Math.min(maxTokens ?? contextTokens, contextTokens - promptTokens) * answered,
      );
      const cachedTokens = Math.floor(promptTokens * fresh);
      const used = { promptTokens, cachedTokens, completionTokens, estimated: false };
      const bound = callBound(config, { messages, ...(maxTokens === undefined ? {} : { maxTokens }) });
      expect(promptTokens + completionTokens).toBeLessThanOrEqual(bound.tokens);
      expect(costUsd(used, price)!).toBeLessThanOrEqual(bound.usd! + 1e-9);
      // What is not known yet is bounded by the largest there can be.
      const any = callBound(config);
      expect(bound.tokens).toBeLessThanOrEqual(any.tokens);
      expect(bound.usd!).toBeLessThanOrEqual(any.usd! + 1e-9);
    }),
  );
});

test('without a price there are tokens and no dollars', () => {
  expect(callBound(modelOf({}))).toMatchObject({ usd: null });
});
