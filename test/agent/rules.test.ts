import { MAX_FINISH_REFUSALS } from '../../src/agent/finish.js';
import type { HarnessInput } from '../../src/harness/schema.js';
import { MemorySandbox } from '../support/memory-sandbox.js';
import { finish, shell } from '../support/scripted-model.js';
import { play } from './support.js';

type RuleInput = NonNullable<HarnessInput['rules']>[string];
const rules = (rule: RuleInput, more: Omit<HarnessInput, 'name' | 'rules'> = {}) => ({
  ...more,
  rules: { 'the-rule': rule },
});
const hello = () => new MemorySandbox((command) => ({ output: `ran: ${command}\n` }));

describe('inject', () => {
  it('start: before the first request', async () => {
    const { model, trajectory } = await play(
      [finish()],
      rules({ on: 'start', do: [{ action: 'inject', message: 'Look around first.' }] }),
    );
    expect(model.requests[0]!.messages.at(-1)).toEqual({ role: 'user', content: 'Look around first.' });
    expect(trajectory.steps[2]).toMatchObject({
      source: 'system',
      message: 'Look around first.',
      extra: {
        context_management: { type: 'injection', boundary: 'append' },
        rules: [{ rule: 'the-rule', event: 'start', actions: ['inject'] }],
      },
    });
  });

  it('before-model: before each request, as the condition and the limit say', async () => {
    const { model } = await play(
      [shell('a'), shell('b'), shell('c'), finish()],
      rules({
        on: 'before-model',
        when: 'toolCalls >= 1',
        limit: 2,
        do: [{ action: 'inject', message: 'Hurry.' }],
      }),
    );
    const seen = model.requests.map(({ messages }) => messages.filter((m) => m.content === 'Hurry.').length);
    expect(seen).toEqual([0, 1, 2, 2]);
  });

  it.each(['before-tool', 'after-tool'] as const)('%s: after all the results of the answer', async (on) => {
    const { model, trajectory } = await play(
      [
        {
          calls: [
            ['shell', { command: 'a' }],
            ['shell', { command: 'b' }],
          ],
        },
        finish(),
      ],
      rules({ on, when: 'call.command == "a"', do: [{ action: 'inject', message: 'Noted.' }] }),
      { sandbox: hello() },
    );
    const roles = model.requests[1]!.messages.map(({ role }) => role);
    expect(roles).toEqual(['system', 'user', 'assistant', 'tool', 'tool', 'user']);
    expect(model.lastMessage()).toBe('Noted.');
    expect(trajectory.steps[2]!.extra?.rules).toEqual([{ rule: 'the-rule', event: on, actions: ['inject'] }]);
  });

  it('before-finish: shown when the run goes on', async () => {
    const { model, result } = await play(
      [finish('one'), finish('two')],
      rules({
        on: 'before-finish',
        limit: 1,
        do: [
          { action: 'inject', message: 'Aside.' },
          { action: 'refuse-finish', message: 'Not yet.' },
        ],
      }),
    );
    expect(model.requests[1]!.messages.slice(-2).map(({ content }) => content)).toEqual([
      'Not yet.',
      'Aside.',
    ]);
    expect(result).toMatchObject({ stopReason: 'finished', finalText: 'two' });
  });
});

describe('block', () => {
  it('keeps the call from running; its message is the result', async () => {
    const sandbox = hello();
    const { model, result, results } = await play(
      [shell('rm -rf /'), shell('ls'), finish()],
      rules({
        on: 'before-tool',
        when: 'call.command.contains("rm")',
        do: [{ action: 'block', message: 'No deleting.' }],
      }),
      { sandbox },
    );
    expect(sandbox.commands.map(({ command }) => command)).toEqual(['ls']);
    expect(model.lastMessage(1)).toBe('No deleting.');
    expect(results[0]!.extra).toEqual({ ok: false, blocked_by: 'the-rule' });
    expect(result.toolCalls).toBe(1);
  });
});

describe('refuse-finish', () => {
  const missing = rules(
    {
      on: 'before-finish',
      when: 'size(artifacts.missing) > 0',
      do: [{ action: 'refuse-finish', message: 'The file is missing.' }],
    },
    { orchestration: { artifacts: { paths: { out: '/app/out.txt' } } } },
  );

  it('as the result of finish; the run goes on until the reason is gone', async () => {
    const write = { calls: [['write', { path: 'out.txt', content: 'x' }]] as [string, object][] };
    const { model, result, trajectory } = await play([finish(), write as never, finish('now')], missing);
    expect(model.requests[1]!.messages.at(-1)).toMatchObject({
      role: 'tool',
      content: 'The file is missing.',
    });
    expect(result).toMatchObject({ stopReason: 'finished', finalText: 'now' });
    expect(trajectory.extra).toMatchObject({ finish_refusals: 1, artifacts_missing: [] });
  });

  it('as a message when the model only says that it is done', async () => {
    const { model } = await play([{ text: 'Done.' }, finish()], { ...missing });
    expect(model.requests[1]!.messages.slice(-2)).toEqual([
      { role: 'assistant', content: 'Done.' },
      { role: 'user', content: 'The file is missing.' },
    ]);
  });

  it('lets a stubborn model go after a bounded number of times', async () => {
    const { result } = await play([{ text: 'Done.' }], missing);
    expect(result).toMatchObject({ stopReason: 'answered', turns: MAX_FINISH_REFUSALS + 1 });
  });
});

