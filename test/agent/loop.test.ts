import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_CALLS_PER_ANSWER } from '../../src/agent/calls.js';
import { MAX_NUDGES, runAgent } from '../../src/agent/loop.js';
import { ModelError } from '../../src/model/types.js';
import { SandboxError } from '../../src/sandbox/types.js';
import { MemorySandbox } from '../support/memory-sandbox.js';
import { finish, type Line, type Say, ScriptedModel, shell } from '../support/scripted-model.js';
import { harness, LIMITS, play } from './support.js';

describe('a run', () => {
  it('asks, runs the calls, shows their results, and ends at finish', async () => {
    const sandbox = new MemorySandbox(() => ({ output: 'a.txt\n' }));
    const { result, model, trajectory } = await play([shell('ls'), finish('all done')], {}, { sandbox });
    expect(result).toMatchObject({ stopReason: 'finished', finalText: 'all done', turns: 2, toolCalls: 1 });
    expect(result.usage).toEqual({
      promptTokens: 200,
      cachedTokens: 0,
      completionTokens: 20,
      estimated: false,
    });
    expect(model.lastMessage(1)).toBe('a.txt\n[exit code 0]');
    expect(trajectory.steps.map((step) => step.source)).toEqual(['system', 'user', 'agent', 'agent']);
    expect(trajectory.steps.map((step) => step.step_id)).toEqual([1, 2, 3, 4]);
    expect(trajectory.extra).toMatchObject({
      harness: 'sha256:h',
      task: 'a-task',
      stop_reason: 'finished',
    });
    expect(trajectory.final_metrics).toMatchObject({ total_prompt_tokens: 200, total_steps: 4 });
  });

  it('sends one seed with every request, and a copy of the conversation', async () => {
    const { model } = await play([shell('ls'), shell('ls'), finish()]);
    expect(model.requests.map((request) => request.seed)).toEqual([7, 7, 7]);
    expect(model.requests.map((request) => request.messages.length)).toEqual([2, 4, 6]);
  });

  it('tells the model nothing but the harness, the task and the working directory', async () => {
    const { model } = await play([finish()], { instructions: { main: { text: 'You work in a terminal.' } } });
    expect(model.requests[0]!.messages).toEqual([
      { role: 'system', content: 'You work in a terminal.\n\nWorking directory: /app' },
      { role: 'user', content: 'Do the task.' },
    ]);
  });
});

describe('what others see of a run', () => {
  it('signs of life: the turn, the calls, and what is being done', async () => {
    const seen: string[] = [];
    const chunks: Line = (_, options) => {
      options.onProgress?.();
      return finish();
    };
    await play(
      [shell('ls'), chunks],
      {},
      {
        onProgress: ({ turn, toolCalls, phase }) => seen.push(`${turn}/${toolCalls} ${phase}`),
      },
    );
    expect(seen).toEqual(['0/0 model', '1/0 tool:shell', '1/1 model', '1/1 model']);
  });

  it('the trajectory says which version of the agent wrote it', async () => {
    const { trajectory } = await play([finish()]);
    const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
    expect(trajectory.agent).toMatchObject({ name: 'self-harness', version, model_name: 'scripted' });
  });

  const huge = 'x'.repeat(2_000_000);
  it.each<[string, Say]>([
    ['text', { text: huge, reasoning: huge }],
    ['arguments', { calls: [['write', { path: 'a', content: huge }]] }],
    ['broken arguments', { calls: [['shell', huge]] }],
    ['a tool name', { calls: [[huge, {}]] }],
  ])('the trajectory stays bounded: %s', async (_, say) => {
    const { trajectory } = await play([say, finish()]);
    expect(trajectory.steps.length).toBeGreaterThan(2);
    expect(JSON.stringify(trajectory).length).toBeLessThan(200_000);
  });

  it('of very many calls in one answer the first are run, and the model is told', async () => {
    const many = Array.from({ length: 50 }, (_, i) => ['shell', { command: `echo ${i}` }]) as Say['calls'];
    const { result, model } = await play([{ calls: many }, finish()]);
    expect(result.toolCalls).toBe(MAX_CALLS_PER_ANSWER);
    expect(model.lastMessage(1)).toBe('Only the first 32 calls of one answer are run.');
  });
});

describe('the ways a run ends', () => {
  it('answered: words without a call', async () => {
    const { result } = await play([{ text: 'It is done.' }]);
    expect(result).toMatchObject({ stopReason: 'answered', finalText: 'It is done.' });
  });

  it('model-refused: the content filter cut in', async () => {
    const { result } = await play([{ text: 'I will not', finishReason: 'content-filter' }]);
    expect(result.stopReason).toBe('model-refused');
  });

  it.each([
    ['empty', {}, 'was empty'],
    ['only reasoning', { reasoning: 'hm' }, 'reasoning only'],
    ['cut off', { text: 'and so', finishReason: 'length' as const }, 'cut off'],
  ])('model-broken: %s answers, after nudges', async (_, line, nudge) => {
    const { result, model } = await play([line]);
    expect(result.stopReason).toBe('model-broken');
    expect(model.requests).toHaveLength(MAX_NUDGES + 1);
    expect(model.lastMessage()).toContain(nudge);
  });

  it('model-broken: arguments that cannot be used, again and again', async () => {
    const { result, results } = await play([{ calls: [['shell', '{"command": ']] }]);
    expect(result.stopReason).toBe('model-broken');
    expect(results).toHaveLength(MAX_NUDGES + 1);
    expect(results[0]!.content).toContain('Expected a JSON object with command (string)');
    expect(results[0]!.extra.malformed).toBe('not JSON');
  });

  it('goes on when a broken answer is followed by a good one', async () => {
    const { result } = await play([{}, {}, {}, shell('ls'), {}, {}, {}, finish()]);
    expect(result.stopReason).toBe('finished');
  });

  it('throws what breaks the infrastructure: the endpoint, the sandbox', async () => {
    await expect(play([new ModelError('down', 'server')])).rejects.toMatchObject({ kind: 'server' });
    const sandbox = new MemorySandbox(() => {
      throw new SandboxError('gone', 'lost');
    });
    await expect(play([shell('ls')], {}, { sandbox })).rejects.toBeInstanceOf(SandboxError);
  });
});

describe('cancelling', () => {
  it('rejects with the reason of the signal, even when the endpoint hangs', async () => {
    const controller = new AbortController();
    const model = new ScriptedModel([
      () => {
        controller.abort(new Error('cancelled by the caller'));
        return new Promise(() => undefined);
      },
    ]);
    const run = runAgent({
      harness: harness(),
      harnessDigest: 'd',
      instruction: 'x',
      taskName: 't',
      workdir: '/app',
      sandbox: new MemorySandbox(),
      model,
      modelName: 'm',
      limits: LIMITS,
      seed: 1,
      sessionId: 's',
      signal: controller.signal,
    });
    await expect(run).rejects.toThrow('cancelled by the caller');
  });
});
