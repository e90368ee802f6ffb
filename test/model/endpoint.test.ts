import { once } from 'node:events';
import { createChatModel } from '../../src/model/create.js';
import type { ChatAnswer, ChatRequest, Usage } from '../../src/model/types.js';
import { delta, fakeEndpoint, type Handler, json, modelConfig, sse, text } from './fake-endpoint.js';

let server: Awaited<ReturnType<typeof fakeEndpoint>>;
beforeEach(async () => {
  server = await fakeEndpoint(text('hello'));
});
afterEach(() => server.close());

const hi: ChatRequest = { messages: [{ role: 'user', content: 'hi there' }] };
const tools = [{ name: 'shell', description: 'runs', parameters: { type: 'object', properties: {} } }];
const model = (overrides = {}) => createChatModel(modelConfig(server.url, overrides), {});
const answerOf = async (handler: Handler, request = hi): Promise<ChatAnswer> => {
  server.use(handler);
  return model().complete(request);
};
const call = (part: Record<string, unknown>) => delta({ tool_calls: [part] });

describe('what is sent', () => {
  test('always a stream with usage, and only what is configured', async () => {
    await model().complete(hi);
    expect(server.requests).toEqual([
      {
        model: 'm',
        messages: [{ role: 'user', content: 'hi there' }],
        stream: true,
        stream_options: { include_usage: true },
      },
    ]);
  });
  test('sampling, seed and limits', async () => {
    const sampling = { temperature: 0.5, topP: 0.9, maxTokens: 99, reasoningEffort: 'low' };
    await model({ sampling }).complete({ ...hi, seed: 7 });
    expect(server.requests[0]).toMatchObject({
      temperature: 0.5,
      top_p: 0.9,
      max_tokens: 99,
      reasoning_effort: 'low',
      seed: 7,
    });
    await model({ sampling: { seed: false } }).complete({ ...hi, seed: 7 });
    expect(server.requests[1]).not.toHaveProperty('seed');
  });
  test('a conversation with tool calls; arguments that were broken go back as an empty object', async () => {
    await model().complete({
      tools,
      messages: [
        {
          role: 'assistant',
          content: '',
          toolCalls: [{ id: 'a', name: 'shell', rawArguments: '{"x', arguments: null }],
        },
        { role: 'tool', toolCallId: 'a', content: 'r' },
      ],
    });
    expect(server.requests[0]!.messages).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'shell', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'a', content: 'r' },
    ]);
    expect(server.requests[0]!.tools).toEqual([{ type: 'function', function: tools[0] }]);
  });
});

