/** Worker and server killed with SIGKILL in the middle of an evolution: it goes on, and no finished trial is run again. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { isAlive } from '../../src/alive.js';
import { trialSeed } from '../../src/trial/key.js';
import { type AgentEndpoint, agentEndpoint } from '../support/agent-endpoint.js';
import { cleanEnv, cli, scratch } from '../support/cli.js';
import { leftovers } from '../support/leftovers.js';
import { until } from '../support/temporal.js';

const TASKS = 6;
let endpoint: AgentEndpoint;
let dir: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  endpoint = await agentEndpoint(3, 120);
  dir = scratch();
  env = cleanEnv({ OPENAI_BASE_URL: endpoint.url, OPENAI_API_KEY: 'test-key-that-is-secret' });
});

afterAll(async () => {
  await cli(['server', 'stop', '--state', join(dir, 'state')], { env });
  await endpoint.close();
  rmSync(dir, { recursive: true, force: true });
});

interface Stored {
  key: string;
  seconds: number;
  writtenAt: number;
}

function trials(): Stored[] {
  const root = join(dir, 'state/store/v1/keyed/trials');
  try {
    return readdirSync(root).flatMap((shard) =>
      readdirSync(join(root, shard)).map((key) => {
        const path = join(root, shard, key);
        return {
          ...JSON.parse(readFileSync(path, 'utf8').split('\n')[1]!),
          key,
          writtenAt: statSync(path).mtimeMs,
        };
      }),
    );
  } catch {
    return [];
  }
}

function pidOf(role: string): number {
  return JSON.parse(readFileSync(join(dir, 'state', `${role}.json`), 'utf8')).pid;
}

const config = (name: string, suite: string) => {
  const file = join(dir, `${name}.yaml`);
  const split = { heldIn: TASKS - 1, heldOut: 1, seed: 7 };
  const model = { name: 'patient' };
  writeFileSync(
    file,
    JSON.stringify({
      ...{ name, suite, split, model, rounds: 1, finalAttempts: 2, concurrency: 4 },
      calibration: { enabled: false },
    }),
  );
  return file;
};
const evolve = (file: string) =>
  cli(['evolve', file, '--state', join(dir, 'state'), '--trials', '2', '--detach', '--json'], { env });
const watch = (name: string) => cli(['watch', name, '--state', join(dir, 'state'), '--json'], { env });

test('kill -9 of worker and server costs time, never a finished trial, and leaves no sandbox behind', async () => {
  const file = config('chaos', 'terminal-basics');
  expect(await evolve(file)).toMatchObject({ code: 0 });

  await until(() => trials().length >= 2);
  const worker = pidOf('worker');
  const left = () => leftovers(join(dir, 'state'), worker);
  await until(() => left().some((one) => one.startsWith('process')));
  process.kill(worker, 'SIGKILL');
  expect((await evolve(file)).stderr).toContain('running already');
  expect(pidOf('worker')).not.toBe(worker);
  await until(() => left().length === 0);

  await until(() => trials().length >= TASKS);
  const server = pidOf('server');
  process.kill(server, 'SIGKILL');
  await until(() => !isAlive(server));
  expect((await evolve(file)).stderr).toContain('running already');

  const watched = await watch('chaos');
  expect(watched).toMatchObject({ code: 0 });
  const result = JSON.parse(watched.stdout);
  expect(result.status).toBe('finished');
  const done = trials();
  expect(done.length).toBe(result.spend.trials);
  for (const trial of done) expect(lastRequest(trial)).toBeLessThanOrEqual(trial.writtenAt);
}, 240_000);

test('an evolution that failed or was terminated, started again, takes over every finished trial', async () => {
  const suite = copyOfSuite();
  const file = config('again', suite);
  const before = new Set(trials().map(({ key }) => key));
  const own = () => trials().filter(({ key }) => !before.has(key));
  const instructions = readdirSync(suite).map((task) => join(suite, task, 'instruction.md'));
  const originals = instructions.map((path) => readFileSync(path));

  await evolve(file);
  await until(() => own().length >= 2);
  for (const path of instructions) appendFileSync(path, 'And be quick.\n');
  const failed = await watch('again');
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('the suite changed') });
  originals.forEach((content, i) => {
    writeFileSync(instructions[i]!, content);
  });
  const afterFailure = own();

  const secondStart = Date.now();
  await evolve(file);
  await until(() => own().length >= afterFailure.length + 2);
  const { address } = JSON.parse(readFileSync(join(dir, 'state', 'server.json'), 'utf8'));
  const terminate = ['workflow', 'terminate', '--workflow-id', 'evolve/again', '--address', address];
  execFileSync(process.env.TEST_TEMPORAL_EXECUTABLE!, terminate, { env });
  const afterTermination = own();

  const thirdStart = Date.now();
  await evolve(file);
  const watched = await watch('again');
  expect(watched).toMatchObject({ code: 0 });
  expect(JSON.parse(watched.stdout).status).toBe('finished');
  for (const trial of afterFailure) expect(lastRequest(trial)).toBeLessThan(secondStart);
  for (const trial of afterTermination) expect(lastRequest(trial)).toBeLessThan(thirdStart);
}, 240_000);

/** When the endpoint was last asked by this trial. */
function lastRequest({ key }: Stored): number {
  const last = endpoint.lastRequest.get(trialSeed(key));
  expect(last).toBeDefined();
  return last!;
}

/** As many tasks of the bundled suite as the split takes, in a folder that may be changed. */
function copyOfSuite(): string {
  const [from, to] = [resolve(__dirname, '../../suites/terminal-basics'), join(dir, 'suite')];
  const tasks = readdirSync(from).filter((name) => existsSync(join(from, name, 'task.toml')));
  for (const task of tasks.slice(0, TASKS)) cpSync(join(from, task), join(to, task), { recursive: true });
  return to;
}

test('no key lies in the state folder', () => {
  const files = readdirSync(join(dir, 'state'), { recursive: true, withFileTypes: true });
  const leaks = files.filter(
    (file) =>
      file.isFile() &&
      readFileSync(join(file.parentPath ?? file.path, file.name)).includes('test-key-that-is-secret'),
  );
  expect(leaks.map(({ name }) => name)).toEqual([]);
});
