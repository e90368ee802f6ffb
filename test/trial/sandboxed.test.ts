/** A real sandbox, real files, a real verifier; only the agent is scripted. */
import { existsSync } from 'node:fs';
import type { AgentRun } from '../../src/agent/types.js';
import { createSandboxProvider } from '../../src/sandbox/index.js';
import type { SandboxProvider } from '../../src/sandbox/types.js';
import { suiteDigest } from '../../src/suite/digest.js';
import { loadTask } from '../../src/suite/task.js';
import type { Suite } from '../../src/suite/types.js';
import { executeTrial, InvalidTrial } from '../../src/trial/run.js';
import { checkSuite } from '../../src/trial/suite-check.js';
import type { TrialResult } from '../../src/trial/types.js';
import { type Files, removeTemporaryFolders, taskFolder, temporaryFolder } from '../suite/fixtures.js';
import { fakeContract, fakeDeps, fakeInput, scriptedAgent } from './fakes.js';

let provider: SandboxProvider;

beforeAll(async () => {
  const stateDir = await temporaryFolder();
  provider = await createSandboxProvider({ kind: 'bubblewrap', allowHost: false, baseRoot: null, stateDir });
});

afterAll(removeTemporaryFolders);

/** Wants the word from word.txt, upper case, in /app/answer.txt; the verifier checks by a file of its own. */
const upperCase: Files = {
  'task.toml': `
version = "1.0"
[verifier]
timeout_sec = 20
env = { EXPECTED_FILE = "/tests/expected.txt" }
[environment]
network_mode = "no-network"
env = { FROM_TASK = "yes" }
`,
  'environment/Dockerfile': 'FROM debian\nWORKDIR /app\nENV FROM_IMAGE=yes\nCOPY word.txt .\n',
  'environment/word.txt': 'harness\n',
  'tests/expected.txt': 'HARNESS\n',
  'tests/test.sh': `#!/bin/bash
echo "in $PWD; image $FROM_IMAGE; task $FROM_TASK; planted \${PLANTED:-no}"
if cmp -s "$EXPECTED_FILE" answer.txt; then echo 1; else echo 0; fi > /logs/verifier/reward.txt
exit 3
`,
  'solution/solve.sh': '#!/bin/bash\ntr a-z A-Z < word.txt > answer.txt\n',
};

async function suiteOf(files: Files): Promise<Suite> {
  const loaded = await loadTask(await taskFolder(files));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { task } = loaded;
  return { name: 'one', dir: task.dir, digest: suiteDigest([task.digest]), tasks: [task] };
}

const shell = (command: string) => async (run: AgentRun) => {
  await run.sandbox.exec(command, {
    timeoutSeconds: 20,
    outputBytes: 10_000,
    persist: true,
  });
};

async function trial(files: Files, command: string): Promise<{ result: TrialResult; output: string }> {
  const suite = await suiteOf(files);
  const deps = fakeDeps({ sandbox: provider, runAgent: scriptedAgent(shell(command)) });
  const result = await executeTrial(deps, fakeInput({ suite, contract: fakeContract(suite.tasks) }));
  return { result, output: (await deps.store.get(result.verifierOutput!)).toString() };
}

test('work done passes, in the working directory and with the variables of image, task and verifier', async () => {
  const { result, output } = await trial(upperCase, 'tr a-z A-Z < word.txt > answer.txt');
  expect(result).toMatchObject({ outcome: 'passed', reward: 1 });
  expect(output).toBe('in /app; image yes; task yes; planted no\n');
});

test('work not done fails', async () => {
  expect((await trial(upperCase, 'cp word.txt answer.txt')).result).toMatchObject({
    outcome: 'failed',
    reward: 0,
  });
});

