/** All three workflows by the Temporal CLI and plain JSON, against the worker as its user runs it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type AgentEndpoint, agentEndpoint } from '../support/agent-endpoint.js';
import { cleanEnv, scratch } from '../support/cli.js';
import { leftovers } from '../support/leftovers.js';
import { uniqueId, until } from '../support/temporal.js';

const BIN = resolve(__dirname, '../../bin/self-harness.js');
const NAMESPACE = `test-${process.env.JEST_WORKER_ID ?? '1'}`;

let dir: string;
let endpoint: AgentEndpoint;
let worker: ChildProcess;

beforeAll(async () => {
  dir = scratch();
  endpoint = await agentEndpoint(1, 20);
  const ready = join(dir, 'ready');
  worker = spawn(
    process.execPath,
    [BIN, 'worker', '--state', join(dir, 'state'), '--trials', '4', '--ready-file', ready],
    {
      env: cleanEnv({
        TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS!,
        TEMPORAL_NAMESPACE: NAMESPACE,
        OPENAI_BASE_URL: endpoint.url,
        OPENAI_API_KEY: 'test-key',
      }),
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  await until(() => existsSync(ready));
});

afterAll(async () => {
  const ended = new Promise((done) => worker.once('exit', done));
  worker.kill('SIGTERM');
  await ended;
  await endpoint.close();
  rmSync(dir, { recursive: true, force: true });
});

interface Answer {
  ok: boolean;
  output: string;
}

function temporal(...args: string[]): Promise<Answer> {
  const all = [...args, '--address', process.env.TEST_TEMPORAL_ADDRESS!, '--namespace', NAMESPACE];
  return new Promise((done) =>
    execFile(process.env.TEST_TEMPORAL_EXECUTABLE!, all, { env: cleanEnv() }, (error, stdout, stderr) =>
      done({ ok: error === null, output: `${stdout}${stderr}` }),
    ),
  );
}

const start = (type: string, workflowId: string, input: unknown) =>
  temporal(
    ...['workflow', 'start', '--task-queue', 'self-harness', '--type', type],
    ...['--workflow-id', workflowId, '--input', JSON.stringify(input)],
  );

const result = (workflowId: string) => temporal('workflow', 'result', '--workflow-id', workflowId);

// biome-ignore lint/suspicious/noExplicitAny: plain JSON of another program, looked into by assertions only
async function resultOf(workflowId: string): Promise<any> {
  const { ok, output } = await temporal('workflow', 'result', '-o', 'json', '--workflow-id', workflowId);
  expect({ ok, output }).toMatchObject({ ok: true });
  return JSON.parse(output).result;
}

// biome-ignore lint/suspicious/noExplicitAny: as above
async function query(workflowId: string, type: string): Promise<any> {
  const { output } = await temporal(
    ...['workflow', 'query', '-o', 'json', '--workflow-id', workflowId, '--type', type],
  );
  return JSON.parse(output).queryResult[0];
}

const update = (workflowId: string, name: string, input?: unknown) =>
  temporal(
    ...['workflow', 'update', 'execute', '--workflow-id', workflowId, '--name', name],
    ...(input === undefined ? [] : ['--input', JSON.stringify(input)]),
  );

const config = (name: string, more: object = {}) => ({
  name,
  suite: 'terminal-basics',
  split: { heldIn: 3, heldOut: 2, sealed: 0, seed: 7 },
  model: { name: 'patient' },
  rounds: 1,
  width: 1,
  finalAttempts: 1,
  calibration: { enabled: false },
  concurrency: 4,
  limits: { turns: 6, agentSeconds: 30 },
  ...more,
});

test.each([
  ['evolveHarness', { ...config('bad'), rounds: 'many' }, 'rounds'],
  ['evolveHarness', { ...config('bad'), budgte: {} }, 'budgte'],
  ['evolveHarness', 'evolution.yaml', '(document)'],
  ['evolveHarness', { ...config('bad'), suite: '/nowhere/at/all' }, '/nowhere/at/all'],
  ['calibrateHarness', 'evolution.yaml', '(document)'],
  ['calibrateHarness', { ...config('bad'), calibration: { attempts: 0 } }, 'calibration.attempts'],
  ['runRound', { config: { ...config('bad'), width: 0 } }, 'width'],
  ['runRound', { ...config('bad') }, 'name'],
  ['runRound', { prepared: {}, round: 1, incumbent: 'seed' }, 'prepared'],
  ['runTrials', { config: config('bad'), attempts: 'two' }, 'attempts'],
  ['runTrials', { config: { ...config('bad'), model: {} } }, 'model.name'],
])('%s with wrong input fails at once and says the field (%#)', async (type, input, field) => {
  const workflowId = uniqueId('bad');
  const before = endpoint.requests;
  expect(await start(type, workflowId, input)).toMatchObject({ ok: true });
  const { ok, output } = await result(workflowId);
  expect(ok).toBe(false);
  expect(output).toContain(field);
  expect(output).toMatch(/found|expected/);
  expect(output).not.toMatch(/^ *at /m);
  expect(endpoint.requests).toBe(before);
});

test('runTrials alone measures a harness', async () => {
  const workflowId = uniqueId('run');
  await start('runTrials', workflowId, { config: config('measured'), split: 'heldIn', attempts: 2 });
  const measured = await resultOf(workflowId);
  expect(measured).toMatchObject({ spend: { trials: 6, invalid: 0 }, tasks: expect.any(Array) });
  expect(measured.outcomes).toMatch(/^[PF]{6}$/);
  expect(measured.passRate.value).toBeCloseTo((measured.outcomes.split('P').length - 1) / 6);
});

test('runRound alone runs a round', async () => {
  const workflowId = uniqueId('round');
  await start('runRound', workflowId, { config: config('rounded') });
  const round = await resultOf(workflowId);
  expect(round).toMatchObject({ round: 1, record: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(round.observed.value).toBeGreaterThanOrEqual(0);
});

test('an evolution is watched, paused, resumed, given a budget and stopped', async () => {
  const workflowId = `evolve/${uniqueId('steered')}`;
  await start('evolveHarness', workflowId, config('steered', { rounds: 3 }));
  await until(async () => (await query(workflowId, 'state')).prepared !== null);
  expect((await update(workflowId, 'pause', 'to look at it')).output).toContain('paused');
  expect(await query(workflowId, 'state')).toMatchObject({ paused: 'to look at it', final: null });
  expect((await update(workflowId, 'setBudget', { trails: 5 })).output).toContain('budget.trails');
  expect((await update(workflowId, 'setBudget', { trials: 500 })).output).toContain('500');
  expect((await query(workflowId, 'state')).prepared.budget).toEqual({ trials: 500 });
  expect((await update(workflowId, 'resume')).output).toContain('resumed');
  expect((await update(workflowId, 'resume')).output).toContain('not paused');
  expect((await update(workflowId, 'stop')).output).toContain('stopping');
  expect(await resultOf(workflowId)).toMatchObject({ status: 'stopped', final: null });
});

test('an evolution that nobody disturbs comes to its end', async () => {
  const workflowId = `evolve/${uniqueId('whole')}`;
  await start('evolveHarness', workflowId, config('whole'));
  const evolution = await resultOf(workflowId);
  expect(evolution).toMatchObject({ status: 'finished', name: 'whole' });
  expect(evolution.final.heldOutBefore).not.toBeNull();
  const described = await temporal('workflow', 'describe', '--workflow-id', workflowId);
  for (const rate of ['HarnessHeldIn', 'HarnessHeldOut']) expect(described.output).toContain(rate);
});

test('a cancelled evolution leaves no sandbox behind', async () => {
  const workflowId = `evolve/${uniqueId('cancelled')}`;
  await start('evolveHarness', workflowId, config('cancelled'));
  const running = () => leftovers(join(dir, 'state'), worker.pid!).some((left) => left.startsWith('process'));
  await until(running);
  await temporal('workflow', 'cancel', '--workflow-id', workflowId);
  expect((await result(workflowId)).output.toLowerCase()).toContain('cancel');
  expect(running()).toBe(false);
});