describe('run', () => {
  it.each(['start', 'before-model', 'before-tool', 'after-tool'] as const)(
    '%s: runs in the sandbox and shows the output',
    async (on) => {
      const sandbox = hello();
      const { model } = await play(
        [shell('ls'), finish()],
        rules({ on, limit: 1, do: [{ action: 'run', command: 'env-report', timeoutSeconds: 5 }] }),
        { sandbox },
      );
      expect(model.seen(1)).toContain('Output of `env-report`:\nran: env-report\n[exit code 0]');
      const run = sandbox.commands.find(({ command }) => command === 'env-report');
      expect(run!.options).toMatchObject({ timeoutSeconds: 5 });
    },
  );

  it('before-finish: counts as a check where a pattern of the harness says so', async () => {
    const sandbox = new MemorySandbox(() => ({ exitCode: 1, output: 'FAIL\n' }));
    const { model, result } = await play(
      [finish(), finish(), finish()],
      {
        orchestration: { checks: { tests: { match: '^make test$' } } },
        rules: {
          'a-test-first': {
            on: 'before-finish',
            when: '!check.ran',
            do: [
              { action: 'run', command: 'make test' },
              { action: 'refuse-finish', message: 'Look at the tests.' },
            ],
          },
          'b-hold-back': {
            on: 'before-finish',
            when: 'check.ran && !check.passed',
            limit: 1,
            do: [{ action: 'refuse-finish', message: 'They fail.' }],
          },
        },
      },
      { sandbox },
    );
    expect(model.seen(1)).toContain('FAIL');
    expect(model.lastMessage(2)).toBe('They fail.');
    expect(result.turns).toBe(3);
  });
});

describe('stop', () => {
  it.each(['start', 'before-model', 'before-tool', 'after-tool', 'before-finish'] as const)(
    '%s: ends the run with the reason',
    async (on) => {
      const { result, trajectory } = await play(
        [
          {
            calls: [
              ['shell', { command: 'ls' }],
              ['finish', {}],
            ],
          },
        ],
        rules({ on, do: [{ action: 'stop', message: 'enough' }] }),
      );
      expect(result).toMatchObject({ stopReason: 'rule-stop', finalText: 'enough' });
      const fired = trajectory.steps.flatMap((step) => step.extra?.rules ?? []);
      expect(fired).toEqual([{ rule: 'the-rule', event: on, actions: ['stop'] }]);
    },
  );

  it('leaves the remaining calls of the answer unrun, each with a result', async () => {
    const sandbox = hello();
    const { results } = await play(
      [
        {
          calls: [
            ['shell', { command: 'a' }],
            ['shell', { command: 'b' }],
          ],
        },
      ],
      rules({ on: 'after-tool', do: [{ action: 'stop' }] }),
      { sandbox },
    );
    expect(sandbox.commands).toHaveLength(1);
    expect(results.map(({ extra }) => extra.not_run ?? false)).toEqual([false, true]);
  });
});

describe('a rule that fails while it runs', () => {
  it('is written down and skipped', async () => {
    const { result, trajectory } = await play([shell('ls'), finish()], {
      rules: {
        broken: {
          on: 'before-model',
          when: 'int(instruction) > 3',
          do: [{ action: 'stop' }],
        },
      },
    });
    expect(result.stopReason).toBe('finished');
    const errors = trajectory.steps.flatMap((step) => step.extra?.rule_errors ?? []);
    expect(errors[0]).toMatchObject({ rule: 'broken' });
  });
});

describe('what rules see', () => {
  it('repeats of a failed call, until something was written', async () => {
    const sandbox = new MemorySandbox(() => ({ exitCode: 1 }));
    const write = { calls: [['write', { path: 'x', content: '1' }]] as [string, Record<string, unknown>][] };
    const { results } = await play(
      [shell('make'), shell('make'), write, shell('make'), finish()],
      rules({
        on: 'before-tool',
        when: 'call.repeatsLastFailure',
        do: [{ action: 'block', message: 'Same again.' }],
      }),
      { sandbox },
    );
    expect(results.map(({ extra }) => extra.blocked_by ?? null)).toEqual([
      null,
      'the-rule',
      null,
      null,
      null,
    ]);
  });

  it('artifacts that calls make and remove', async () => {
    const sandbox = new MemorySandbox((command, files) => {
      if (command === 'make') files.set('/app/out.csv', Buffer.from('x'));
      if (command === 'clean') files.delete('/app/out.csv');
      return {};
    });
    sandbox.files.set('/app/data.csv', Buffer.from('1'));
    const { results, trajectory, model } = await play(
      [shell('make'), shell('clean'), finish()],
      rules({
        on: 'after-tool',
        when: 'size(artifacts.deleted) > 0',
        do: [{ action: 'inject', message: 'It is gone.' }],
      }),
      { sandbox, instruction: 'Read /app/data.csv and write /app/out.csv.' },
    );
    expect(results[0]!.extra.artifacts_created).toEqual(['/app/out.csv']);
    expect(results[1]!.extra.artifacts_deleted).toEqual(['/app/out.csv']);
    expect(model.lastMessage()).toBe('It is gone.');
    expect(trajectory.extra).toMatchObject({
      artifacts_declared: ['/app/out.csv'],
      artifacts_missing: ['/app/out.csv'],
    });
  });

  it('costs no look into the sandbox when nothing is declared, or nothing can have changed', async () => {
    const idle = new MemorySandbox();
    await play([shell('ls'), finish()], {}, { sandbox: idle });
    expect(idle.looks).toBe(0);
    const reading = new MemorySandbox();
    reading.files.set('/app/a', Buffer.from('a'));
    await play(
      [{ calls: [['read', { path: 'a' }]] }, finish()],
      {},
      {
        sandbox: reading,
        instruction: 'Write /app/out.txt.',
      },
    );
    expect(reading.looks).toBe(1);
  });
});
