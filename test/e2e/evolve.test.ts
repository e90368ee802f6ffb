/**
 * The whole program as its user runs it: command line, server, worker, sandboxes, verifiers, and a simulated model with
 * one planted weakness. The weakness has to be found, the right surface edited, the edit promoted; a model with nothing
 * to mend gets nothing.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Profile, profiles, proneness } from '../../src/simulation/profiles.js';
import { type Simulation, startSimulation } from '../../src/simulation/server.js';
import { knowSuite } from '../../src/simulation/tasks.js';
import { explorer } from '../../src/simulation/weaknesses/explorer.js';
import type { EvolutionResult } from '../../src/workflows/types.js';
import { cleanEnv, cli, scratch } from '../support/cli.js';

const SUITE = resolve(__dirname, '../../suites/terminal-basics');

/** Able to do every task, but lost in exploration on half of them. */
const planted: Profile = {
  name: 'sim-planted',
  never: 0,
  always: 1,
  weaknesses: [{ weakness: explorer, share: 0.4 }],
  activation: 1,
  compliance: { instruction: 0.9, injected: 1, blocked: 1, refused: 1 },
};
const steady = profiles.find(({ name }) => name === 'sim-steady')!;

let simulation: Simulation;
let dir: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  simulation = await startSimulation({ suiteDir: SUITE, models: [planted, steady] });
  dir = scratch();
  env = cleanEnv({ OPENAI_BASE_URL: simulation.url, OPENAI_API_KEY: 'simulated' });
});

afterAll(async () => {
  await cli(['server', 'stop', '--state', join(dir, 'state')], { env });
  await simulation.close();
  rmSync(dir, { recursive: true, force: true });
});

async function evolve(name: string, config: object): Promise<EvolutionResult> {
  const file = join(dir, `${name}.yaml`);
  writeFileSync(file, JSON.stringify({ name, suite: SUITE, concurrency: 6, seed: 3, ...config }));
  const run = await cli(['evolve', file, '--state', join(dir, 'state'), '--trials', '4', '--json'], { env });
  if (run.code !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

test('a planted weakness is found, mended on the right surface, and promoted', async () => {
  const prone = [...proneness(planted, knowSuite(SUITE)).keys()];
  const others = knowSuite(SUITE)
    .tasks.map(({ name }) => name)
    .filter((name) => !prone.includes(name));
  const split = join(dir, 'split.json');
  writeFileSync(
    split,
    JSON.stringify({
      heldIn: [...prone.slice(0, 8), ...others.slice(0, 5)],
      heldOut: [...prone.slice(8, 14), ...others.slice(5, 9)],
    }),
  );
  const result = await evolve('planted', {
    split: { file: split },
    model: { name: 'sim-planted' },
    rounds: 2,
    finalAttempts: 1,
  });

  const [first] = result.rounds;
  expect(first!.weaknesses[0]!.id).toContain('endless-exploration');
  const promoted = result.rounds
    .flatMap(({ proposals }) => proposals)
    .filter(({ decision }) => decision === 'promoted');
  expect(promoted.length).toBeGreaterThan(0);
  const surfaces = promoted.map(({ surface }) => surface);
  expect(
    surfaces.some((surface) => ['rules', 'instructions', 'orchestration', 'runtime'].includes(surface!)),
  ).toBe(true);
  expect(result.champion).not.toBe(result.seedHarness);
  expect(result.final!.heldOutAfter!.value).toBeGreaterThan(result.final!.heldOutBefore!.value + 0.2);

  const verified = await cli(['harness', 'verify', '--state', join(dir, 'state'), '--json'], { env });
  expect(JSON.parse(verified.stdout).ok).toBe(true);
  const shown = await cli(['harness', 'show', 'champion', '--state', join(dir, 'state'), '--json'], { env });
  expect(JSON.parse(shown.stdout).digest).toBe(result.champion);

  const told = await cli(['report', 'planted', '--state', join(dir, 'state'), '--json'], { env });
  const report = JSON.parse(told.stdout);
  expect(report).toMatchObject({ status: 'finished', champion: result.champion, spend: result.spend });
  expect(report.contract.splits).toMatchObject({ heldIn: 13, heldOut: 10 });
  const edits = report.rounds.flatMap((round: { proposals: { decision: string; diff: string }[] }) =>
    round.proposals.filter(({ decision }) => decision === 'promoted'),
  );
  expect(edits.length).toBe(promoted.length);
  for (const { diff } of edits) expect(diff).not.toBe('');
  expect(report.ledger.some(({ action }: { action: string }) => action === 'promotion')).toBe(true);
  const read = await cli(['report', 'planted', '--state', join(dir, 'state')], { env });
  expect(read.stdout).toContain('# Evolution planted: finished');
}, 300_000);

test('a model that no harness could mend gets nothing promoted', async () => {
  const result = await evolve('steady', {
    split: { heldIn: 14, heldOut: 7, sealed: 0, seed: 5 },
    model: { name: 'sim-steady' },
    rounds: 1,
    finalAttempts: 0,
    // Levels a tenth of the default ones: by design those let some 3 rounds of 100 promote something no better.
    gate: { confirm: { looks: [1, 2, 3, 4, 6], alphas: [0.003, 0.005, 0.006, 0.008, 0.01] } },
  });
  expect(result.champion).toBe(result.seedHarness);
  expect(result.rounds[0]!.decision).not.toBe('promoted');
}, 300_000);
