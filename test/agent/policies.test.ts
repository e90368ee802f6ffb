/**
 * The catalogue of policies, each really acting in a sandbox. A scripted model shows the bad behaviour until the harness
 * does something that it can notice in its request; then it does the sensible thing. Without the policy the same model
 * fails in the same sandbox.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAgent } from '../../src/agent/loop.js';
import type { AgentResult, TrialLimits } from '../../src/agent/types.js';
import { parseHarness } from '../../src/harness/parse.js';
import type { Harness } from '../../src/harness/schema.js';
import type { ChatRequest } from '../../src/model/types.js';
import type { Sandbox } from '../../src/sandbox/types.js';
import { finish, type Line, type Say, ScriptedModel, shell } from '../support/scripted-model.js';
import { realSandboxes } from './real-sandbox.js';
import { harness, LIMITS } from './support.js';

const sandboxes = realSandboxes();
const none = harness();

function policy(name: string): Harness {
  const file = join(__dirname, '../harness/policies', `${name}.yaml`);
  const parsed = parseHarness(readFileSync(file, 'utf8'), file);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.harness;
}

interface Case {
  harness: Harness;
  model: Line;
  files?: Record<string, string>;
  instruction?: string;
  limits?: Partial<TrialLimits>;
}
interface Outcome {
  result: AgentResult;
  /** Content of `/app/out.txt`; null: it is not there. */
  out: string | null;
  sandbox: Sandbox;
  rules: string[];
}

async function run({ harness, model, files, instruction, limits }: Case): Promise<Outcome> {
  const sandbox = await sandboxes.open(files);
  const result = await runAgent({
    harness,
    harnessDigest: 'digest',
    instruction: instruction ?? 'Write the result to /app/out.txt.',
    taskName: 'task',
    workdir: '/app',
    sandbox,
    model: new ScriptedModel([model]),
    modelName: 'scripted',
    limits: { ...LIMITS, ...limits },
    seed: 1,
    sessionId: 'session',
  });
  const out = await sandbox.readFile('/app/out.txt', 10_000);
  const rules = result.trajectory.steps.flatMap((step) => (step.extra?.rules ?? []).map(({ rule }) => rule));
  return { result, out: out.ok ? out.content.toString() : null, sandbox, rules };
}

/** Does `bad` (its number is handed in) until a message of the request holds one of `cues`, then `good` one by one. */
function until(cues: string[], bad: (index: number) => Say, good: Say[]): Line {
  let turn = 0;
  let next = -1;
  return (request) => {
    if (next < 0 && cues.some((cue) => saw(request, cue))) next = 0;
    return next < 0 ? bad(turn++) : good[Math.min(next++, good.length - 1)]!;
  };
}
/** Whether anything besides system prompt and instruction holds the words. */
const saw = ({ messages }: ChatRequest, words: string) =>
  messages.slice(2).some(({ content }) => content.includes(words));
const write = (content: string): Say => ({ calls: [['write', { path: 'out.txt', content }]] });
const deliver = [write('done\n'), finish()];

test('loop breaker after 50 tool calls', async () => {
  const model = () => until(['Stop exploring'], (i) => shell(`ls / | head -n ${i + 1}`), deliver);
  const limits = { turns: 60 };
  const without = await run({ harness: none, model: model(), limits });
  expect([without.result.stopReason, without.out]).toEqual(['turn-limit', null]);
  const mended = await run({ harness: policy('loop-breaker-after-50-tool-calls'), model: model(), limits });
  expect([mended.result.stopReason, mended.out]).toEqual(['finished', 'done\n']);
  expect(mended.result.toolCalls).toBe(51);
});

test('create required artifacts early', async () => {
  const model = () =>
    until(['Write a first version'], (i) => (i < 20 ? shell(`echo look ${i}`) : write('late\n')), [
      write('early\n'),
      shell('cat out.txt'),
      finish(),
    ]);
  const limits = { turns: 15 };
  const without = await run({ harness: none, model: model(), limits });
  expect([without.result.stopReason, without.out]).toEqual(['turn-limit', null]);
  const mended = await run({ harness: policy('create-artifacts-early'), model: model(), limits });
  expect([mended.result.stopReason, mended.out]).toEqual(['finished', 'early\n']);
  expect(mended.rules).toEqual(['name-artifacts']);
});

test('create required artifacts early: reminds a model that was told and forgot', async () => {
  const model = until(['is still missing'], (i) => shell(`echo look ${i}`), deliver);
  const mended = await run({ harness: policy('create-artifacts-early'), model, limits: { turns: 15 } });
  expect(mended.out).toBe('done\n');
  expect(mended.rules).toEqual(['name-artifacts', 'remind-of-artifacts']);
});

