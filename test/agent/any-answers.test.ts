/** Whatever an endpoint answers, a run ends within its limits, its conversation is valid, and so is its trajectory. */
import fc from 'fast-check';
import type { HarnessInput } from '../../src/harness/schema.js';
import type { ChatRequest } from '../../src/model/types.js';
import { trajectorySchema } from '../../src/trace/schema.js';
import { MemorySandbox } from '../support/memory-sandbox.js';
import type { Say } from '../support/scripted-model.js';
import { LIMITS, play } from './support.js';

const args = fc.oneof(
  fc.constantFrom<Record<string, unknown>>(
    { command: 'make' },
    { command: 'fail' },
    { path: '/app/out.txt', content: 'x' },
    { path: 'f', old_string: 'a', new_string: 'b' },
    { pattern: 'x' },
    { name: 'helper', task: 'look' },
    { name: 'know-how' },
    { message: 'done' },
  ),
  fc.dictionary(fc.constantFrom('command', 'path', 'offset', 'message', '__proto__'), fc.jsonValue(), {
    maxKeys: 3,
  }),
  fc.constantFrom('', '{', 'null', '[1]'),
);
const toolName = fc.constantFrom(
  'shell',
  'read',
  'write',
  'edit',
  'list',
  'search',
  'finish',
  'skill',
  'subagent',
  'count',
  'bash',
  '',
  'constructor',
);
const say: fc.Arbitrary<Say> = fc.record({
  text: fc.constantFrom('', ' ', 'thinking aloud'),
  reasoning: fc.constantFrom('', 'hm'),
  finishReason: fc.constantFrom('stop', 'length', 'tool-calls', 'content-filter', 'other'),
  calls: fc.array(fc.tuple(toolName, args), { maxLength: 4 }),
  usage: fc.record({ promptTokens: fc.nat(5000), completionTokens: fc.nat(500), estimated: fc.boolean() }),
});

const input: Omit<HarnessInput, 'name'> = {
  skills: { 'know-how': { description: 'd', body: 'b' } },
  subagents: { helper: { description: 'd', instructions: 'i', turns: 2 } },
  tools: { custom: { count: { description: 'd', command: 'wc' } } },
  orchestration: {
    compaction: { triggerTokens: 2000, keepTurns: 1 },
    phases: { later: { afterToolCalls: 3, text: 'Later.' } },
  },
  runtime: { turns: { max: 8, onLimit: 'wrap-up' }, wrapUp: { turns: 2 } },
  rules: {
    a: { on: 'before-model', when: 'turn == 2', do: [{ action: 'inject', message: 'Hm.' }] },
    b: { on: 'before-tool', when: 'call.repeatsLastFailure', do: [{ action: 'block', message: 'No.' }] },
    c: { on: 'after-tool', when: '!result.ok', limit: 3, do: [{ action: 'run', command: 'make' }] },
    d: {
      on: 'before-finish',
      when: 'size(artifacts.missing) > 0',
      do: [{ action: 'refuse-finish', message: 'Missing.' }],
    },
  },
};

function expectValid({ messages }: ChatRequest): void {
  let open: string[] = [];
  for (const message of messages) {
    if (message.role === 'tool') {
      expect(open[0]).toBe(message.toolCallId);
      open.shift();
    } else {
      expect(open).toEqual([]);
      if (message.role === 'assistant') open = (message.toolCalls ?? []).map(({ id }) => id);
    }
  }
  expect(open).toEqual([]);
}

test('any sequence of answers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(say, { minLength: 1, maxLength: 12 }), async (lines) => {
      const sandbox = new MemorySandbox((command, files) => {
        if (command === 'make') files.set('/app/out.txt', Buffer.from('a'));
        if (command === 'fail') files.delete('/app/out.txt');
        return { exitCode: command === 'fail' ? 1 : 0, output: 'o'.repeat(3000) };
      });
      const limits = { ...LIMITS, turns: 12, toolCalls: 15, tokens: 60_000 };
      const { result, model, trajectory } = await play(lines, input, {
        sandbox,
        limits,
        instruction: 'Write /app/out.txt.',
      });
      trajectorySchema.parse(JSON.parse(JSON.stringify(trajectory)));
      for (const request of model.requests) expectValid(request);
      expect(result.turns).toBeLessThanOrEqual(12);
      expect(result.toolCalls).toBeLessThanOrEqual(15);
      expect(trajectory.extra!.stop_reason).toBe(result.stopReason);
    }),
    { numRuns: 150 },
  );
});

test('what a subagent calls never uses up the call that it is itself', async () => {
  const make = (count: number): Say['calls'] =>
    Array.from({ length: count }, () => ['shell', { command: 'make' }]);
  const helper: Say['calls'] = [['subagent', { name: 'helper', task: 'look' }]];
  const lines: Say[] = [make(4), make(4), make(4), [...make(2)!, ...helper!], make(3)].map((calls) => ({
    calls,
  }));
  const limits = { ...LIMITS, turns: 12, toolCalls: 15 };
  const { subagents } = input;
  const { result } = await play(lines, { subagents }, { sandbox: new MemorySandbox(), limits });
  expect(result).toMatchObject({ toolCalls: 15, stopReason: 'tool-call-limit' });
});
