import { checkEndpoint } from '../../src/model/check.js';
import { withConcurrency } from '../../src/model/concurrency.js';
import { createChatModel } from '../../src/model/create.js';
import { withPlausibleOverflows } from '../../src/model/overflow.js';
import { addUsage, costUsd, noUsage } from '../../src/model/price.js';
import { withRetries } from '../../src/model/retries.js';
import { type ChatAnswer, type ChatModel, type ChatRequest, ModelError } from '../../src/model/types.js';
import { fakeEndpoint, json, modelConfig, text } from './fake-endpoint.js';

const request: ChatRequest = { messages: [{ role: 'user', content: 'x' }] };
const answer: ChatAnswer = {
  text: 'ok',
  reasoning: '',
  toolCalls: [],
  finishReason: 'stop',
  usage: noUsage,
  model: 'm',
};

describe('withRetries', () => {
  const scripted = (steps: (ModelError | 'ok')[], maxLostMs?: number) => {
    let calls = 0;
    const waits: number[] = [];
    let time = 0;
    const model: ChatModel = {
      complete: async () => {
        const step = steps[calls++];
        time += 10;
        if (step instanceof ModelError) throw step;
        return answer;
      },
    };
    const clock = {
      now: () => time,
      random: () => 1,
      sleep: async (ms: number, signal?: AbortSignal) => {
        signal?.throwIfAborted();
        waits.push(ms);
        time += ms;
      },
    };
    return {
      model: withRetries(model, { maxElapsedMs: 10_000, maxLostMs, clock }),
      waits,
      calls: () => calls,
    };
  };
  const down = new ModelError('down', 'server');

  test('waits longer each time and then succeeds', async () => {
    const { model, waits } = scripted([down, down, down, 'ok']);
    expect((await model.complete(request)).text).toBe('ok');
    expect(waits).toEqual([500, 1000, 2000]);
  });
  test("takes the server's own delay", async () => {
    const { model, waits } = scripted([new ModelError('slow', 'rate-limit', { retryAfterMs: 4321 }), 'ok']);
    await model.complete(request);
    expect(waits).toEqual([4321]);
  });
  test('gives up at the bound, and at once when the server asks for more', async () => {
    const endless = scripted(Array(50).fill(down));
    await expect(endless.model.complete(request)).rejects.toBe(down);
    expect(endless.calls()).toBe(5);
    const long = scripted([new ModelError('slow', 'rate-limit', { retryAfterMs: 60_000 })]);
    await expect(long.model.complete(request)).rejects.toMatchObject({ retryAfterMs: 60_000 });
    expect(long.waits).toEqual([]);
  });
  test('says what was lost to failures and waits, and nothing of what answered', async () => {
    const { model } = scripted([down, down, 'ok']);
    const lost: number[] = [];
    await model.complete(request, { onLost: (ms) => lost.push(ms) });
    expect(lost).toEqual([10, 500, 10, 1000]);
  });
  test('gives up when all calls together have lost too much', async () => {
    const { model, calls } = scripted([down, 'ok', down, 'ok', down], 1500);
    await model.complete(request);
    await model.complete(request);
    await expect(model.complete(request)).rejects.toBe(down);
    expect(calls()).toBe(5);
  });
  test.each(['quota', 'authentication', 'context-length', 'bad-request', 'cancelled'] as const)(
    'does not retry %s',
    async (kind) => {
      const { model, calls } = scripted([new ModelError('no', kind), 'ok']);
      await expect(model.complete(request)).rejects.toMatchObject({ kind });
      expect(calls()).toBe(1);
    },
  );
  test('an abort ends the wait', async () => {
    const { model } = scripted([down, 'ok']);
    await expect(model.complete(request, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'cancelled',
    });
  });
});

describe('withPlausibleOverflows', () => {
  const refusing: ChatModel = {
    complete: () => Promise.reject(new ModelError('too long', 'context-length', { status: 400 })),
  };
  const ask = (content: string) =>
    withPlausibleOverflows(refusing, 1000).complete({ messages: [{ role: 'user', content }] });
  test('a short request cannot have been too long: the endpoint fails, and is asked again', async () => {
    await expect(ask('x'.repeat(1800))).rejects.toMatchObject({
      kind: 'context-length',
      retryable: true,
      message: expect.stringContaining('model.contextTokens says 1000. too long'),
    });
  });
  test('a longer one is believed, and letters that take more bytes take more tokens', async () => {
    await expect(ask('x'.repeat(2000))).rejects.toMatchObject({ retryable: false, message: 'too long' });
    await expect(ask('長'.repeat(700))).rejects.toMatchObject({ retryable: false });
  });
});