describe('answers in their many dialects', () => {
  test('text, usage, echo', async () => {
    const answer = await answerOf((_b, response) =>
      sse(response, [
        delta({ content: 'hel' }),
        delta({ content: 'lo' }, 'stop'),
        {
          choices: [],
          usage: { prompt_tokens: 10, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 4 } },
        },
      ]),
    );
    expect(answer).toEqual({
      text: 'hello',
      reasoning: '',
      toolCalls: [],
      finishReason: 'stop',
      usage: { promptTokens: 10, cachedTokens: 4, completionTokens: 2, estimated: false },
      model: 'echoed',
    });
  });
  test('missing usage is estimated and says so', async () => {
    const { usage } = await answerOf(text('12345678'));
    expect(usage).toEqual({ promptTokens: 2, cachedTokens: 0, completionTokens: 2, estimated: true });
  });
  test('a body instead of a stream', async () => {
    const answer = await answerOf((_b, response) =>
      json(response, 200, {
        choices: [{ message: { content: [{ type: 'text', text: 'whole' }] }, finish_reason: 'stop' }],
      }),
    );
    expect(answer.text).toBe('whole');
  });
  test('tool calls interleaved by index count whatever the finish reason says', async () => {
    const { toolCalls, finishReason } = await answerOf((_b, response) =>
      sse(response, [
        call({ index: 0, id: 'a', function: { name: 'shell', arguments: '{"command":' } }),
        call({ index: 1, id: 'b', function: { name: 'shell', arguments: '' } }),
        call({ index: 0, function: { arguments: '"ls"}' } }),
        call({ index: 1, function: { arguments: '{"command":"pwd"}' } }),
        delta({}, 'stop'),
      ]),
    );
    expect(toolCalls.map((c) => [c.id, c.name, c.arguments])).toEqual([
      ['a', 'shell', { command: 'ls' }],
      ['b', 'shell', { command: 'pwd' }],
    ]);
    expect(finishReason).toBe('tool-calls');
  });
  test('tool calls without an index, or all with index 0', async () => {
    const without = await answerOf((_b, response) =>
      sse(response, [
        call({ id: 'a', function: { name: 'shell', arguments: '{"command":' } }),
        call({ function: { arguments: '"ls"}' } }),
        call({ id: 'b', function: { name: 'shell', arguments: '{}' } }),
      ]),
    );
    expect(without.toolCalls.map((c) => c.arguments)).toEqual([{ command: 'ls' }, {}]);
    const zeros = await answerOf((_b, response) =>
      sse(response, [
        call({ index: 0, id: 'a', function: { name: 'shell', arguments: '{"command":"ls"}' } }),
        call({ index: 0, id: 'b', function: { name: 'shell', arguments: '{"command":"pwd"}' } }),
      ]),
    );
    expect(zeros.toolCalls.map((c) => c.arguments)).toEqual([{ command: 'ls' }, { command: 'pwd' }]);
  });
  test('missing ids, empty arguments, an object for arguments, half a JSON, an array', async () => {
    const { toolCalls } = await answerOf((_b, response) =>
      sse(response, [
        call({ index: 0, function: { name: 'shell', arguments: '' } }),
        call({ index: 1, function: { name: 'shell', arguments: { command: 'ls' } } }),
        call({ index: 2, function: { name: 'shell', arguments: '{"command":"l' } }),
        call({ index: 3, function: { name: 'shell', arguments: '[1]' } }),
      ]),
    );
    expect(toolCalls.map((c) => c.arguments)).toEqual([{}, { command: 'ls' }, null, null]);
    expect(toolCalls[2]!.problem).toMatch(/not a JSON object.*\{"command":"l/);
    expect(new Set(toolCalls.map((c) => c.id)).size).toBe(4);
    expect(toolCalls.every((c) => c.id.length > 0)).toBe(true);
  });
  test.each([
    [[delta({ reasoning_content: 'hm' }), delta({ content: 'ok' })], 'ok', 'hm'],
    [[delta({ content: '<think>h' }), delta({ content: 'm</think>\nok' })], 'ok', 'hm'],
    [[delta({ content: 'hm</think>ok' })], 'ok', 'hm'],
    [[delta({ content: '<think>hm' })], '', 'hm'],
    [[delta({ content: 'the tag <think> opens' })], 'the tag <think> opens', ''],
  ])('reasoning apart from text: %#', async (chunks, expected, reasoning) => {
    const answer = await answerOf((_b, response) => sse(response, chunks));
    expect(answer).toMatchObject({ text: expected, reasoning });
  });
  test('an endless answer is cut and says length', async () => {
    const answer = await answerOf(async (_b, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const chunk = `data: ${JSON.stringify(delta({ content: 'x'.repeat(50_000) }))}\n\n`;
      const closed = once(response, 'close');
      for (let i = 0; i < 1000 && !response.destroyed; i++) {
        if (!response.write(chunk)) await Promise.race([once(response, 'drain'), closed]);
      }
      response.end();
    });
    expect(answer.finishReason).toBe('length');
    expect(answer.text.length).toBeLessThan(1_200_000);
  });
});

describe('broken answers', () => {
  const failure = async (handler: Handler) => {
    server.use(handler);
    return model()
      .complete(hi)
      .then(
        () => null,
        (error: unknown) => error,
      );
  };
  test('a stream that ends too early', async () => {
    expect(await failure((_b, response) => sse(response, [delta({ content: 'half' })], ''))).toMatchObject({
      kind: 'connection',
      retryable: true,
    });
  });
  test('what was cut off midway is told with what it took, estimated; what was refused took nothing', async () => {
    const lost: Usage[] = [];
    const onLostUsage = (usage: Usage) => lost.push(usage);
    const half = `data: ${JSON.stringify(delta({ content: 'x'.repeat(400) }))}\n\n`;
    server.use((_b, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(half, () => response.destroy());
    });
    await expect(model().complete(hi, { onLostUsage })).rejects.toMatchObject({ kind: 'connection' });
    expect(lost).toEqual([{ promptTokens: 2, cachedTokens: 0, completionTokens: 100, estimated: true }]);

    const controller = new AbortController();
    server.use((_b, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(half);
    });
    const onProgress = () => controller.abort();
    const cancelled = model().complete(hi, { onLostUsage, onProgress, signal: controller.signal });
    await expect(cancelled).rejects.toMatchObject({ kind: 'cancelled' });
    expect(lost).toHaveLength(2);

    server.use((_b, response) => json(response, 503, { error: { message: 'busy' } }));
    await expect(model().complete(hi, { onLostUsage })).rejects.toThrow();
    await expect(model().complete(hi, { onLostUsage, signal: controller.signal })).rejects.toThrow();
    expect(lost).toHaveLength(2);
  });
  test('reasoning that is only in the total is counted', async () => {
    const usage = { prompt_tokens: 12, completion_tokens: 2, total_tokens: 331 };
    const body = { choices: [{ message: { content: 'x' } }], usage };
    const answer = await answerOf((_b, response) => json(response, 200, body));
    expect(answer.usage).toMatchObject({ promptTokens: 12, completionTokens: 319, estimated: false });
  });
  test('a connection that is cut', async () => {
    const cut: Handler = (_b, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify(delta({ content: 'half' }))}\n\n`, () => response.destroy());
    };
    expect(await failure(cut)).toMatchObject({ kind: 'connection', retryable: true });
    expect(await failure((_b, response) => void response.destroy())).toMatchObject({ kind: 'connection' });
  });
  test.each([
    ['no choices', { choices: [] }],
    ['another protocol', { hello: 1 }],
  ])('%s', async (_what, body) => {
    expect(await failure((_b, response) => json(response, 200, body))).toMatchObject({ kind: 'protocol' });
  });
  test('something that is not JSON', async () => {
    const html: Handler = (_b, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('data: <html>\n\n');
    };
    const error = await failure(html);
    expect(error).toMatchObject({ kind: 'protocol', message: expect.stringContaining('<html>') });
  });
  test('cancelling, before and during', async () => {
    const controller = new AbortController();
    server.use((_b, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify(delta({ content: 'a' }))}\n\n`);
    });
    const options = { signal: controller.signal, onProgress: () => controller.abort() };
    await expect(model().complete(hi, options)).rejects.toMatchObject({
      kind: 'cancelled',
      retryable: false,
    });
    await expect(model().complete(hi, options)).rejects.toMatchObject({ kind: 'cancelled' });
  });
  test('an answer that takes too long', async () => {
    server.use(() => {});
    const slow = model({ endpoint: { timeoutSeconds: 0.05 } });
    await expect(slow.complete(hi)).rejects.toMatchObject({ kind: 'timeout', retryable: true });
  });
});

