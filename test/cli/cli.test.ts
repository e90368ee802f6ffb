/** The command line as people meet it: exit codes, what an error says, JSON for programs. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fakeEndpoint, json } from '../model/fake-endpoint.js';
import { minimalTask, writeFiles } from '../suite/fixtures.js';
import { cleanEnv, cli, scratch } from '../support/cli.js';

let dir: string;

beforeAll(() => {
  dir = scratch();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test.each([
  ['an unknown command', ['evovle'], 'unknown command'],
  ['an unknown option', ['status', '--jsn'], 'unknown option'],
  ['a number that is none', ['worker', '--trials', 'many'], 'expected a whole number above 0'],
  ['a role that does not exist', ['worker', '--role', 'cook'], 'expected workflows, models, sandboxes'],
  ['a missing argument', ['watch'], 'missing required argument'],
  ['an action that does not exist', ['server', 'sotp'], 'Allowed choices are start, stop'],
])('%s is wrong usage: exit code 2', async (_, args, words) => {
  const run = await cli(args);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain(words);
});

test('help and version are no errors', async () => {
  expect((await cli(['--help'])).code).toBe(0);
  expect(await cli(['--version'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^self-harness \d/),
  });
});

test('init makes the folder, writes two commented files and never overwrites them', async () => {
  const folder = join(dir, 'my', 'agent');
  const first = await cli(['init', folder, '--json']);
  expect(first.code).toBe(0);
  const { written } = JSON.parse(first.stdout);
  expect(written.map((path: string) => existsSync(path))).toEqual([true, true]);
  const before = readFileSync(written[0], 'utf8');
  const second = await cli(['init', folder]);
  expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('not overwritten') });
  expect(readFileSync(written[0], 'utf8')).toBe(before);
  const validated = await cli(['harness', 'validate', join(folder, 'harness.yaml'), '--json']);
  expect(JSON.parse(validated.stdout)).toMatchObject({
    ok: true,
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('a wrong configuration is refused with file, field, found and expected, and nothing is started', async () => {
  const file = join(dir, 'wrong.yaml');
  writeFileSync(file, 'suite: terminal-basics\nmodel: { name: m }\nrounds: many\nbudgte: {}\n');
  const state = join(dir, 'wrong-state');
  const run = await cli(['evolve', file, '--state', state]);
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(/wrong\.yaml: rounds: found "many"/);
  expect(run.stderr).toMatch(/wrong\.yaml: budgte/);
  expect(existsSync(state)).toBe(false);
});

test('a wrong harness is refused with its place', async () => {
  const file = join(dir, 'harness-wrong.yaml');
  writeFileSync(
    file,
    'name: mine\nrules:\n  stop-it: { on: after-tool, when: "toolCals > 50", do: [{ action: stop }] }\n',
  );
  const run = await cli(['harness', 'validate', file]);
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(/harness-wrong\.yaml.*rules\.stop-it/);
  expect(run.stderr).toContain('toolCals');
});

test('a suite that is none is refused', async () => {
  const run = await cli(['suite', 'check', join(dir, 'nothing-here')]);
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('nothing-here');
});

test('without a server, commands say how to start one', async () => {
  const run = await cli(['status', '--state', join(dir, 'no-state')]);
  expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('self-harness server') });
});

test('a state folder that cannot be made is a sentence with a remedy', async () => {
  const file = join(dir, 'a-file');
  writeFileSync(file, '');
  const run = await cli(['server', '--state', join(file, 'state')]);
  expect(run).toMatchObject({ code: 1, stderr: expect.stringMatching(/a-file.*--state/) });
  expect(run.stderr).not.toContain('SELF_HARNESS_DEBUG');
});

test('an empty registry says so, and an unknown version is refused', async () => {
  const state = join(dir, 'empty');
  expect(JSON.parse((await cli(['harness', 'list', '--state', state, '--json'])).stdout)).toEqual({
    refs: {},
    versions: [],
  });
  expect((await cli(['harness', 'show', 'champion', '--state', state])).code).toBe(1);
});

test('the seed is shown as YAML that validates', async () => {
  const shown = await cli(['harness', 'show', 'seed']);
  const file = join(dir, 'shown.yaml');
  writeFileSync(file, shown.stdout);
  expect((await cli(['harness', 'diff', 'seed', file])).stdout.trim()).toBe('no difference');
});

test('doctor names each check, and a remedy for each that fails', async () => {
  const { checks } = JSON.parse((await cli(['doctor', '--json'])).stdout);
  expect(checks.map(({ check }: { check: string }) => check)).toEqual(
    expect.arrayContaining(['Node', 'build', 'Temporal', 'disk']),
  );
  for (const check of checks) if (!check.ok) expect(check.remedy).not.toBe('');
});

test('doctor asks the endpoints of a configuration, and says where there is none', async () => {
  const endpoint = await fakeEndpoint((_body, response) => json(response, 401, { error: { message: 'no' } }));
  const file = join(dir, 'models.yaml');
  writeFileSync(
    file,
    `suite: terminal-basics\nmodel: { name: m, endpoint: { baseUrl: "${endpoint.url}" } }\n`,
  );
  const checksOf = async (args: string[], env: NodeJS.ProcessEnv) => {
    const run = await cli(['doctor', ...args, '--json'], { env });
    return { code: run.code, checks: JSON.parse(run.stdout).checks as { check: string; remedy: string }[] };
  };
  const configured = await checksOf([file], cleanEnv({ OPENAI_API_KEY: 'k' }));
  const missing = await checksOf([join(dir, 'no-such.yaml')], cleanEnv());
  await endpoint.close();
  expect(configured.code).toBe(1);
  expect(configured.checks.at(-1)).toMatchObject({
    check: 'model endpoint',
    ok: false,
    detail: 'the key is refused',
  });
  expect(missing.checks.at(-1)).toMatchObject({ check: 'configuration', ok: false });
  expect(missing.checks.at(-1)!.remedy).toContain('init');
});

test('suite check: unhealthy tasks fail it, or go to a quarantine file that is never overwritten', async () => {
  const suite = join(dir, 'suite');
  await writeFiles(join(suite, 'sound'), {
    ...minimalTask,
    'tests/test.sh':
      '#!/bin/bash\n[ -e /app/done ] && echo 1 >/logs/verifier/reward.txt || echo 0 >/logs/verifier/reward.txt\n',
    'solution/solve.sh': '#!/bin/bash\nmkdir -p /app; touch /app/done\n',
  });
  await writeFiles(join(suite, 'generous'), {
    ...minimalTask,
    'tests/test.sh': '#!/bin/bash\necho 1 >/logs/verifier/reward.txt\n',
  });
  const args = ['suite', 'check', suite, '--state', join(dir, 'check-state')];
  const plain = await cli([...args, '--json']);
  expect(plain.code).toBe(1);
  expect(plain.stderr).toMatch(/unhealthy generous: no-op: reward 1/);
  expect(JSON.parse(plain.stdout).tasks).toMatchObject([
    { name: 'generous', oracle: 1, noop: 1, healthy: false, runs: 1 },
    { name: 'sound', oracle: 1, noop: 0, healthy: true, reason: '', runs: 1 },
  ]);
  const file = join(dir, 'quarantine.yaml');
  const written = await cli([...args, '--repeat', '1', '--write', file]);
  expect(written).toMatchObject({
    code: 0,
    stdout: '1 of 2 tasks are healthy: oracle = 1, no-op = 0, in each of 2 runs\n',
  });
  expect(readFileSync(file, 'utf8')).toMatch(/^generous: .*no-op: reward 1/m);
  expect(await cli([...args, '--write', file])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('not overwritten'),
  });
});

test('evolve refuses a quarantine file that is wrong, with its place, before anything is started', async () => {
  const file = join(dir, 'with-quarantine.yaml');
  writeFileSync(file, 'suite: terminal-basics\nmodel: { name: m }\nquarantine: left-out.yaml\n');
  writeFileSync(join(dir, 'left-out.yaml'), 'lost-commits: [flaky]\n');
  const run = await cli(['evolve', file, '--state', join(dir, 'quarantine-state')]);
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(/left-out\.yaml: lost-commits: found \["flaky"\], expected a text/);
  expect(existsSync(join(dir, 'quarantine-state'))).toBe(false);
});
