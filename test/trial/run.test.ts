import type { AgentRun, StopReason } from '../../src/agent/types.js';
import { ModelError, type ModelErrorKind } from '../../src/model/types.js';
import { SandboxError } from '../../src/sandbox/types.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { storedTrial, trialKey, trialSeed } from '../../src/trial/key.js';
import { executeTrial, InvalidTrial, keepInvalid } from '../../src/trial/run.js';
import { fakeSuite, fakeTask } from '../suite/fixtures.js';
import {
  fakeContract,
  fakeDeps,
  fakeInput,
  fakeSandboxes,
  rewarding,
  scriptedAgent,
  silentModel,
} from './fakes.js';

const keyOf = (input = fakeInput()) => trialKey(input.spec, input.suite.tasks[0]!.digest);

async function invalidOf(promise: Promise<unknown>): Promise<InvalidTrial> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (!(error instanceof InvalidTrial)) throw new Error(`expected an InvalidTrial, got ${String(error)}`);
  return error;
}

describe('outcomes', () => {
  test.each<[string, string, StopReason, string, number]>([
    ['1', 'reward.txt', 'finished', 'passed', 1],
    [' 1.0\n', 'reward.txt', 'answered', 'passed', 1],
    ['1', 'reward.txt', 'time-limit', 'passed', 1],
    ['0', 'reward.txt', 'finished', 'failed', 0],
    ['0.75', 'reward.txt', 'finished', 'failed', 0.75],
    ['0', 'reward.txt', 'time-limit', 'agent-timeout', 0],
    ['0', 'reward.txt', 'turn-limit', 'agent-timeout', 0],
    ['0', 'reward.txt', 'tool-call-limit', 'agent-timeout', 0],
    ['0', 'reward.txt', 'token-limit', 'agent-timeout', 0],
    ['0', 'reward.txt', 'model-broken', 'failed', 0],
    ['{"reward": 1, "style": 0.2}', 'reward.json', 'finished', 'passed', 1],
    ['{"style": 1, "reward": 0.2}', 'reward.json', 'finished', 'failed', 0.2],
  ])('reward %j in %s after %s: %s', async (content, name, stopReason, outcome, reward) => {
    const sandbox = fakeSandboxes(rewarding(content, name));
    const result = await executeTrial(
      fakeDeps({ sandbox, runAgent: scriptedAgent(undefined, stopReason) }),
      fakeInput(),
    );
    expect(result).toMatchObject({ outcome, reward, stopReason });
    expect(sandbox.alive).toBe(0);
  });

  test('the record says what it was, what it used, and where trace and verifier output lie', async () => {
    const contract = fakeContract([fakeTask('first')], {
      model: { name: 'm', price: { inputPerMillion: 10, cachedInputPerMillion: 1, outputPerMillion: 20 } },
    });
    const deps = fakeDeps();
    const result = await executeTrial(deps, fakeInput({ contract }));
    expect(result).toMatchObject({
      key: keyOf(),
      task: 'first',
      split: 'heldIn',
      purpose: 'r1/observe',
      attempt: 1,
      turns: 3,
      toolCalls: 2,
      promptTokens: 1000,
      cachedTokens: 400,
      completionTokens: 50,
      costUsd: (600 * 10 + 400 * 1 + 50 * 20) / 1e6,
      usageEstimated: false,
      startedAt: '2030-01-01T00:00:00.000Z',
    });
    expect((await deps.store.get(result.verifierOutput!)).toString()).toBe('verifier says hello\n');
    const trace = await deps.store.getJson<{ session_id: string; steps: { message: string }[] }>(
      result.trace!,
    );
    expect(trace.session_id).toBe(result.key);
    expect(trace.steps[0]!.message).toBe('the key is [redacted]');
    expect(JSON.stringify(result).length).toBeLessThan(2048);
  });

  test('of two reward files that differ the lower counts: a program that the verifier ran may have written the other', async () => {
    for (const [json, text] of [
      ['1', '0'],
      ['0', '1'],
    ]) {
      const sandbox = fakeSandboxes((files) => {
        files.set('/logs/verifier/reward.json', `{"reward": ${json}}`);
        files.set('/logs/verifier/reward.txt', text!);
        return '';
      });
      expect(await executeTrial(fakeDeps({ sandbox }), fakeInput())).toMatchObject({
        outcome: 'failed',
        reward: 0,
      });
    }
  });

  test('a reward that is no verdict makes the trial invalid, and another try may help', async () => {
    const wrong: [string, string][] = [
      ['', 'reward.txt'],
      ['passed', 'reward.txt'],
      ['nan', 'reward.txt'],
      ['inf', 'reward.txt'],
      ['1e999', 'reward.txt'],
      ['1 1', 'reward.txt'],
      ['0x1', 'reward.txt'],
      ['{"reward": "1"}', 'reward.json'],
      ['{"reward": true}', 'reward.json'],
      ['{"a": 1, "b": 1}', 'reward.json'],
      ['[1]', 'reward.json'],
      ['null', 'reward.json'],
      ['{"reward": 1', 'reward.json'],
      ['{"reward": 1e999}', 'reward.json'],
      ['{"reward": {"reward": 1}}', 'reward.json'],
      ['{}', 'reward.json'],
      ['1', 'somewhere-else.txt'],
    ];
    for (const [content, name] of wrong) {
      const deps = fakeDeps({ sandbox: fakeSandboxes(rewarding(content, name)) });
      const error = await invalidOf(executeTrial(deps, fakeInput()));
      expect(error).toMatchObject({ retryable: true, message: expect.stringContaining('verdict') });
      expect(await deps.store.getKeyed('trials', keyOf())).toBeUndefined();
    }
  });

  test('a verifier that hangs makes the trial invalid, whatever it had written', async () => {
    const sandbox = fakeSandboxes((files) => {
      files.set('/logs/verifier/reward.txt', '1');
      return { timeout: true };
    });
    const error = await invalidOf(executeTrial(fakeDeps({ sandbox }), fakeInput()));
    expect(error.message).toContain('within its 10 seconds');
    expect(error.facts).toMatchObject({ agent: { turns: 3 }, usage: { promptTokens: 1000 } });
  });
});