test.each<[string, Handler]>([
  [
    'a refusal',
    (_, response) => json(response, 401, { error: { message: 'Incorrect API key: sk-0123456789.' } }),
  ],
  ['an error inside a 200', (_, response) => sse(response, [{ error: { message: 'bad sk-0123456789' } }])],
  ['nonsense', (_, response) => void response.writeHead(200).end('data: you sent sk-0123456789\n\n')],
])('a key that the endpoint repeats in %s is in no message', async (_, handler) => {
  server.use(handler);
  const asked = createChatModel(modelConfig(server.url), { OPENAI_API_KEY: 'sk-0123456789' }).complete(hi);
  const error = await asked.catch((thrown) => thrown);
  expect(error).toMatchObject({ name: 'ModelError', message: expect.stringContaining('[redacted]') });
  expect(`${error.message}${error.stack}`).not.toContain('sk-0123456789');
});

describe('parameters that an endpoint refuses', () => {
  const refusing =
    (names: Record<string, string>): Handler =>
    (body, response, request) => {
      const found = Object.keys(names).find((name) => name in body);
      if (found) json(response, 400, { error: { message: names[found] } });
      else text('fine')(body, response, request);
    };

  test('are dropped, one after another, once and for all', async () => {
    const dropped: string[] = [];
    server.use(
      refusing({
        seed: "Unrecognized request argument supplied: 'seed'",
        stream_options: 'stream_options: Extra inputs are not permitted',
        reasoning_effort: 'reasoning_effort is not supported by this model',
        temperature: "Unsupported value: 'temperature' only the default (1) value is supported",
        max_tokens: "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      }),
    );
    const config = modelConfig(server.url, {
      sampling: { temperature: 0, reasoningEffort: 'low', maxTokens: 50 },
    });
    const strict = createChatModel(config, {}, { onRefused: (name) => dropped.push(name) });
    expect((await strict.complete({ ...hi, seed: 1 })).text).toBe('fine');
    expect(dropped.sort()).toEqual([
      'max_tokens',
      'reasoning_effort',
      'seed',
      'stream_options',
      'temperature',
    ]);
    expect(server.requests).toHaveLength(6);
    await strict.complete({ ...hi, seed: 1 });
    expect(server.requests).toHaveLength(7);
    expect(server.requests[6]).toMatchObject({ max_completion_tokens: 50, stream: true });
  });
  test('streaming itself', async () => {
    server.use((body, response) =>
      body.stream
        ? json(response, 400, { error: { message: 'stream is not supported', param: 'stream' } })
        : json(response, 200, { choices: [{ message: { content: 'whole' }, finish_reason: 'stop' }] }),
    );
    expect((await model().complete(hi)).text).toBe('whole');
    expect(server.requests[1]).not.toHaveProperty('stream_options');
  });
  test('other refusals are not mistaken for these', async () => {
    server.use((_b, response) =>
      json(response, 400, {
        error: { message: "Invalid 'tools[0].function.name'", param: 'tools[0].function.name' },
      }),
    );
    await expect(model().complete({ ...hi, tools })).rejects.toMatchObject({ kind: 'bad-request' });
    expect(server.requests).toHaveLength(1);
    server.use((_b, response) =>
      json(response, 500, {
        error: { message: 'Failed to parse tool call arguments: unexpected end of input' },
      }),
    );
    await expect(model().complete({ ...hi, tools })).rejects.toMatchObject({ kind: 'server' });
    expect(server.requests).toHaveLength(1);
  });
  test.each([
    [400, 'registry/x does not support tools'],
    [404, 'No endpoints found that support tool use'],
    [500, 'tools param requires --jinja flag'],
    [400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'],
  ])('tools (%d %s): calls go on as text', async (status, message) => {
    server.use((body, response, request) =>
      body.tools
        ? json(response, status, { error: { message } })
        : text('```tool\n{"name": "shell", "arguments": {"command": "ls"}}\n```')(body, response, request),
    );
    const auto = model();
    const answer = await auto.complete({ ...hi, tools });
    expect(answer.toolCalls).toMatchObject([{ name: 'shell', arguments: { command: 'ls' } }]);
    await auto.complete({ ...hi, tools });
    expect(server.requests.map((body) => 'tools' in body)).toEqual([true, false, false]);
    await expect(model({ endpoint: { tools: 'native' } }).complete({ ...hi, tools })).rejects.toMatchObject({
      name: 'ModelError',
    });
  });
});

describe('structured answers', () => {
  const closed = {
    type: 'object',
    properties: { a: { type: 'string' } },
    required: ['a'],
    additionalProperties: false,
  };
  const request: ChatRequest = { ...hi, response: { name: 'thing', schema: closed } };

  test('strict where the schema allows it', async () => {
    await model().complete(request);
    await model().complete({
      ...hi,
      response: { name: 'open', schema: { type: 'object', properties: { a: {} } } },
    });
    expect(server.requests.map((body) => body.response_format.json_schema.strict)).toEqual([true, false]);
  });
  test('step by step down to a prompt', async () => {
    server.use((body, response, incoming) =>
      body.response_format
        ? json(response, 400, {
            error: { message: `response_format ${body.response_format.type} is not supported` },
          })
        : text('{"a":"x"}')(body, response, incoming),
    );
    const weak = model();
    expect((await weak.complete(request)).text).toBe('{"a":"x"}');
    expect(server.requests.map((body) => body.response_format?.type)).toEqual([
      'json_schema',
      'json_object',
      undefined,
    ]);
    expect(server.requests[2]!.messages[0].content).toContain('"additionalProperties":false');
    await weak.complete(request);
    expect(server.requests).toHaveLength(4);
  });
  test('a schema that is refused costs only that schema its level', async () => {
    server.use((body, response, incoming) =>
      body.response_format?.json_schema?.name === 'thing'
        ? json(response, 400, {
            error: { message: "Invalid schema for response_format 'thing'", param: 'response_format' },
          })
        : text('{}')(body, response, incoming),
    );
    const picky = model();
    await picky.complete(request);
    await picky.complete({ ...hi, response: { name: 'other', schema: closed } });
    expect(server.requests.map((body) => body.response_format.type)).toEqual([
      'json_schema',
      'json_object',
      'json_schema',
    ]);
  });
});

test('connections are kept and reused', async () => {
  const ports = new Set<number>();
  server.use((body, response, request) => {
    ports.add(request.socket.remotePort!);
    text('x')(body, response, request);
  });
  for (let i = 0; i < 5; i++) await model().complete(hi);
  expect(ports.size).toBe(1);
});
