/** Server and worker of a state folder, as `evolve` and `server` start, find, replace and end them. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, cli, scratch } from '../support/cli.js';

let dir: string;
let state: string;

beforeAll(() => {
  dir = scratch();
  state = join(dir, 'state');
});
afterAll(async () => {
  await cli(['server', 'stop', '--state', state]);
  rmSync(dir, { recursive: true, force: true });
});

/** What a shell has that mostly works with another server: none of it is for the one of the state folder. */
const OTHER_SERVER = { TEMPORAL_API_KEY: 'of-another-server', TEMPORAL_NAMESPACE: 'another-namespace' };

const NOBODY = 'no worker polls the task queue self-harness';

test('one server per state folder; a refused endpoint is told before anything is spent; a new key reaches the worker', async () => {
  const [first, second] = await Promise.all([
    cli(['server', '--state', state, '--json'], { env: cleanEnv(OTHER_SERVER) }),
    cli(['server', '--state', state, '--json'], { env: cleanEnv(OTHER_SERVER) }),
  ]);
  const { address } = JSON.parse(first.stdout);
  expect(JSON.parse(second.stdout).address).toBe(address);
  const elsewhere = await cli(['server', '--state', state, '--port', '4']);
  expect(elsewhere).toMatchObject({ code: 1, stderr: expect.stringContaining(address) });

  const config = join(dir, 'evolution.yaml');
  writeFileSync(config, 'name: refused\nsuite: terminal-basics\nmodel: { name: m }\n');
  const alone = join(dir, 'alone.yaml');
  writeFileSync(alone, 'name: alone\nsuite: terminal-basics\nmodel: { name: m }\n');
  const detached = await cli(['evolve', alone, '--state', state, '--no-worker', '--detach']);
  expect(detached).toMatchObject({ code: 0, stderr: expect.stringContaining(NOBODY) });
  const waiting = [
    ['evolve', alone],
    ['run', 'terminal-basics', '--model', 'm'],
    ['calibrate', alone],
  ];
  for (const command of waiting) {
    const alive = await cli([...command, '--state', state, '--no-worker'], { interruptAt: NOBODY });
    expect(alive).toMatchObject({ code: 130, stdout: '' });
    expect(alive.stderr).toContain(`Start one with: npx self-harness worker --state ${state}`);
  }
  const unheard = await cli(['pause', 'alone', '--state', state]);
  expect(unheard).toMatchObject({ code: 1, stderr: expect.stringContaining('no worker answers') });

  const noKey = await cli(['evolve', config, '--state', state], { env: cleanEnv(OTHER_SERVER) });
  expect(noKey).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('OPENAI_API_KEY is not set'),
  });

  const nobody = await cli(['evolve', config, '--state', state], {
    env: cleanEnv({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }),
  });
  expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('restarting the worker') });
  expect(nobody.stderr).toContain('nothing listens there');

  const served = await cli(['evolve', alone, '--state', state, '--no-worker', '--detach', '--again']);
  expect(served.stderr).not.toContain(NOBODY);

  const status = await cli(['status', 'refused', '--state', state, '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({
    status: 'failed',
    reason: expect.stringContaining('nothing listens there'),
  });
  const late = await cli(['pause', 'refused', '--state', state]);
  expect(late).toMatchObject({ code: 1, stderr: expect.stringContaining('refused is failed') });

  const ended = await cli(['server', 'stop', '--state', state, '--json']);
  expect(JSON.parse(ended.stdout)).toEqual({ stopped: ['worker', 'server'] });
}, 300_000);

test('a worker without a server, and a profile that is not there, say what to do', async () => {
  const nowhere = await cli(['worker', '--state', join(dir, 'nowhere')]);
  expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('No Temporal server runs') });
  const profile = await cli(['status'], { env: cleanEnv({ TEMPORAL_PROFILE: 'no-such-profile' }) });
  expect(profile).toMatchObject({ code: 1, stderr: expect.stringContaining('correct TEMPORAL_PROFILE') });
  const unsaid = await cli(['status'], {
    env: cleanEnv({ TEMPORAL_PROFILE: 'bare', TEMPORAL_CONFIG_FILE: profileWithoutAddress() }),
  });
  expect(unsaid).toMatchObject({ code: 1, stderr: expect.stringContaining('set TEMPORAL_ADDRESS') });
}, 300_000);

function profileWithoutAddress(): string {
  const file = join(dir, 'temporal.toml');
  writeFileSync(file, '[profile.bare]\nnamespace = "n"\n');
  return file;
}
