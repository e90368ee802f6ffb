import { budgetLines } from '../../src/agent/budget.js';
import { MemorySandbox } from '../support/memory-sandbox.js';
import type { Line, Say } from '../support/scripted-model.js';
import { finish, shell } from '../support/scripted-model.js';
import { harness, LIMITS, play } from './support.js';

/** A clock that a test moves. */
function clock() {
  let milliseconds = 0;
  return {
    now: () => milliseconds,
    advance(seconds: number) {
      milliseconds += seconds * 1000;
    },
  };
}

const limitSteps = (played: Awaited<ReturnType<typeof play>>) =>
  played.trajectory.steps.map((step) => step.extra?.limit).filter((limit) => limit !== undefined);

describe("the contract's limits", () => {
  it('turns', async () => {
    const played = await play([shell('ls')], {}, { limits: { ...LIMITS, turns: 3 } });
    expect(played.result).toMatchObject({ stopReason: 'turn-limit', turns: 3, toolCalls: 3 });
    expect(limitSteps(played)).toEqual(['turns']);
  });

  it('tool calls, also in the middle of an answer', async () => {
    const sandbox = new MemorySandbox();
    const three: Say = { calls: ['a', 'b', 'c'].map((command) => ['shell', { command }]) };
    const played = await play([three], {}, { sandbox, limits: { ...LIMITS, toolCalls: 2 } });
    expect(played.result).toMatchObject({ stopReason: 'tool-call-limit', toolCalls: 2 });
    expect(sandbox.commands).toHaveLength(2);
    expect(played.results).toHaveLength(3);
    expect(limitSteps(played)).toEqual(['toolCalls']);
  });

  it('tool calls: finishing in the same answer still counts', async () => {
    const last: Say = {
      calls: [
        ['shell', { command: 'a' }],
        ['finish', { message: 'in time' }],
      ],
    };
    const played = await play([last], {}, { limits: { ...LIMITS, toolCalls: 1 } });
    expect(played.result).toMatchObject({ stopReason: 'finished', finalText: 'in time', toolCalls: 1 });
  });

  it('tokens, before a request that would go beyond them', async () => {
    const line: Say = { ...shell('ls'), usage: { promptTokens: 400, completionTokens: 50 } };
    const played = await play([line], {}, { limits: { ...LIMITS, tokens: 1500 } });
    expect(played.result.stopReason).toBe('token-limit');
    const { usage } = played.result;
    expect(usage.promptTokens + usage.completionTokens).toBeLessThanOrEqual(1500);
  });

  it('time, by the clock that was handed in', async () => {
    const time = clock();
    const played = await play(
      [
        () => {
          time.advance(250);
          return shell('ls');
        },
      ],
      {},
      { now: time.now },
    );
    expect(played.result).toMatchObject({ stopReason: 'time-limit', turns: 3 });
    expect(limitSteps(played)).toEqual(['wallSeconds']);
  });

  describe('time, by the timer', () => {
    beforeEach(() => {
      jest.useFakeTimers();
    });
    afterEach(() => {
      jest.useRealTimers();
    });
    /** Never ends; meanwhile the run's time passes. */
    const hang = () => {
      jest.advanceTimersByTime(LIMITS.agentSeconds * 1000);
      return new Promise<never>(() => undefined);
    };

    it('when the endpoint is slow to answer at the end', async () => {
      const [most, rest] = [LIMITS.agentSeconds * 0.6, LIMITS.agentSeconds * 0.4];
      const working = () => {
        jest.advanceTimersByTime(most * 1000);
        return {};
      };
      const slow = () => {
        jest.advanceTimersByTime(rest * 1000);
        return new Promise<never>(() => undefined);
      };
      const played = await play([shell('make'), slow], {}, { sandbox: new MemorySandbox(working) });
      expect(played.result).toMatchObject({ stopReason: 'time-limit', turns: 1 });
    });

    it('an endpoint that takes most of it to answer nothing is at fault, not the agent', async () => {
      await expect(play([shell('ls'), hang])).rejects.toMatchObject({
        kind: 'timeout',
        retryable: true,
        message: expect.stringContaining("600 of the trial's 600 seconds"),
      });
    });

    it('is not used up by an endpoint that fails and is asked again', async () => {
      const failing: Line = (_, { onLost }) => {
        jest.advanceTimersByTime(LIMITS.agentSeconds * 900);
        onLost!(LIMITS.agentSeconds * 900);
        return shell('ls');
      };
      const played = await play([failing, failing, failing, finish()]);
      expect(played.result).toMatchObject({ stopReason: 'finished', turns: 4 });
    });

    it('when it ends while an endpoint fails, that is no result either', async () => {
      const [most, rest] = [LIMITS.agentSeconds * 0.9, LIMITS.agentSeconds * 0.1];
      const working = () => {
        jest.advanceTimersByTime(most * 1000);
        return {};
      };
      const failing: Line = (_, { onLost }) => {
        onLost!(0);
        jest.advanceTimersByTime(rest * 1000);
        return new Promise<never>(() => undefined);
      };
      const played = play([shell('make'), failing], {}, { sandbox: new MemorySandbox(working) });
      await expect(played).rejects.toMatchObject({ kind: 'timeout', retryable: true });
    });

    it('when a command hangs: its call has a result that says so', async () => {
      const played = await play([shell('sleep')], {}, { sandbox: new MemorySandbox(hang) });
      expect(played.result.stopReason).toBe('time-limit');
      expect(played.results).toEqual([
        {
          content: 'Interrupted: the time limit of the run was reached.',
          extra: { ok: false, timed_out: true },
        },
      ]);
    });

    it('tells the endpoint and the sandbox to give up', async () => {
      const signals: (AbortSignal | undefined)[] = [];
      await play([
        (_, { signal }) => {
          signals.push(signal);
          return hang();
        },
      ]).catch(() => {});
      const sandbox = new MemorySandbox((_, __, { signal }) => {
        signals.push(signal);
        return hang();
      });
      await play([shell('sleep')], {}, { sandbox });
      expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
    });
  });

  it('a command is given no more time than the run has left', async () => {
    const time = clock();
    const sandbox = new MemorySandbox();
    const line = () => {
      time.advance(550);
      return shell('make');
    };
    await play([line, finish()], {}, { sandbox, now: time.now });
    expect(sandbox.commands[0]!.options.timeoutSeconds).toBeLessThan(50);
  });
});

