import { appendFileSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { unchangedCheck } from '../../src/activities/unchanged.js';
import { bundledSuites, loadSuite } from '../../src/suite/suite.js';

test('a task that changes while an evolution runs is refused, and taken again once it is restored', async () => {
  const [bundled] = await bundledSuites();
  const from = await loadSuite(bundled!);
  if (!from.ok) throw new Error('the bundled suite does not load');
  const [task] = from.suite.tasks;
  const dir = mkdtempSync(join(tmpdir(), 'unchanged-'));
  try {
    await cp(task!.dir, join(dir, task!.name), { recursive: true });
    const loaded = await loadSuite(dir);
    if (!loaded.ok) throw new Error('the copy does not load');
    const unchanged = unchangedCheck(loaded.suite);
    await unchanged(task!.name);
    const verifier = resolve(dir, task!.name, 'tests', 'test.sh');
    const original = readFileSync(verifier);
    appendFileSync(verifier, '\n# changed\n');
    await expect(unchanged(task!.name)).rejects.toMatchObject({
      type: 'BadInput',
      message: expect.stringContaining('the suite changed'),
    });
    writeFileSync(verifier, original);
    utimesSync(verifier, 1, 1);
    await unchanged(task!.name);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
