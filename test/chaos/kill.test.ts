/** Worker and server killed with SIGKILL in the middle of an evolution: it goes on, and no finished trial is run again. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AgentEndpoint, agentEndpoint } from '../support/agent-endpoint.js';
import { trialSeed } from '../../src/trial/key.js';
import { cleanEnv, cli, scratch } from '../support/cli.js';

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
        return { ...JSON.parse(readFileSync(path, 'utf8').split('\n')[1]!), key, writtenAt: statSync(path).mtimeMs };
      }),
    );
  } catch {
    return [];
  }
}

function pidOf(role: string): number {
  return JSON.parse(readFileSync(join(dir, 'state', `${role}.json`), 'utf8')).pid;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50));
}

test('kill -9 of worker and server costs time, never a finished trial', async () => {
  const config = join(dir, 'evolution.yaml');
  writeFileSync(
    config,
    JSON.stringify({
      name: 'chaos',
      suite: 'terminal-basics',
      split: { heldIn: TASKS - 1, heldOut: 1, seed: 7 },
      model: { name: 'patient' },
      rounds: 1,
      finalAttempts: 2,
      concurrency: 4,
    }),
  );
  const state = join(dir, 'state');
  const start = ['evolve', config, '--state', state, '--trials', '2', '--detach', '--json'];
  const started = await cli(start, { env });
  expect(started).toMatchObject({ code: 0 });

  await until(() => trials().length >= 2);
  process.kill(pidOf('worker'), 'SIGKILL');
  const again = await cli(start, { env });
  expect(again.stderr).toContain('running already');

  await until(() => trials().length >= TASKS);
  process.kill(pidOf('server'), 'SIGKILL');
  await until(() => !alive(pidOf('server')));
  const restarted = await cli(start, { env });
  expect(restarted.stderr).toContain('running already');

  const watched = await cli(['watch', 'chaos', '--state', state, '--json'], { env });
  expect(watched).toMatchObject({ code: 0 });
  const result = JSON.parse(watched.stdout);
  expect(result.status).toBe('finished');

  const done = trials();
  expect(done.length).toBe(result.spend.trials);
  for (const trial of done) {
    const seed = trialSeed(trial.key);
    const last = endpoint.lastRequest.get(seed);
    expect(last).toBeDefined();
    expect(last!).toBeLessThanOrEqual(trial.writtenAt);
  }
}, 240_000);

test('no key lies in the state folder', () => {
  const files = readdirSync(join(dir, 'state'), { recursive: true, withFileTypes: true });
  const leaks = files.filter(
    (file) => file.isFile() && readFileSync(join(file.parentPath ?? file.path, file.name)).includes('test-key-that-is-secret'),
  );
  expect(leaks.map(({ name }) => name)).toEqual([]);
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
