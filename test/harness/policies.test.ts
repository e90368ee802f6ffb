/** The policies that the models of the paper gave themselves: each can be said as rules or settings, and holds when it should. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHarness } from '../../src/harness/parse.js';
import type { RuleContext } from '../../src/harness/rule-context.js';
import { compileRules } from '../../src/harness/rules.js';
import type { Harness } from '../../src/harness/schema.js';
import { contextWith } from './contexts.js';
import { valid } from './harnesses.js';

const FOLDER = join(__dirname, 'policies');
const files = readdirSync(FOLDER).sort();
const policy = (name: string): Harness =>
  valid(parseHarness(readFileSync(join(FOLDER, `${name}.yaml`), 'utf8'), name));

/** `rule action`, in order, of what a policy does in a fresh trial. */
function acts(name: string, context: RuleContext): string[] {
  const compiled = compileRules(policy(name));
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const { fired, errors } = compiled.engine.evaluate(context.event, context);
  expect(errors).toEqual([]);
  return fired.flatMap(({ rule, actions }) => actions.map(({ action }) => `${rule} ${action}`));
}

test('the catalogue is whole: each file validates and is named after its policy', () => {
  expect(files.map((file) => policy(file.replace('.yaml', '')).name)).toEqual(
    files.map((file) => file.replace('.yaml', '')),
  );
  expect(files).toHaveLength(11);
});

const missing = { declared: ['/app/out.txt'], missing: ['/app/out.txt'] };
const shell = (command: string) => ({ tool: 'shell', command });

