/** Every bundled task measures something: its solution passes, doing nothing does not. */
import { availableParallelism } from 'node:os';
import { createSandboxProvider } from '../../src/sandbox/index.js';
import { bundledSuites, loadSuite } from '../../src/suite/suite.js';
import { checkSuite } from '../../src/trial/suite-check.js';
import { removeTemporaryFolders, temporaryFolder } from '../suite/fixtures.js';

afterAll(removeTemporaryFolders);

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
