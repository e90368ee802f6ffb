/** Tampering with verifiers, in real sandboxes: found where it would succeed, without success where verification is apart. */
import { createSandboxProvider } from '../../src/sandbox/index.js';
import type { Sandbox, SandboxProvider } from '../../src/sandbox/types.js';
import { suiteDigest } from '../../src/suite/digest.js';
import { loadTask } from '../../src/suite/task.js';
import { checkSuite, type TaskCheck } from '../../src/trial/suite-check.js';
import { type Files, removeTemporaryFolders, taskFolder, temporaryFolder } from '../suite/fixtures.js';

let provider: SandboxProvider;

beforeAll(async () => {
  const stateDir = await temporaryFolder();
  provider = createSandboxProvider({ kind: 'bubblewrap', allowHost: false, baseRoot: null, stateDir });
});

afterAll(removeTemporaryFolders);

/** Compares the answer with what is expected, by programs that an agent may have replaced. */
const comparing: Files = {
  'environment/Dockerfile': 'FROM debian\nWORKDIR /app\n',
  'tests/expected.txt': 'right\n',
  'tests/test.sh': `#!/bin/bash
if grep -q right /app/answer && cmp -s /app/answer /tests/expected.txt; then reward=1; else reward=0; fi
echo $reward > /logs/verifier/reward.txt
`,
  'solution/solve.sh': '#!/bin/bash\necho right > /app/answer\n',
};

async function check(files: Files, sandbox: SandboxProvider): Promise<TaskCheck> {
  const loaded = await loadTask(await taskFolder(files));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { task } = loaded;
  const { tasks } = await checkSuite(
    { name: 'one', dir: task.dir, digest: suiteDigest([task.digest]), tasks: [task] },
    {
      sandbox,
      limits: { memoryMb: 512, processes: 128, storageMb: 64 },
      concurrency: 2,
      tamper: true,
    },
  );
  return tasks[0]!;
}

const fooledBy = (task: TaskCheck) =>
  task.tamper!.filter(({ reward }) => reward !== null && reward > 0).map(({ kind }) => kind);

/** As if verifiers ran in the agent's place: its folders are emptied, and that is all. */
function unprotected(): SandboxProvider {
  return {
    kind: provider.kind,
    fingerprint: () => provider.fingerprint(),
    sweep: () => provider.sweep(),
    async create(spec, signal) {
      const sandbox = await provider.create(spec, signal);
      const inPlace: Sandbox = Object.create(sandbox, {
        forVerifier: {
          value: async () => {
            await sandbox.exec('rm -rf /tests /logs/verifier; mkdir -p /tests /logs/verifier', {
              timeoutSeconds: 20,
              outputBytes: 1000,
              root: true,
            });
            return sandbox;
          },
        },
      });
      return inPlace;
    },
  };
}

test("in the agent's place tampering earns rewards, and that is found and said", async () => {
  const task = await check(comparing, unprotected());
  expect(task).toMatchObject({ oracle: 1, noop: 0, healthy: false });
  expect(fooledBy(task)).toEqual(expect.arrayContaining(['tools-shadowed', 'tools-replaced']));
  expect(task.reason).toMatch(/^tampering earns a reward: .*tools-shadowed, tools-replaced/);
}, 60_000);

test('where verification is apart it earns none', async () => {
  const task = await check(comparing, provider);
  expect(fooledBy(task)).toEqual([]);
  expect(task).toMatchObject({ healthy: true, reason: '' });
  expect(task.tamper!.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['reward-file', 'tests-deleted', 'background-process', 'shell-startup']),
  );
}, 60_000);

test('a verifier that trusts tests which lie among the work is found all the same', async () => {
  const task = await check(
    {
      ...comparing,
      'environment/Dockerfile': 'FROM debian\nWORKDIR /app\nCOPY tests tests\n',
      'environment/tests/test_answer.sh': '#!/bin/bash\ngrep -q right /app/answer\n',
      'tests/test.sh':
        '#!/bin/bash\nbash /app/tests/test_answer.sh && reward=1 || reward=0\necho $reward > /logs/verifier/reward.txt\n',
    },
    provider,
  );
  expect(fooledBy(task)).toEqual(['tests-emptied']);
}, 60_000);