test.each([
  [
    'a reward',
    'mkdir -p /logs/verifier; echo 1 > /logs/verifier/reward.txt; echo \'{"reward": 1}\' > /logs/verifier/reward.json',
  ],
  [
    'a link in place of the folder',
    'mkdir -p /logs /app/mine; echo \'{"reward": 1}\' > /app/mine/reward.json; rm -rf /logs/verifier; ln -s /app/mine /logs/verifier',
  ],
  ['a file in place of /logs', 'rm -rf /logs; echo > /logs'],
  [
    'tests of its own',
    'mkdir -p /tests; printf "#!/bin/bash\\necho 1 > /logs/verifier/reward.txt\\n" > /tests/test.sh; echo harness > answer.txt; cp answer.txt /tests/expected.txt',
  ],
  ['tests behind a link', 'rm -rf /tests; mkdir /app/t; ln -s /app/t /tests'],
  ['variables', 'export EXPECTED_FILE=/app/answer.txt PLANTED=yes; echo x > answer.txt'],
  [
    'functions and startup files',
    'cmp() { return 0; }; export -f cmp; echo "cmp() { true; }" > ~/.bashrc; export BASH_ENV=~/.bashrc; cp ~/.bashrc ~/.profile; echo x > answer.txt',
  ],
  [
    'a PATH',
    'mkdir -p /app/bin; printf "#!/bin/sh\\nexit 0\\n" > /app/bin/cmp; chmod +x /app/bin/cmp; export PATH=/app/bin:$PATH; echo x > answer.txt',
  ],
])('a verifier is not fooled by %s that the agent left', async (_, command) => {
  const { result, output } = await trial(upperCase, command);
  expect(result).toMatchObject({ outcome: 'failed', reward: 0 });
  expect(output).toContain('planted no');
});

test('an agent that removes the working directory has failed, not broken the trial', async () => {
  const { result, output } = await trial(upperCase, 'cd /; rm -rf /app');
  expect(result).toMatchObject({ outcome: 'failed', reward: 0 });
  expect(output).toContain('in /;');
});

test('a service that the agent leaves running is there for the verifier', async () => {
  const { result } = await trial(
    {
      ...upperCase,
      'tests/test.sh': `#!/bin/bash
rm -f /app/pong
for _ in $(seq 50); do [ -e /app/pong ] && break; sleep 0.1; done
[ -e /app/pong ] && echo 1 > /logs/verifier/reward.txt || echo 0 > /logs/verifier/reward.txt
`,
    },
    '(while true; do touch /app/pong; sleep 0.05; done) > /dev/null 2>&1 &',
  );
  expect(result.outcome).toBe('passed');
});

test('an agent that is not root: the verifier is, like the agent, the user of the task', async () => {
  const files = {
    ...upperCase,
    'environment/Dockerfile': 'FROM debian\nWORKDIR /app\nCOPY --chmod=644 word.txt .\nUSER nobody\n',
    'tests/test.sh': '#!/bin/bash\nid -un\n[ -e /tmp/mine ] && echo 1 > /logs/verifier/reward.txt\n',
  };
  const { result, output } = await trial(files, 'id -un > /tmp/mine');
  expect(result.outcome).toBe('passed');
  expect(output).toBe('nobody\n');
});

test('a verifier that hangs, writes nothing or writes nonsense makes the trial invalid', async () => {
  const quick = { 'task.toml': 'version = "1.0"\n[verifier]\ntimeout_sec = 1\n' };
  const scripts: [string, RegExp][] = [
    ['echo 1 > /logs/verifier/reward.txt; sleep 600', /within its 1 seconds/],
    ['exit 1', /neither reward\.json nor reward\.txt/],
    ['echo fine > /logs/verifier/reward.txt', /no number: "fine"/],
    ['head -c 100000 /dev/zero | tr "\\0" 1 > /logs/verifier/reward.txt', /cannot be read/],
    ['mkdir /logs/verifier/reward.json', /cannot be read/],
  ];
  for (const [script, reason] of scripts) {
    const running = trial({ ...upperCase, ...quick, 'tests/test.sh': `#!/bin/bash\n${script}\n` }, 'true');
    const error = await running.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidTrial);
    expect((error as InvalidTrial).message).toMatch(reason);
  }
});

