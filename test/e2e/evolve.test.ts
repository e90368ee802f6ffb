/**
 * The whole program as its user runs it: command line, server, worker, sandboxes, verifiers, and a simulated model with
 * one planted weakness. The weakness has to be found, the right surface edited, the edit promoted; nothing of heldOut or
 * sealed tasks may stand in what miners and proposers are asked; a model with nothing to mend gets nothing.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LedgerEntry } from '../../src/registry/types.js';
import { type Profile, profiles, proneness } from '../../src/simulation/profiles.js';
import { type Simulation, startSimulation } from '../../src/simulation/server.js';
import { knowSuite } from '../../src/simulation/tasks.js';
import { explorer } from '../../src/simulation/weaknesses/explorer.js';
import type { EvolutionResult } from '../../src/workflows/types.js';
import { cleanEnv, cli, scratch } from '../support/cli.js';
import { type RecordingProxy, recordingProxy } from '../support/recording-proxy.js';
import { outputsByTask, taskMarks, textsOfTask } from '../support/task-marks.js';

const SUITE = resolve(__dirname, '../../suites/terminal-basics');

const known = knowSuite(SUITE);
/** Able to do every task, but lost in exploration on half of them. */
const planted: Profile = {
  name: 'sim-planted',
  never: 0,
  always: 1,
  weaknesses: [{ weakness: explorer, share: 0.4 }],
  activation: 1,
  compliance: { instruction: 0.9, injected: 1, blocked: 1, refused: 1 },
};
const prone = [...proneness(planted, known).keys()];
const others = known.tasks.map(({ name }) => name).filter((name) => !prone.includes(name));
const split = {
  heldIn: [...prone.slice(0, 8), ...others.slice(0, 5)],
  heldOut: [...prone.slice(8, 14), ...others.slice(5, 9)],
  sealed: [...prone.slice(14, 17), ...others.slice(9, 10)],
};
const steady = profiles.find(({ name }) => name === 'sim-steady')!;

let simulation: Simulation;
let proxy: RecordingProxy;
let dir: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  simulation = await startSimulation({ suiteDir: SUITE, models: [planted, steady] });
  proxy = await recordingProxy(simulation.url);
  dir = scratch();
  env = cleanEnv({ OPENAI_BASE_URL: proxy.url, OPENAI_API_KEY: 'simulated' });
});

afterAll(async () => {
  await cli(['server', 'stop', '--state', join(dir, 'state')], { env });
  await proxy.close();
  await simulation.close();
  rmSync(dir, { recursive: true, force: true });
});