describe('identity', () => {
  test('everything that makes a trial another one is in its key, and nothing else', () => {
    const { spec } = fakeInput();
    const key = trialKey(spec, 'sha256:1');
    expect(trialKey({ ...spec, task: 'renamed' }, 'sha256:1')).toBe(key);
    const others = [
      trialKey({ ...spec, contract: 'd'.repeat(64) }, 'sha256:1'),
      trialKey({ ...spec, harness: 'd'.repeat(64) }, 'sha256:1'),
      trialKey({ ...spec, purpose: 'r2/observe' }, 'sha256:1'),
      trialKey({ ...spec, attempt: 2 }, 'sha256:1'),
      trialKey(spec, 'sha256:2'),
    ];
    expect(new Set([key, ...others]).size).toBe(6);
  });

  test('the seed of a trial is 31 bits of its key', async () => {
    expect(trialSeed('ffffffff00')).toBe(2 ** 31 - 1);
    expect(trialSeed('0000002a00')).toBe(42);
    let seen: AgentRun | undefined;
    const runAgent = scriptedAgent(async (run) => {
      seen = run;
    });
    await executeTrial(fakeDeps({ runAgent }), fakeInput());
    expect(seen!.seed).toBe(trialSeed(keyOf()));
  });

  test('a stored result is returned; nothing runs and nothing is paid again', async () => {
    let runs = 0;
    const runAgent = scriptedAgent(async () => {
      runs += 1;
    });
    const deps = fakeDeps({ runAgent });
    const first = await executeTrial(deps, fakeInput());
    const sandbox = fakeSandboxes(rewarding('0'));
    expect(await executeTrial({ ...deps, sandbox }, fakeInput())).toEqual(first);
    expect(runs).toBe(1);
    expect(sandbox.specs).toHaveLength(0);
    const { spec } = fakeInput();
    await executeTrial(deps, fakeInput({ spec: { ...spec, attempt: 2 } }));
    expect(runs).toBe(2);
  });

  test('of two runs of one trial the first to end counts for both', async () => {
    const store = createMemoryStore();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = executeTrial(fakeDeps({ store, runAgent: scriptedAgent(() => held) }), fakeInput());
    const fast = await executeTrial(fakeDeps({ store, sandbox: fakeSandboxes(rewarding('0')) }), fakeInput());
    release();
    expect(await slow).toEqual(fast);
  });
});

describe('what the agent gets', () => {
  test('the tighter limits of contract and task', async () => {
    const task = fakeTask('tight');
    task.agentTimeoutSeconds = 30;
    task.environment.memoryMb = 256;
    task.environment.storageMb = 10_240;
    const suite = fakeSuite([task]);
    const sandbox = fakeSandboxes(rewarding('1'));
    let seen: AgentRun | undefined;
    const runAgent = scriptedAgent(async (run) => {
      seen = run;
    });
    await executeTrial(fakeDeps({ sandbox, runAgent }), fakeInput({ suite, contract: fakeContract([task]) }));
    expect(seen!.limits).toMatchObject({ agentSeconds: 30, turns: 100, memoryMb: 256, storageMb: 1024 });
    expect(sandbox.specs[0]).toMatchObject({
      id: keyOf(fakeInput({ suite })),
      contextDir: '/nowhere/tight/environment',
      limits: { memoryMb: 256, processes: 512, storageMb: 1024 },
    });
  });

  test('tests come into the sandbox only after the agent has ended', async () => {
    const sandbox = fakeSandboxes(rewarding('1'));
    let before: string[] = [];
    const runAgent = scriptedAgent(async () => {
      before = [...sandbox.uploads];
    });
    await executeTrial(fakeDeps({ sandbox, runAgent }), fakeInput());
    expect(before).toEqual([]);
    expect(sandbox.uploads).toEqual(['/nowhere/first/tests -> /tests']);
    expect(sandbox.commands.every(({ options }) => options.cleanEnv)).toBe(true);
  });
});