test.each<[string, string, Partial<Parameters<typeof contextWith>[0]>, string[]]>([
  ['loop-breaker-after-50-tool-calls', 'at the 50th call', { toolCalls: 50 }, ['loop-breaker inject']],
  ['loop-breaker-after-50-tool-calls', 'not before', { toolCalls: 49 }, []],
  [
    'create-artifacts-early',
    'at the start',
    { event: 'start', artifacts: missing },
    ['name-artifacts inject'],
  ],
  ['create-artifacts-early', 'not for tasks without artifacts', { event: 'start' }, []],
  [
    'create-artifacts-early',
    'while one is missing and nothing is written',
    { toolCalls: 9, callsSinceWrite: 9, artifacts: missing },
    ['remind-of-artifacts inject'],
  ],
  [
    'create-artifacts-early',
    'not while something is being written',
    { toolCalls: 9, callsSinceWrite: 1, artifacts: missing },
    [],
  ],
  [
    'forbid-duplicate-commands-after-failure',
    'the repeat of a failure',
    {
      event: 'before-tool',
      consecutiveErrors: 1,
      call: { ...shell('cp a b'), identicalBefore: 1, identicalFailuresBefore: 1, repeatsLastFailure: true },
    },
    ['no-duplicates block'],
  ],
  [
    'forbid-duplicate-commands-after-failure',
    'not once another call has succeeded',
    {
      event: 'before-tool',
      consecutiveErrors: 0,
      call: { ...shell('cp a b'), identicalBefore: 1, identicalFailuresBefore: 1, repeatsLastFailure: true },
    },
    [],
  ],
  [
    'forbid-duplicate-commands-after-failure',
    'not the repeat of a success',
    { event: 'before-tool', consecutiveErrors: 1, call: { ...shell('ls'), identicalBefore: 3 } },
    [],
  ],
  [
    'recreate-missing-artifact-after-file-error',
    'a deleted artifact',
    {
      event: 'after-tool',
      call: shell('rm /app/out.txt'),
      artifacts: { ...missing, deleted: ['/app/out.txt'] },
    },
    ['recreate-deleted inject'],
  ],
  [
    'recreate-missing-artifact-after-file-error',
    'a file error',
    {
      event: 'after-tool',
      call: shell('mv x /app/out.txt'),
      result: { ok: false, exitCode: 1, output: 'mv: File exists' },
      artifacts: missing,
    },
    ['file-error inject'],
  ],
  [
    'recreate-missing-artifact-after-file-error',
    'not another error',
    { event: 'after-tool', result: { ok: false, exitCode: 1, output: 'syntax error' }, artifacts: missing },
    [],
  ],
  [
    'recreate-missing-artifact-after-file-error',
    'no finish without it',
    { event: 'before-finish', artifacts: missing },
    ['not-without-artifacts refuse-finish'],
  ],
  ['recreate-missing-artifact-after-file-error', 'a finish with it', { event: 'before-finish' }, []],
  [
    'persist-shell-environment',
    'a changed PATH',
    { event: 'after-tool', call: shell('cd /opt && export PATH=/opt/bin:$PATH') },
    ['verify-path inject'],
  ],
  ['persist-shell-environment', 'not a printed one', { event: 'after-tool', call: shell('echo $PATH') }, []],
  [
    'bound-downloads-and-computation',
    'an unbounded download',
    { event: 'before-tool', call: shell('cd /tmp; curl -O http://x/y') },
    ['bounded-downloads block'],
  ],
  [
    'bound-downloads-and-computation',
    'not a bounded one',
    { event: 'before-tool', call: shell('timeout 60 curl -O http://x/y') },
    [],
  ],
  [
    'bound-downloads-and-computation',
    'not the mere word',
    { event: 'before-tool', call: shell('grep -n curl /app/notes.txt') },
    [],
  ],
  [
    'bound-downloads-and-computation',
    'a timeout',
    { event: 'after-tool', result: { ok: false, timedOut: true, exitCode: 124 } },
    ['switch-after-timeout inject'],
  ],
  [
    'repair-failed-checks-before-finish',
    'a failed check',
    { event: 'before-finish', check: { ran: true, passed: false } },
    ['repair-first refuse-finish'],
  ],
  [
    'repair-failed-checks-before-finish',
    'not a passed one',
    { event: 'before-finish', check: { ran: true, passed: true } },
    [],
  ],
  ['repair-failed-checks-before-finish', 'not when there was none', { event: 'before-finish' }, []],
  ['check-dependencies-before-use', 'the start', { event: 'start' }, ['list-tools run']],
  [
    'check-dependencies-before-use',
    'a command that is not there',
    { event: 'after-tool', call: shell('jq .'), result: { ok: false, exitCode: 127 } },
    ['not-found inject'],
  ],
  [
    'check-dependencies-before-use',
    'not another failure',
    { event: 'after-tool', call: shell('jq .'), result: { ok: false, exitCode: 1 } },
    [],
  ],
  [
    'move-from-exploration-to-implementation',
    'nothing written for long',
    { callsSinceWrite: 15 },
    ['nothing-written inject'],
  ],
  [
    'move-from-exploration-to-implementation',
    'not once something is',
    { callsSinceWrite: 15, filesWritten: ['/app/a'] },
    [],
  ],
  [
    'react-to-tool-errors',
    'errors in a row',
    { event: 'after-tool', consecutiveErrors: 2, result: { ok: false, exitCode: 1 }, artifacts: missing },
    ['change-approach inject', 'remind-of-artifacts inject'],
  ],
  ['react-to-tool-errors', 'not a success', { event: 'after-tool', artifacts: missing }, []],
  [
    'react-to-tool-errors',
    'errors without end',
    { event: 'after-tool', consecutiveErrors: 25, result: { ok: false } },
    ['change-approach inject', 'give-up stop'],
  ],
  [
    'write-content-verbatim',
    'a file tool that failed',
    { event: 'after-tool', call: { tool: 'write' }, result: { ok: false } },
    ['malformed-call inject'],
  ],
  [
    'write-content-verbatim',
    'not a shell that failed',
    { event: 'after-tool', call: shell('x'), result: { ok: false } },
    [],
  ],
])('%s: %s', (name, _, context, expected) => {
  expect(acts(name, contextWith(context))).toEqual(expected);
});

test('policies that are settings set them', () => {
  expect(policy('persist-shell-environment').tools.builtin.shell.persistEnvironment).toBe(true);
  expect(policy('bound-downloads-and-computation').tools.builtin.shell.timeoutSeconds).toBe(60);
  expect(
    policy('move-from-exploration-to-implementation').orchestration.phases.implement?.afterToolCalls,
  ).toBe(12);
  expect(policy('create-artifacts-early').orchestration.artifacts.source).toBe('instruction');
});

test.each([
  ['./check.sh', true],
  ['bash /app/verify-all.sh --fast', true],
  ['cd /app && make test', true],
  ['cd /app && ./check', true],
  ['cat README.md', false],
  ['cat /app/check.sh', false],
  ['echo make tests', false],
])('which commands count as checks: %s', (command, expected) => {
  const { checks } = policy('repair-failed-checks-before-finish').orchestration;
  const when = Object.values(checks)
    .map(({ match }) => `call.command.matches(${JSON.stringify(match)})`)
    .join(' || ');
  const compiled = compileRules(
    valid(
      parseHarness(
        { name: 'a', rules: { r: { on: 'before-tool', when, do: [{ action: 'stop' }] } } },
        'test',
      ),
    ),
  );
  if (!compiled.ok) throw new Error(compiled.problems[0]!.message);
  expect(
    compiled.engine.evaluate('before-tool', contextWith({ call: shell(command) })).fired.length > 0,
  ).toBe(expected);
});