test('forbid exact duplicates of a command that failed', async () => {
  const files = { '/app/out.txt': 'old\n' };
  const model = () =>
    until(['It was not run'], () => shell('set -o noclobber; echo new > out.txt'), [
      shell('echo new >| out.txt'),
      finish(),
    ]);
  const limits = { turns: 10 };
  const without = await run({ harness: none, model: model(), limits, files });
  expect([without.result.stopReason, without.out]).toEqual(['turn-limit', 'old\n']);
  const mended = await run({
    harness: policy('forbid-duplicate-commands-after-failure'),
    model: model(),
    limits,
    files,
  });
  expect([mended.result.stopReason, mended.out]).toEqual(['finished', 'new\n']);
  expect(mended.result.toolCalls).toBe(2);
});

describe('recreate a missing artifact', () => {
  const deletes = (cues: string[]) =>
    until(cues, (i) => [write('v1\n'), shell('rm out.txt'), finish()][Math.min(i, 2)]!, deliver);

  test('after the model deleted it', async () => {
    const without = await run({ harness: none, model: deletes(['has been deleted']) });
    expect([without.result.stopReason, without.out]).toEqual(['finished', null]);
    const mended = await run({
      harness: policy('recreate-missing-artifact-after-file-error'),
      model: deletes(['has been deleted']),
    });
    expect(mended.out).toBe('done\n');
    expect(mended.rules).toContain('recreate-deleted');
  });

  test('after a file error', async () => {
    const model = () =>
      until(
        ['That was a file error'],
        (i) => (i === 0 ? shell('cp missing.txt out.txt') : finish()),
        deliver,
      );
    expect((await run({ harness: none, model: model() })).out).toBeNull();
    const mended = await run({
      harness: policy('recreate-missing-artifact-after-file-error'),
      model: model(),
    });
    expect(mended.out).toBe('done\n');
    expect(mended.rules).toContain('file-error');
  });

  test('finishing without it is refused', async () => {
    const mended = await run({
      harness: policy('recreate-missing-artifact-after-file-error'),
      model: until(['is missing. Create it'], () => finish(), deliver),
    });
    expect(mended.out).toBe('done\n');
    expect(mended.result.trajectory.extra!.finish_refusals).toBe(1);
  });
});

test('persist PATH and other environment changes across shell calls', async () => {
  const files = { '/app/tools/greet': '#!/bin/bash\necho "hello $WHO"\n' };
  const steps = [
    shell('chmod +x tools/greet && export PATH="$PATH:/app/tools" WHO=world'),
    shell('greet > out.txt'),
    finish(),
  ];
  const model = (): Line => {
    let turn = 0;
    return () => steps[Math.min(turn++, 2)]!;
  };
  const without = await run({ harness: none, model: model(), files });
  expect(without.out).toBe('');
  const mended = await run({ harness: policy('persist-shell-environment'), model: model(), files });
  expect(mended.out).toBe('hello world\n');
  expect(mended.rules).toEqual(['verify-path']);
});

describe('bound external downloads and computation', () => {
  const harness = policy('bound-downloads-and-computation');

  test('a download without a bound is not run', async () => {
    // Stands for a server that never answers.
    const files = { '/usr/local/bin/curl': '#!/bin/bash\nsleep 1000\n', '/app/local.txt': 'cached\n' };
    const model = () =>
      until(
        ['Downloads need a bound'],
        () => shell('chmod +x /usr/local/bin/curl; curl http://example.test/x > out.txt'),
        [shell('timeout 0.2 curl http://example.test/x > out.txt || cp local.txt out.txt'), finish()],
      );
    const limits = { agentSeconds: 1.5 };
    const without = await run({ harness: none, model: model(), limits, files });
    expect([without.result.stopReason, without.out]).toEqual(['time-limit', '']);
    const mended = await run({ harness, model: model(), files });
    expect([mended.result.stopReason, mended.out]).toEqual(['finished', 'cached\n']);
  });

  test('a computation is killed at the limit of the tool, and not simply tried again', async () => {
    // The policy's own bound is a minute; what happens at it is the same after a fraction of a second.
    const quick = structuredClone(harness);
    expect(quick.tools.builtin.shell.timeoutSeconds).toBe(60);
    quick.tools.builtin.shell.timeoutSeconds = 0.3;
    const model = () =>
      until(['ran into its time limit'], () => shell('while :; do :; done; echo slow > out.txt'), [
        shell('echo $((6 * 7)) > out.txt'),
        finish(),
      ]);
    const limits = { agentSeconds: 1 };
    const without = await run({ harness: none, model: model(), limits });
    expect([without.result.stopReason, without.out]).toEqual(['time-limit', null]);
    const mended = await run({ harness: quick, model: model() });
    expect([mended.result.stopReason, mended.out]).toEqual(['finished', '42\n']);
  });
});