describe('what the infrastructure breaks', () => {
  test.each<[SandboxError['kind'], boolean]>([
    ['start', true],
    ['lost', true],
    ['disk', true],
    ['unsupported', false],
  ])('a sandbox that is %s makes the trial invalid', async (kind, retryable) => {
    const sandbox = fakeSandboxes(rewarding('1'), () => {
      throw new SandboxError('broken', kind);
    });
    const error = await invalidOf(executeTrial(fakeDeps({ sandbox }), fakeInput()));
    expect(error).toMatchObject({ retryable, message: `sandbox (${kind}): broken` });
  });

  test('a sandbox that breaks under the agent is removed', async () => {
    const sandbox = fakeSandboxes(rewarding('1'));
    const runAgent = scriptedAgent(async () => {
      throw new SandboxError('gone', 'lost');
    });
    await invalidOf(executeTrial(fakeDeps({ sandbox, runAgent }), fakeInput()));
    expect(sandbox.alive).toBe(0);
  });

  test.each<[ModelErrorKind, boolean]>([
    ['connection', true],
    ['timeout', true],
    ['rate-limit', true],
    ['server', true],
    ['protocol', true],
    ['bad-request', false],
    ['context-length', false],
  ])(
    'a model error of kind %s makes the trial invalid, with what it spent until then',
    async (kind, retryable) => {
      const runAgent = scriptedAgent(async (run) => {
        await run.model.complete({ messages: [] });
        await run.model.complete({ messages: [] });
        throw new ModelError('no answer', kind);
      });
      const error = await invalidOf(executeTrial(fakeDeps({ runAgent, model: silentModel }), fakeInput()));
      expect(error).toMatchObject({
        retryable,
        facts: { usage: { promptTokens: 14, completionTokens: 6, estimated: true }, agent: null },
      });
    },
  );

  test('what every trial would meet goes up as it is: keys, quota, unknown model, no sandbox at all', async () => {
    const errors = [
      ...(['quota', 'authentication', 'not-found'] as const).map((kind) => new ModelError('mend it', kind)),
      new SandboxError('no bubblewrap', 'unavailable'),
      new TypeError('a mistake of ours'),
    ];
    for (const error of errors) {
      const runAgent = scriptedAgent(() => Promise.reject(error));
      await expect(executeTrial(fakeDeps({ runAgent }), fakeInput())).rejects.toBe(error);
    }
  });

  test('kept as invalid it is seen, has no reward, and leaves the way free for the real result', async () => {
    const runAgent = scriptedAgent(() =>
      Promise.reject(new ModelError('key sk-secret-value is slow', 'timeout')),
    );
    const deps = fakeDeps({ runAgent });
    const error = await invalidOf(executeTrial(deps, fakeInput()));
    const kept = await keepInvalid(deps, fakeInput(), error);
    expect(kept).toMatchObject({
      key: keyOf(),
      outcome: 'invalid',
      reason: 'model (timeout): key [redacted] is slow',
      reward: null,
      stopReason: null,
    });
    expect(await storedTrial(deps.store, keyOf())).toEqual(kept);
    const mended = await executeTrial({ ...deps, runAgent: scriptedAgent() }, fakeInput());
    expect(mended.outcome).toBe('passed');
    expect(await storedTrial(deps.store, keyOf())).toEqual(mended);
  });

  test('a long reason is cut: the record has to stay small', async () => {
    const runAgent = scriptedAgent(() => Promise.reject(new ModelError('x'.repeat(5000), 'server')));
    const deps = fakeDeps({ runAgent });
    const kept = await keepInvalid(deps, fakeInput(), await invalidOf(executeTrial(deps, fakeInput())));
    expect(JSON.stringify(kept).length).toBeLessThan(2048);
  });
});

describe('cancellation', () => {
  test.each(['agent', 'verifier'])(
    'under the %s: the sandbox is gone, nothing is stored, the reason goes up',
    async (phase) => {
      const controller = new AbortController();
      const stop = () => controller.abort(new Error('stopped by a person'));
      const sandbox = fakeSandboxes(() => {
        stop();
        return '';
      });
      const runAgent = scriptedAgent(async () => {
        if (phase === 'agent') {
          stop();
          throw new ModelError('cancelled', 'cancelled');
        }
      });
      const deps = fakeDeps({ sandbox, runAgent });
      const running = executeTrial(deps, fakeInput({ signal: controller.signal }));
      await expect(running).rejects.toThrow('stopped by a person');
      expect(sandbox.alive).toBe(0);
      expect(await storedTrial(deps.store, keyOf())).toBeUndefined();
    },
  );

  test('before it starts: no sandbox is made', async () => {
    const sandbox = fakeSandboxes(rewarding('1'));
    const running = executeTrial(
      fakeDeps({ sandbox }),
      fakeInput({ signal: AbortSignal.abort(new Error('too late')) }),
    );
    await expect(running).rejects.toThrow('too late');
    expect(sandbox.specs).toHaveLength(0);
  });
});

test('a task that its suite does not have is named', async () => {
  const { spec } = fakeInput();
  const running = executeTrial(fakeDeps(), fakeInput({ spec: { ...spec, task: 'unknown' } }));
  await expect(running).rejects.toThrow('has no task "unknown"');
});