describe("the harness's limits", () => {
  it('tighten the contract, and never widen it', () => {
    const lines = (input: Parameters<typeof harness>[0]) => budgetLines(LIMITS, harness(input).runtime);
    expect(lines({ runtime: { turns: { max: 10 } } }).turns).toEqual({ hard: 10, soft: null });
    expect(lines({ runtime: { turns: { max: 5000 } } }).turns).toEqual({ hard: 60, soft: null });
    expect(lines({ runtime: { wallSeconds: { max: 30 } } }).wallSeconds.hard).toBe(30);
  });

  it('wrap-up leaves room before the contract ends, also without a limit of its own', () => {
    const { turns, toolCalls, wallSeconds } = budgetLines(
      LIMITS,
      harness({
        runtime: {
          turns: { max: 20, onLimit: 'wrap-up' },
          toolCalls: { onLimit: 'wrap-up' },
          wallSeconds: { onLimit: 'wrap-up' },
          wrapUp: { turns: 4 },
        },
      }).runtime,
    );
    expect(turns).toEqual({ hard: 60, soft: 20 });
    expect(toolCalls).toEqual({ hard: 100, soft: 90 });
    expect(wallSeconds).toEqual({ hard: 600, soft: 540 });
  });

  const wrapUp = {
    turns: { max: 2, onLimit: 'wrap-up' as const },
    wrapUp: { turns: 2, text: 'Deliver now.' },
  };

  it('wrap-up: one message, then a few turns to deliver in', async () => {
    const played = await play([shell('a'), shell('b'), shell('write'), finish()], { runtime: wrapUp });
    expect(played.result).toMatchObject({ stopReason: 'finished', turns: 4 });
    const announced = played.model.requests.map(({ messages }) =>
      messages.some(({ content }) => content === 'Deliver now.'),
    );
    expect(announced).toEqual([false, false, true, true]);
  });

  it('wrap-up: ends as the limit when the turns are used up', async () => {
    const played = await play([shell('a')], { runtime: wrapUp });
    expect(played.result).toMatchObject({ stopReason: 'turn-limit', turns: 4 });
    expect(limitSteps(played)).toEqual(['turns', 'turns']);
  });

  it('wrap-up: never goes beyond the contract', async () => {
    const played = await play([shell('a')], { runtime: wrapUp }, { limits: { ...LIMITS, turns: 3 } });
    expect(played.result).toMatchObject({ stopReason: 'turn-limit', turns: 3 });
  });

  it('what rules see of them', async () => {
    const { model } = await play([shell('a'), shell('b'), shell('c'), finish()], {
      runtime: { turns: { max: 5 } },
      rules: {
        last: {
          on: 'before-model',
          when: 'remainingTurns == 2',
          do: [{ action: 'inject', message: 'Two left.' }],
        },
      },
    });
    const told = model.requests.map(({ messages }) => messages.at(-1)!.content === 'Two left.');
    expect(told).toEqual([false, false, false, true]);
  });
});
