/** Every bundled task measures something: its solution passes, doing nothing does not. */
import { availableParallelism } from 'node:os';
import { createSandboxProvider } from '../../src/sandbox/index.js';
import { bundledSuites, loadSuite } from '../../src/suite/suite.js';
import { checkSuite } from '../../src/trial/suite-check.js';
import { removeTemporaryFolders, temporaryFolder } from '../suite/fixtures.js';

afterAll(removeTemporaryFolders);

/** A repository that is looked at, a program that is run: `suite check --tamper` tries all of them, in minutes. */
const SAMPLE = ['lost-commits', 'till-change'];

test('oracle = 1 and no-op = 0 on every task of every bundled suite', async () => {
  const stateDir = await temporaryFolder();
  const sandbox = await createSandboxProvider({
    kind: 'bubblewrap',
    allowHost: false,
    baseRoot: null,
    stateDir,
  });
  const names = await bundledSuites();
  expect(names).toContain('terminal-basics');
  for (const name of names) {
    const loaded = await loadSuite(name);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, null, 2));
    const { tasks } = await checkSuite(loaded.suite, {
      sandbox,
      limits: { memoryMb: 2048, processes: 512, storageMb: 1024 },
      // Tasks wait (for services, for time limits) more than they compute.
      concurrency: 2 * availableParallelism(),
    });
    expect(tasks.filter(({ healthy }) => !healthy)).toEqual([]);
    expect(tasks).toHaveLength(loaded.suite.tasks.length);
  }
}, 300_000);

test('no tampering earns a reward on a sample of them', async () => {
  const loaded = await loadSuite('terminal-basics');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, null, 2));
  const tasks = loaded.suite.tasks.filter(({ name }) => SAMPLE.includes(name));
  const checked = await checkSuite(
    { ...loaded.suite, tasks },
    {
      sandbox: createSandboxProvider({
        kind: 'bubblewrap',
        allowHost: false,
        baseRoot: null,
        stateDir: await temporaryFolder(),
      }),
      limits: { memoryMb: 512, processes: 256, storageMb: 256 },
      concurrency: 2,
      tamper: true,
    },
  );
  expect(checked.tasks.map(({ name, reason }) => [name, reason])).toEqual(SAMPLE.map((name) => [name, '']));
  const tried = checked.tasks.flatMap(({ tamper }) => tamper!.map(({ kind }) => kind));
  expect(tried).toEqual(expect.arrayContaining(['git-settings', 'planted-program', 'background-process']));
}, 300_000);
