/** A piece of work begins no call that could take it past its ceiling, unless it is given more. */
import { type AskForMore, granted, OutOfMoney } from '../../src/activities/granted.js';
import { evolutionSchema } from '../../src/contract/config.js';
import { counted } from '../../src/model/counted.js';
import { callBound, noUsage } from '../../src/model/price.js';
import type { ChatModel, ChatRequest } from '../../src/model/types.js';
import type { Ceiling } from '../../src/workflows/types.js';

const price = { inputPerMillion: 1, outputPerMillion: 2 };
const { model: config } = evolutionSchema.parse({
  suite: 's',
  model: { name: 'm', contextTokens: 50_000, price, sampling: { maxTokens: 100 } },
});
const request: ChatRequest = { messages: [{ role: 'user', content: 'go on' }] };
const most = callBound(config, request);

/** Answers with 30 tokens a call. */
function meter() {
  let calls = 0;
  const model = {
    complete: async () => {
      calls += 1;
      const usage = { promptTokens: 20, cachedTokens: 0, completionTokens: 10, estimated: false };
      return { text: '', reasoning: '', toolCalls: [], finishReason: 'stop', usage, model: 'm' };
    },
  } as ChatModel;
  return { ...counted(model, noUsage), calls: () => calls };
}

/** Whoever is asked: answers in turn, and keeps what it was asked for. */
function asking(...answers: (Ceiling | null)[]) {
  const asked: { tokens: number; usd: number }[] = [];
  const ask: AskForMore = async (needs) => {
    asked.push(needs);
    return answers.shift() ?? null;
  };
  return { ask, asked };
}

test('within its ceiling it asks nobody; before the first call that could pass it, it asks for that call in all', async () => {
  const meters = meter();
  const { ask, asked } = asking({ tokens: 60 + most.tokens });
  const model = granted(meters, config, { id: 1, tokens: 30 + most.tokens }, ask);
  await model.complete(request);
  await model.complete(request);
  expect(asked).toEqual([]);
  await model.complete(request);
  expect(asked).toEqual([{ tokens: 60 + most.tokens, usd: expect.closeTo(2 * 40e-6 + most.usd!, 12) }]);
  expect(meters.calls()).toBe(3);
});

test.each([
  ['there is no more', null],
  ['what it is given does not hold the call', { tokens: 60 + most.tokens - 1 }],
])('where %s the call is not made', async (_, answer) => {
  const meters = meter();
  const model = granted(meters, config, { id: 1, tokens: 30 + most.tokens }, asking(answer).ask);
  await model.complete(request);
  await model.complete(request);
  await expect(model.complete(request)).rejects.toThrow(OutOfMoney);
  expect(meters.calls()).toBe(2);
});

test('dollars hold as tokens do, and an answer without a ceiling lets it go on', async () => {
  const meters = meter();
  const { ask, asked } = asking({});
  const model = granted(meters, config, { id: 1, usd: most.usd! }, ask);
  for (let i = 0; i < 4; i++) await model.complete(request);
  expect(asked).toHaveLength(1);
  expect(meters.calls()).toBe(4);
});

test('without a grant nothing is limited', async () => {
  const meters = meter();
  expect(granted(meters, config, undefined, asking().ask)).toBe(meters.model);
});
