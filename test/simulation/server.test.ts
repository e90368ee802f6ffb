import OpenAI from 'openai';
import { createChatModel } from '../../src/model/create.js';
import { startSimulation } from '../../src/simulation/server.js';
import { modelConfig } from '../model/fake-endpoint.js';
import { tinySuite } from './suite.js';

const suite = tinySuite(8);
let simulation: Awaited<ReturnType<typeof startSimulation>>;
beforeAll(async () => {
  simulation = await startSimulation({ suiteDir: suite.dir });
});
afterAll(async () => {
  await simulation.close();
  suite.remove();
});

const shell = {
  name: 'shell',
  description: 'Runs a command.',
  parameters: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] },
};
const ask = (name: string, extra = {}) =>
  createChatModel(modelConfig(simulation.url, { name }), {}).complete({
    messages: [
      { role: 'system', content: 'You work.' },
      { role: 'user', content: suite.instruction(1) },
    ],
    tools: [shell],
    seed: 5,
    ...extra,
  });

test('lists its models, and refuses others', async () => {
  const client = new OpenAI({ baseURL: simulation.url, apiKey: 'none' });
  const ids = (await client.models.list()).data.map((model) => model.id);
  expect(ids).toEqual(['sim-minimax', 'sim-qwen', 'sim-glm', 'sim-fixer', 'sim-steady']);
  await expect(ask('sim-other')).rejects.toMatchObject({ kind: 'not-found' });
});

test('whole answers and streams say the same', async () => {
  const client = new OpenAI({ baseURL: simulation.url, apiKey: 'none' });
  const body = {
    model: 'sim-steady',
    seed: 5,
    messages: [{ role: 'user' as const, content: suite.instruction(1) }],
    tools: [{ type: 'function' as const, function: shell }],
  };
  const whole = await client.chat.completions.create(body);
  expect(whole.choices[0]!.finish_reason).toBe('tool_calls');
  expect(whole.usage!.prompt_tokens).toBeGreaterThan(10);
  expect(whole.system_fingerprint).toBe('simulated');
  let streamed = '';
  let usage = 0;
  for await (const chunk of await client.chat.completions.create({
    ...body,
    stream: true,
    stream_options: { include_usage: true },
  })) {
    streamed += chunk.choices[0]?.delta.tool_calls?.[0]?.function?.arguments ?? '';
    usage += chunk.usage?.prompt_tokens ?? 0;
  }
  const [call] = whole.choices[0]!.message.tool_calls!;
  expect(call).toMatchObject({ function: { name: 'shell', arguments: streamed } });
  expect(usage).toBeGreaterThan(10);
});

test('the same request has the same answer; it acts through whatever runs commands', async () => {
  const one = await ask('sim-steady');
  expect(await ask('sim-steady')).toEqual(one);
  const tools = [
    {
      ...shell,
      name: 'execute',
      parameters: {
        type: 'object',
        properties: { timeout: { type: 'integer' }, script: { type: 'string' } },
        required: ['timeout', 'script'],
      },
    },
  ];
  const other = await ask('sim-steady', { tools });
  expect(other.toolCalls[0]).toMatchObject({
    name: 'execute',
    arguments: { script: one.toolCalls[0]!.arguments!.command, timeout: 30 },
  });
});

test('calls are written as text where tools are described in words', async () => {
  const config = modelConfig(simulation.url, { name: 'sim-steady', endpoint: { tools: 'text' } });
  const answer = await createChatModel(config, {}).complete({
    messages: [{ role: 'user', content: suite.instruction(1) }],
    tools: [shell],
  });
  expect(answer.toolCalls[0]).toMatchObject({ name: 'shell', arguments: { command: expect.any(String) } });
});

test('asked without tools it answers in words', async () => {
  const answer = await ask('sim-steady', {
    tools: [],
    messages: [
      { role: 'user', content: suite.instruction(1) },
      { role: 'user', content: 'Write a short plan first.' },
    ],
  });
  expect(answer.text).toMatch(/plan/i);
});

test.each([
  ['429', 'rate-limit'],
  ['503', 'server'],
  ['401', 'authentication'],
  ['quota', 'quota'],
  ['context', 'context-length'],
  ['cut', 'connection'],
  ['garbage', 'protocol'],
  ['inside', 'server'],
])('fails on demand: %s', async (fault, kind) => {
  await expect(ask(`sim-steady@${fault}`)).rejects.toMatchObject({ kind });
});

test('fails as often as the options say, then recovers', async () => {
  const flaky = await startSimulation({
    suiteDir: suite.dir,
    faults: [{ kind: 'status', status: 500, times: 2 }],
  });
  const model = createChatModel(modelConfig(flaky.url, { name: 'sim-steady' }), {});
  const request = { messages: [{ role: 'user' as const, content: 'hello' }] };
  await expect(model.complete(request)).rejects.toMatchObject({ kind: 'server' });
  await expect(model.complete(request)).rejects.toMatchObject({ kind: 'server' });
  await expect(model.complete(request)).resolves.toMatchObject({ finishReason: 'stop' });
  expect(flaky.requests()).toBe(3);
  await flaky.close();
});