describe('withConcurrency', () => {
  test('never more at once than allowed, in order, and a failure frees its place', async () => {
    const running: (() => void)[] = [];
    const started: string[] = [];
    const model = withConcurrency(
      {
        complete: (r) => {
          started.push(r.messages[0]!.content);
          return new Promise((resolve, reject) => {
            running.push(() => (started.length === 1 ? reject(new Error('x')) : resolve(answer)));
          });
        },
      },
      1,
    );
    const ask = (content: string) => model.complete({ messages: [{ role: 'user', content }] });
    const first = ask('a');
    const second = ask('b');
    const third = ask('c');
    expect(started).toEqual(['a']);
    running[0]!();
    await expect(first).rejects.toThrow('x');
    expect(started).toEqual(['a', 'b']);
    running[1]!();
    await second;
    expect(started).toEqual(['a', 'b', 'c']);
    running[2]!();
    await third;
  });
  test('one that waits can be cancelled', async () => {
    const model = withConcurrency({ complete: () => new Promise(() => {}) }, 1);
    void model.complete(request);
    const controller = new AbortController();
    const waiting = model.complete(request, { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

test('dollars: cached tokens at their own price, none without a price', () => {
  const usage = {
    promptTokens: 1_000_000,
    cachedTokens: 400_000,
    completionTokens: 100_000,
    estimated: false,
  };
  expect(
    costUsd(usage, { inputPerMillion: 1, cachedInputPerMillion: 0.1, outputPerMillion: 10 }),
  ).toBeCloseTo(1.64);
  expect(costUsd(usage, { inputPerMillion: 1, outputPerMillion: 10 })).toBeCloseTo(2);
  expect(costUsd(usage, undefined)).toBeNull();
  expect(addUsage(usage, { ...noUsage, estimated: true })).toEqual({ ...usage, estimated: true });
});

describe('createChatModel', () => {
  test('a missing key is refused with the variable to set; an endpoint of this machine needs none', () => {
    const config = modelConfig('https://models.example/v1', { endpoint: { apiKeyEnv: 'MY_API_KEY' } });
    expect(() => createChatModel(config, {})).toThrow(/https:\/\/models.example\/v1.*MY_API_KEY is not set/);
    expect(() => createChatModel(config, { MY_API_KEY: ' ' })).toThrow(ModelError);
    expect(() => createChatModel(modelConfig('http://localhost:1/v1'), {})).not.toThrow();
  });
  test('the address comes from the configuration, else from OPENAI_BASE_URL', async () => {
    const server = await fakeEndpoint(text('here'));
    const config = modelConfig(server.url);
    delete config.endpoint.baseUrl;
    const model = createChatModel(config, { OPENAI_BASE_URL: `${server.url}/` });
    expect((await model.complete(request)).text).toBe('here');
    expect(() => createChatModel(config, { OPENAI_BASE_URL: 'models.example' })).toThrow(
      /not an http or https URL.*OPENAI_BASE_URL/,
    );
    await server.close();
  });
});

describe('checkEndpoint', () => {
  let server: Awaited<ReturnType<typeof fakeEndpoint>>;
  beforeEach(async () => {
    server = await fakeEndpoint(() => {});
  });
  afterEach(() => server.close());
  const check = () => checkEndpoint(modelConfig(server.url), { OPENAI_API_KEY: 'k' });

  test('a listed model costs nothing', async () => {
    server.use((_b, response) => json(response, 200, { data: [{ id: 'other' }, { id: 'm:latest' }] }));
    expect(await check()).toMatchObject({ ok: true });
    expect(server.requests).toHaveLength(0);
  });
  test('no list: one tiny answer decides', async () => {
    server.use((body, response, incoming) =>
      incoming.method === 'GET' ? json(response, 404, {}) : text('ok')(body, response, incoming),
    );
    expect(await check()).toMatchObject({ ok: true });
    expect(server.requests).toMatchObject([{ max_tokens: 16 }]);
  });
  test('refused key', async () => {
    server.use((_b, response) => json(response, 401, { error: { message: 'Incorrect API key' } }));
    expect(await check()).toMatchObject({
      ok: false,
      kind: 'authentication',
      message: expect.stringContaining('OPENAI_API_KEY'),
    });
  });
  test('unknown model', async () => {
    server.use((_b, response, incoming) =>
      incoming.method === 'GET'
        ? json(response, 200, { data: [{ id: 'other' }] })
        : json(response, 404, { error: { message: 'no such model' } }),
    );
    expect(await check()).toMatchObject({
      ok: false,
      kind: 'not-found',
      message: expect.stringContaining('"m"'),
    });
  });
  test('unknown address', async () => {
    const gone = await fakeEndpoint(() => {});
    await gone.close();
    expect(await checkEndpoint(modelConfig(gone.url), {})).toMatchObject({ ok: false, kind: 'connection' });
  });
  test('missing key', async () => {
    const config = modelConfig('https://models.example/v1');
    expect(await checkEndpoint(config, {})).toMatchObject({ ok: false, kind: 'authentication' });
  });
});
