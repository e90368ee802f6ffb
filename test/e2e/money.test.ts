/**
 * A cap, as the endpoint's own bill sees it: sixteen trials at once, worker and server stopped midway, the workflow ended and
 * started again under its name. What is billed passes the cap by no more than the dearest trial.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { profiles } from '../../src/simulation/profiles.js';
import { type Simulation, startSimulation } from '../../src/simulation/server.js';
import { createFileStore } from '../../src/store/file.js';
import { TRIALS } from '../../src/trial/key.js';
import type { TrialResult } from '../../src/trial/types.js';
import { cleanEnv, cli, scratch } from '../support/cli.js';
import { type RecordingProxy, recordingProxy } from '../support/recording-proxy.js';
import { until } from '../support/temporal.js';

const SUITE = resolve(__dirname, '../../suites/terminal-basics');
const CAP = 450_000;

let simulation: Simulation;
let proxy: RecordingProxy;
let dir: string;
let state: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  const models = profiles.filter(({ name }) => name === 'sim-minimax');
  simulation = await startSimulation({ suiteDir: SUITE, models });
  proxy = await recordingProxy(simulation.url);
  dir = scratch();
  state = join(dir, 'state');
  env = cleanEnv({ OPENAI_BASE_URL: proxy.url, OPENAI_API_KEY: 'simulated' });
});

afterAll(async () => {
  await cli(['server', 'stop', '--state', state], { env });
  await proxy.close();
  await simulation.close();
  rmSync(dir, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli([...args, '--state', state], { env });
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return stdout;
}

const status = async () => JSON.parse(await run('status', 'capped', '--json'));

async function dearestTrial(): Promise<number> {
  const store = createFileStore(join(state, 'store'));
  const costs: number[] = [];
  for await (const key of store.listKeyed(TRIALS)) {
    const { promptTokens, completionTokens } = (await store.getKeyed<TrialResult>(TRIALS, key))!;
    costs.push(promptTokens + completionTokens);
  }
  return Math.max(...costs);
}

test('the endpoint never bills more than the cap and one trial, whatever stops and starts again', async () => {
  const file = join(dir, 'capped.json');
  const sizes = { split: { heldIn: 14, heldOut: 7, sealed: 0 }, rounds: 1, finalAttempts: 1 };
  const model = { name: 'sim-minimax', contextTokens: 16_000, sampling: { maxTokens: 2000 } };
  const calibration = { enabled: false };
  const controls = ['no-op', 'best-of-n'];
  const config = { name: 'capped', suite: SUITE, ...sizes, model, calibration, controls, concurrency: 16 };
  writeFileSync(file, JSON.stringify({ ...config, budget: { tokens: CAP } }));

  await run('evolve', file, '--trials', '16', '--detach');
  await until(() => proxy.tokens() > CAP / 3);
  await run('server', 'stop');
  const standing = JSON.parse(await run('evolve', file, '--trials', '16', '--json'));
  expect(standing).toMatchObject({ status: 'budget-stopped', rounds: [{ decision: 'budget-stopped' }] });
  const atCap = proxy.tokens();
  expect(atCap).toBeGreaterThan(CAP / 2);
  expect(atCap).toBeLessThanOrEqual(CAP + (await dearestTrial()));

  await run('stop', 'capped');
  await until(async () => (await status()).status === 'budget-stopped');
  const again = JSON.parse(await run('evolve', file, '--trials', '16', '--again', '--json'));
  expect(again).toMatchObject({ status: 'budget-stopped' });
  expect(proxy.tokens()).toBeLessThanOrEqual(CAP + (await dearestTrial()));
  const { earlier } = (await status()).state.prepared;
  expect(earlier.promptTokens + earlier.completionTokens).toBeGreaterThan(CAP / 2);

  await run('budget', 'capped', '--tokens', '50000000');
  const finished = JSON.parse(await run('watch', 'capped', '--json'));
  expect(finished.status).toBe('finished');
  const arms = finished.controls.rows.map(({ arm }: { arm: string }) => arm);
  expect(arms).toEqual(
    expect.arrayContaining(['evolved', 'no-op', 'best-of-n, by verifier', 'best-of-n, by vote']),
  );
  for (const { heldOut } of finished.controls.rows) expect(heldOut.rate.value).toBeGreaterThan(0);
  // What it tells is what was billed, but for answers that were cut off when the worker was stopped.
  const { promptTokens, completionTokens } = finished.spend;
  const told = promptTokens + completionTokens + earlier.promptTokens + earlier.completionTokens;
  expect(told).toBeLessThanOrEqual(proxy.tokens());
  expect(told).toBeGreaterThan(0.95 * proxy.tokens());
}, 600_000);
