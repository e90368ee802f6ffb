import path from 'node:path';
import { formatProblem } from '../../src/suite/problem.js';
import { formatQuarantine, loadQuarantine } from '../../src/suite/quarantine.js';
import { fakeSuite, fakeTask, removeTemporaryFolders, temporaryFolder, writeFiles } from './fixtures.js';

afterEach(removeTemporaryFolders);

const suite = fakeSuite(['a', 'b'].map((name) => fakeTask(name)));
const file = async (text: string) =>
  path.join(await writeFiles(await temporaryFolder(), { 'q.yaml': text }), 'q.yaml');
const problem = async (given: string | Record<string, string>) => {
  const loaded = await loadQuarantine(given, suite, 'evolution.yaml');
  return loaded.ok ? '' : formatProblem(loaded.problems[0]!);
};

test('what a check wrote is read again, odd reasons and long ones included', async () => {
  const reason = 'flaky: oracle said "no: # yes"\n- at all';
  const text = formatQuarantine('fake', [
    { name: 'b', reason: 'x'.repeat(2000) },
    { name: 'a', reason },
  ]);
  expect(await loadQuarantine(await file(text), suite, 'evolution.yaml')).toEqual({
    ok: true,
    quarantine: { a: reason, b: 'x'.repeat(500) },
  });
  const none = await file(formatQuarantine('fake', []));
  expect(await loadQuarantine(none, suite, 'evolution.yaml')).toEqual({ ok: true, quarantine: {} });
});

test('names that the suite does not have, missing reasons and files are refused, with the place', async () => {
  expect(await problem({ c: 'why' })).toBe(
    'evolution.yaml: quarantine.c: found "c", expected the name of a task of fake',
  );
  expect(await problem(await file('a: \nb: why\n'))).toMatch(/q\.yaml: a: found null, expected a text/);
  expect(await problem(await file('- a\n'))).toMatch(/q\.yaml: the document/);
  expect(await problem('/nowhere/q.yaml')).toContain('/nowhere/q.yaml');
});
