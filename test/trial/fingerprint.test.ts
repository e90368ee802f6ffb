/** Fingerprints of what agents leave: equal for equal files, and for nothing else; in real sandboxes. */
import { createSandboxProvider } from '../../src/sandbox/index.js';
import type { Sandbox, SandboxProvider } from '../../src/sandbox/types.js';
import { suiteDigest } from '../../src/suite/digest.js';
import { loadTask } from '../../src/suite/task.js';
import type { Suite } from '../../src/suite/types.js';
import { fingerprintOf } from '../../src/trial/fingerprint.js';
import { executeTrial } from '../../src/trial/run.js';
import { type Files, removeTemporaryFolders, taskFolder, temporaryFolder } from '../suite/fixtures.js';
import { fakeContract, fakeDeps, fakeInput, fakeSandboxes, rewarding, scriptedAgent } from './fakes.js';

const files: Files = {
  'task.toml': 'version = "1.0"\n[verifier]\ntimeout_sec = 20\n[environment]\nnetwork_mode = "no-network"\n',
  'environment/Dockerfile': 'FROM debian\nWORKDIR /app\nCOPY word.txt .\n',
  'environment/word.txt': 'harness\n',
  'tests/test.sh': '#!/bin/bash\necho 1 > /logs/verifier/reward.txt\ntouch /app/by-the-verifier\n',
  'solution/solve.sh': '#!/bin/bash\ntrue\n',
};

let provider: SandboxProvider;
let suite: Suite;

beforeAll(async () => {
  const stateDir = await temporaryFolder();
  provider = await createSandboxProvider({ kind: 'bubblewrap', allowHost: false, baseRoot: null, stateDir });
  const loaded = await loadTask(await taskFolder(files));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  suite = {
    name: 'one',
    dir: loaded.task.dir,
    digest: suiteDigest([loaded.task.digest]),
    tasks: [loaded.task],
  };
});
afterAll(removeTemporaryFolders);

let count = 0;

async function left(command: string, { noteFiles = true, attempt = 1 } = {}) {
  const act = async (run: { sandbox: Sandbox }) => {
    await run.sandbox.exec(command, { timeoutSeconds: 20, outputBytes: 10_000, persist: true });
  };
  const deps = fakeDeps({ sandbox: provider, runAgent: scriptedAgent(act) });
  const input = fakeInput({ suite, contract: fakeContract(suite.tasks) });
  count += 1;
  const spec = { ...input.spec, purpose: `p${count}`, attempt, ...(noteFiles && { noteFiles }) };
  return executeTrial(deps, { ...input, spec });
}

test('equal files are equal, whatever their times and modes and whatever lies in .git; other names, contents or links are not', async () => {
  const plain = await left('printf a > one; mkdir -p d; printf b > d/two');
  expect(plain.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  const same = [
    'mkdir -p d; printf b > d/two; printf a > one; touch -d 2001-01-01 one; chmod 700 one',
    'printf a > one; mkdir -p d/.git .git; printf b > d/two; date +%N > .git/x; date +%N > d/.git/y',
  ];
  for (const command of same) expect((await left(command)).fingerprint).toBe(plain.fingerprint);
  const others = [
    'printf a > one; mkdir -p d; printf B > d/two',
    'printf a > one; printf b > two',
    'printf a > one; mkdir -p d; printf b > d/two; ln -s one three',
    'printf a > one; mkdir -p d; printf b > d/two; ln -s two three',
    'printf a > one; mkdir -p d; printf b > d/two; rm word.txt',
    "printf a > one; mkdir -p d; printf b > d/two; printf x > $'line\\nbreak'",
  ];
  const prints = await Promise.all(others.map(async (command) => (await left(command)).fingerprint));
  for (const print of prints) expect(print).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set([...prints, plain.fingerprint]).size).toBe(others.length + 1);
});

test('it is of what the agent left, before the verifier touches anything, and leaves the verdict as it is', async () => {
  const [first, second] = [await left('true'), await left('true', { attempt: 2 })];
  expect(first).toMatchObject({ outcome: 'passed' });
  expect(second.fingerprint).toBe(first.fingerprint);
  const touched = await left('touch by-the-verifier');
  expect(touched.fingerprint).not.toBe(first.fingerprint);
});

test('a folder that is gone gives none, and the trial counts', async () => {
  const gone = await left('cd /; rm -rf /app');
  expect(gone).toMatchObject({ outcome: 'passed', fingerprint: null });
});

test('a file that could not be read gives none, rather than that of the others', async () => {
  const failing = (when: string) =>
    `printf '#!/bin/bash\\n${when} && exit 1\\nexec /usr/bin/sha256sum "$@"\\n' > /usr/local/bin/sha256sum; chmod +x /usr/local/bin/sha256sum`;
  expect((await left(failing('false'))).fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect((await left(failing('[ $# -gt 0 ]'))).fingerprint).toBeNull();
});

test('whoever does not ask pays for none', async () => {
  const sandbox = fakeSandboxes(rewarding('1'));
  const input = fakeInput();
  const result = await executeTrial(fakeDeps({ sandbox }), input);
  expect(result).not.toHaveProperty('fingerprint');
  expect(sandbox.commands.some(({ command }) => command.includes('sha256sum'))).toBe(false);
  const asked = { ...input, spec: { ...input.spec, noteFiles: true } };
  expect(await executeTrial(fakeDeps({ sandbox }), asked)).toMatchObject({
    key: result.key,
    fingerprint: null,
  });
  expect(sandbox.commands.some(({ command }) => command.includes('sha256sum'))).toBe(true);
});

test('what the command prints is not trusted to be a digest, and its time is bounded', async () => {
  const answering = (output: string, exitCode = 0) => {
    const seen: { timeoutSeconds: number; cleanEnv?: boolean }[] = [];
    const sandbox = {
      exec: async (_command: string, options: { timeoutSeconds: number }) => {
        seen.push(options);
        return { exitCode, output, omittedBytes: 0, timedOut: exitCode === 124, durationMs: 1 };
      },
    } as unknown as Sandbox;
    return { seen, of: () => fingerprintOf(sandbox, '/app', undefined) };
  };
  const digest = 'a'.repeat(64);
  const good = answering(`${digest}  -\n`);
  expect(await good.of()).toBe(digest);
  expect(good.seen[0]).toMatchObject({ cleanEnv: true, timeoutSeconds: 30 });
  for (const wrong of ['', digest, `${digest}  -\n${digest}  -\n`, `${'g'.repeat(64)}  -\n`])
    expect(await answering(wrong).of()).toBeNull();
  expect(await answering(`${digest}  -\n`, 124).of()).toBeNull();
});