test('repair failed sanity checks before finishing', async () => {
  const files = { '/app/check.sh': '[ "$(cat out.txt)" = 42 ] || { echo "expected 42"; exit 1; }\n' };
  const model = () =>
    until(
      ['Your latest check failed'],
      (i) => [write('41\n'), shell('bash ./check.sh'), finish('good enough')][Math.min(i, 2)]!,
      [write('42\n'), shell('bash ./check.sh'), finish('checked')],
    );
  const without = await run({ harness: none, model: model(), files });
  expect([without.out, without.result.finalText]).toEqual(['41\n', 'good enough']);
  const mended = await run({ harness: policy('repair-failed-checks-before-finish'), model: model(), files });
  expect([mended.out, mended.result.finalText]).toEqual(['42\n', 'checked']);
  const checks = mended.result.trajectory.steps.flatMap((step) =>
    (step.observation?.results ?? []).map(({ extra }) => extra?.check_passed),
  );
  expect(checks.filter((passed) => passed !== undefined)).toEqual([false, true]);
});

test('check dependencies before use', async () => {
  const model = () =>
    until(
      ['is not installed. Check'],
      (i) => (i === 0 ? shell('frobnicate < /dev/null > out.txt') : finish()),
      [shell('seq 3 | awk "{ s += \\$1 } END { print s }" > out.txt'), finish()],
    );
  const without = await run({ harness: none, model: model() });
  expect(without.out).toBe('');
  const mended = await run({ harness: policy('check-dependencies-before-use'), model: model() });
  expect(mended.out).toBe('6\n');
  expect(mended.rules).toEqual(['list-tools', 'not-found']);
  expect(mended.result.trajectory.steps[2]!.message).toContain('available: bash');
});

test('move from exploration to implementation', async () => {
  const limits = { turns: 25 };
  const told = () => until(['build and verify'], (i) => shell(`echo ${i}`), deliver);
  const without = await run({ harness: none, model: told(), limits });
  expect([without.result.stopReason, without.out]).toEqual(['turn-limit', null]);
  const mended = await run({
    harness: policy('move-from-exploration-to-implementation'),
    model: told(),
    limits,
  });
  expect([mended.result.toolCalls, mended.out]).toEqual([13, 'done\n']);
  const deaf = until(['only explored so far'], (i) => shell(`echo ${i}`), deliver);
  const reminded = await run({
    harness: policy('move-from-exploration-to-implementation'),
    model: deaf,
    limits,
  });
  expect(reminded.out).toBe('done\n');
  expect(reminded.rules).toEqual(['nothing-written']);
});

describe('react to tool errors', () => {
  const failing = (cues: string[]) => until(cues, (i) => shell(`cat nowhere-${i}`), deliver);

  test('two in a row lead to another way', async () => {
    const limits = { turns: 20 };
    const without = await run({ harness: none, model: failing(['calls in a row have failed']), limits });
    expect([without.result.stopReason, without.out]).toEqual(['turn-limit', null]);
    const mended = await run({
      harness: policy('react-to-tool-errors'),
      model: failing(['calls in a row have failed']),
      limits,
    });
    expect([mended.result.stopReason, mended.out]).toEqual(['finished', 'done\n']);
    expect(mended.rules).toEqual(['remind-of-artifacts', 'change-approach']);
  });

  test('nothing but errors ends the run', async () => {
    const { result } = await run({ harness: policy('react-to-tool-errors'), model: failing(['never said']) });
    expect(result).toMatchObject({
      stopReason: 'rule-stop',
      finalText: '25 tool errors in a row',
      toolCalls: 25,
    });
  });
});

describe('write content verbatim', () => {
  const harness = policy('write-content-verbatim');

  test('the words of the tool reach the model', async () => {
    const model: Line = (request) => {
      if (request.messages.length > 2) return finish();
      const told = request
        .tools!.find(({ name }) => name === 'write')!
        .description.includes('no tags around it');
      return write(told ? 'x\n' : '<content>x</content>\n');
    };
    expect((await run({ harness: none, model })).out).toBe('<content>x</content>\n');
    expect((await run({ harness, model })).out).toBe('x\n');
  });

  test('malformed arguments are answered', async () => {
    const model = () =>
      until(
        ['Content goes in verbatim'],
        (i) => (i === 0 ? { calls: [['write', { path: 'out.txt', text: '<content>x' }]] } : finish()),
        deliver,
      );
    expect((await run({ harness: none, model: model() })).out).toBeNull();
    expect((await run({ harness, model: model() })).out).toBe('done\n');
  });
});