async function evolve(name: string, config: object): Promise<EvolutionResult> {
  const file = join(dir, `${name}.yaml`);
  const calibration = { enabled: false };
  writeFileSync(
    file,
    JSON.stringify({ name, suite: SUITE, concurrency: 6, seed: 3, calibration, ...config }),
  );
  const run = await cli(['evolve', file, '--state', join(dir, 'state'), '--trials', '4', '--json'], { env });
  if (run.code !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

test('a planted weakness is found, mended on the right surface, and promoted', async () => {
  writeFileSync(join(dir, 'split.json'), JSON.stringify(split));
  const result = await evolve('planted', {
    split: { file: join(dir, 'split.json') },
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
  expect(report.contract.splits).toMatchObject({ heldIn: 13, heldOut: 10, sealed: 4 });
  const edits = report.rounds.flatMap((round: { proposals: { decision: string; diff: string }[] }) =>
    round.proposals.filter(({ decision }) => decision === 'promoted'),
  );
  expect(edits.length).toBe(promoted.length);
  for (const { diff } of edits) expect(diff).not.toBe('');
  expect(report.ledger.some(({ action }: { action: string }) => action === 'promotion')).toBe(true);
  const read = await cli(['report', 'planted', '--state', join(dir, 'state')], { env });
  expect(read.stdout).toContain('# Evolution planted: finished');
}, 900_000);

test('nothing of heldOut or sealed stood in what miners and proposers were asked, nor in trials of other tasks', async () => {
  const hidden = [...split.heldOut, ...split.sealed];
  const outputs = await outputsByTask(join(dir, 'state'));
  const texts = new Map(
    known.tasks.map(({ name }) => [name, [...textsOfTask(join(SUITE, name)), ...(outputs.get(name) ?? [])]]),
  );
  const marks = taskMarks(texts, hidden);
  // There is something to look for, words of every hidden task and outputs of its trials, and it is found however it is wrapped.
  for (const task of hidden) {
    expect([task, marks.runs.get(task)! > 20, outputs.get(task)!.length > 0]).toEqual([task, true, true]);
    const excerpt = JSON.stringify({ text: texts.get(task)!.join('\n') });
    expect(marks.found(JSON.stringify({ messages: [{ content: excerpt }] }))).toEqual([task]);
  }

  const agents = new Map<string, string[]>();
  const asked: string[] = [];
  for (const body of proxy.bodies) {
    const { tools, messages } = JSON.parse(body) as { tools?: unknown[]; messages: { content?: unknown }[] };
    const contents = messages.map(({ content }) => String(content ?? ''));
    if (!tools?.length) asked.push(body);
    else {
      const own = known.recognise(contents)!.name;
      agents.set(own, [...(agents.get(own) ?? []), body]);
    }
  }
  expect(asked.filter((body) => body.includes('harness_edit')).length).toBeGreaterThan(0);
  expect(asked.filter((body) => !body.includes('harness_edit')).length).toBeGreaterThan(0);
  expect(asked.flatMap((body) => marks.found(body))).toEqual([]);

  // The same look finds each hidden task where it may stand, in the requests of its own trials, and there alone.
  for (const [task, bodies] of agents) {
    const last = bodies.reduce((long, body) => (body.length > long.length ? body : long));
    expect(marks.found(last)).toEqual(hidden.includes(task) ? [task] : []);
  }
  expect(hidden.filter((task) => !agents.has(task))).toEqual([]);
}, 120_000);

test('the sealed split was opened once, after everything; a second opening takes a reason and is marked everywhere', async () => {
  const state = ['--state', join(dir, 'state')];
  const ledger = async (): Promise<LedgerEntry[]> => {
    const log = await cli(['harness', 'log', ...state, '--json'], { env });
    return JSON.parse(log.stdout).filter(({ evolution }: LedgerEntry) => evolution === 'planted');
  };
  const watched = async (): Promise<EvolutionResult> =>
    JSON.parse((await cli(['watch', 'planted', ...state, '--json'], { env })).stdout);
  const opened = (entries: LedgerEntry[]) => entries.filter(({ action }) => action === 'seal-opened');
  const before = await ledger();
  expect(opened(before).map(({ splitUse }) => splitUse)).toEqual([
    expect.objectContaining({ split: 'sealed', tasks: 4, count: 1 }),
  ]);
  expect(before.at(-1)!.action).toBe('seal-opened');
  const uses = before.flatMap(({ splitUse }) => (splitUse?.split === 'heldOut' ? [splitUse.count] : []));
  const result = await watched();
  expect(uses).toEqual(result.rounds.flatMap(({ heldOutUses }) => heldOutUses ?? []));
  expect(result.final).toMatchObject({ sealedOpenings: 1, sealedNote: '' });
  expect(result.final!.sealedAfter!.value).toBeGreaterThan(result.final!.sealedBefore!.value);

  const silent = await cli(['unseal', 'planted', ...state], { env });
  expect(silent.code).toBe(1);
  expect(silent.stderr).toMatch(/opened once[\s\S]*needs --reason/);
  expect(await ledger()).toEqual(before);

  const unseal = ['unseal', 'planted', '--reason', 'the audit', '--attempts', '1', ...state, '--json'];
  const again = await cli(unseal, { env });
  if (again.code !== 0) throw new Error(again.stderr);
  expect(JSON.parse(again.stdout)).toMatchObject({ sealedOpenings: 2, reason: 'the audit', sealedNote: '' });
  expect(opened(await ledger()).map(({ reason, splitUse }) => [reason, splitUse!.count])).toEqual([
    ['', 1],
    ['the audit', 2],
  ]);
  expect((await watched()).final).toMatchObject({ ...result.final, sealedOpenings: 2 });
  const report = await cli(['report', 'planted', ...state], { env });
  expect(report.stdout).toContain('opened 2 times');
  const log = await cli(['harness', 'log', ...state], { env });
  expect(log.stdout).toMatch(/the audit\n.*sealed [0-9a-f]{12}, 4 tasks: opened 2 times/);
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