test('long output of a verifier is bounded, head and tail kept', async () => {
  const script = `#!/bin/bash
echo first; head -c 3000000 /dev/zero | tr '\\0' x; echo; echo last
echo 1 > /logs/verifier/reward.txt
`;
  const { output } = await trial({ ...upperCase, 'tests/test.sh': script }, 'true');
  expect(output.length).toBeLessThan(100_000);
  expect(output).toMatch(/^first/);
  expect(output).toMatch(/last\n$/);
});

test('cancelled in the middle: at once, and without a sandbox left', async () => {
  const suite = await suiteOf(upperCase);
  const controller = new AbortController();
  const runAgent = scriptedAgent(async (run) => {
    const sleeping = run.sandbox.exec('sleep 600', {
      timeoutSeconds: 600,
      outputBytes: 1000,
      ...(run.signal ? { signal: run.signal } : {}),
    });
    controller.abort(new Error('stopped by a person'));
    await sleeping;
  });
  const input = fakeInput({ suite, contract: fakeContract(suite.tasks), signal: controller.signal });
  await expect(executeTrial(fakeDeps({ sandbox: provider, runAgent }), input)).rejects.toThrow(
    'stopped by a person',
  );
});

test('without a root of its own a sandbox is verified in its folder, and this machine stays as it is', async () => {
  const stateDir = await temporaryFolder();
  const host = createSandboxProvider({ kind: 'host', allowHost: true, baseRoot: null, stateDir });
  const script = '#!/bin/bash\n[ -e mine ] && echo 1 > "$SANDBOX_ROOT/logs/verifier/reward.txt"\n';
  const suite = await suiteOf({
    ...upperCase,
    'environment/Dockerfile': 'FROM debian\n',
    'tests/test.sh': script,
  });
  const before = ['/logs', '/tests'].map((folder) => existsSync(folder));
  const deps = fakeDeps({ sandbox: host, runAgent: scriptedAgent(shell('touch "$SANDBOX_ROOT/app/mine"')) });
  const result = await executeTrial(deps, fakeInput({ suite, contract: fakeContract(suite.tasks) }));
  expect(result.outcome).toBe('passed');
  expect(['/logs', '/tests'].map((folder) => existsSync(folder))).toEqual(before);
});

describe('suite check', () => {
  const limits = { memoryMb: 512, processes: 128, storageMb: 64 };
  const check = async (files: Files) => {
    const suite = await suiteOf(files);
    return (await checkSuite(suite, { sandbox: provider, limits, concurrency: 2 })).tasks[0]!;
  };

  test('a sound task: its solution passes, doing nothing does not', async () => {
    expect(await check(upperCase)).toEqual({
      name: 'a-task',
      oracle: 1,
      noop: 0,
      healthy: true,
      reason: '',
      runs: 1,
      oraclePassShare: 1,
      noopPassShare: 0,
      flaky: false,
    });
  });

  test('a solution that does not solve, a verifier that passes everything, a broken one: each is said', async () => {
    expect(
      await check({ ...upperCase, 'solution/solve.sh': '#!/bin/bash\necho cannot >&2\n' }),
    ).toMatchObject({
      oracle: 0,
      noop: 0,
      healthy: false,
      reason: expect.stringMatching(/^oracle: reward 0 .*cannot/),
    });
    const generous = '#!/bin/bash\necho 1 > /logs/verifier/reward.txt\n';
    expect(await check({ ...upperCase, 'tests/test.sh': generous })).toMatchObject({
      oracle: 1,
      noop: 1,
      healthy: false,
      reason: expect.stringMatching(/^no-op: reward 1/),
    });
    expect(await check({ ...upperCase, 'tests/test.sh': '#!/bin/bash\nexit 1\n' })).toMatchObject({
      oracle: null,
      noop: null,
      healthy: false,
    });
  });

  test('a task that cannot run here says why', async () => {
    const files = { ...upperCase, 'environment/Dockerfile': 'FROM a\nADD https://example.org/x /x\n' };
    expect(await check(files)).toMatchObject({
      healthy: false,
      reason: expect.stringContaining('Dockerfile line 2'),
    });
  });
});
