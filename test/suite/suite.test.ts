import path from 'node:path';
import { suiteDigest } from '../../src/suite/digest.js';
import { formatProblem } from '../../src/suite/problem.js';
import { bundledSuites, loadSuite } from '../../src/suite/suite.js';
import { minimalTask, removeTemporaryFolders, temporaryFolder, writeFiles } from './fixtures.js';

afterEach(removeTemporaryFolders);

async function suiteFolder(tasks: Record<string, Record<string, string>>): Promise<string> {
  const dir = path.join(await temporaryFolder(), 'my-suite');
  for (const [name, files] of Object.entries(tasks)) {
    await writeFiles(path.join(dir, name), { ...minimalTask, ...files });
  }
  return dir;
}

test('tasks by name, with a digest that any task moves; what is no task is passed over', async () => {
  const dir = await suiteFolder({ zeta: {}, alpha: { 'instruction.md': 'Other.' } });
  await writeFiles(dir, { 'README.md': 'hi', 'docs/page.md': 'x', '.git/config': 'x' });
  const loaded = await loadSuite(dir);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  expect(loaded.suite).toMatchObject({ name: 'my-suite', dir });
  expect(loaded.suite.tasks.map(({ name }) => name)).toEqual(['alpha', 'zeta']);
  expect(loaded.suite.digest).toBe(suiteDigest(loaded.suite.tasks.map(({ digest }) => digest)));
  await writeFiles(dir, { 'zeta/tests/data': 'more' });
  const again = await loadSuite(dir);
  expect(again.ok && again.suite.digest).not.toBe(loaded.suite.digest);
});

test('all problems of all tasks come at once', async () => {
  const dir = await suiteFolder({
    one: { 'task.toml': '[agent]\ntimeout_sec = -1\n[verifier]\ntimeout_sec = "x"\n' },
    two: { 'task.toml': 'version = 3\n' },
    fine: {},
  });
  await writeFiles(dir, { 'no-config/instruction.md': 'x' });
  const loaded = await loadSuite(dir);
  const lines = loaded.ok
    ? []
    : loaded.problems.map((problem) => formatProblem(problem).replace(`${dir}/`, ''));
  expect(lines).toEqual([
    expect.stringMatching(/^no-config\/task\.toml: task\.toml: found no such file/),
    'one/task.toml: agent.timeout_sec: found -1, expected more than 0',
    'one/task.toml: verifier.timeout_sec: found "x", expected a number',
    expect.stringMatching(/^two\/task\.toml: schema_version: found 3/),
  ]);
});

test('two tasks of one name are refused', async () => {
  const dir = await suiteFolder({ a: { 'task.toml': '[task]\nname = "org/b"\n' }, b: {} });
  const loaded = await loadSuite(dir);
  expect(loaded.ok ? '' : formatProblem(loaded.problems[0]!)).toMatch(
    /found "b", as in .*, expected a name of its own/,
  );
});

test('a folder without tasks, a single task, nothing at all', async () => {
  const dir = await suiteFolder({ task: {} });
  const found = async (where: string) => {
    const loaded = await loadSuite(where);
    return loaded.ok ? 'loaded' : loaded.problems[0]!.found;
  };
  expect(await found(await temporaryFolder())).toBe('no task folder');
  expect(await found(path.join(dir, 'task'))).toBe('a single task');
  expect(await found(path.join(dir, 'gone'))).toBe('no such folder');
});

test('bundled suites go by name, and a wrong name is answered with theirs', async () => {
  expect(await bundledSuites()).toContain('terminal-basics');
  const loaded = await loadSuite('terminal-basics');
  expect(loaded).toMatchObject({ ok: true, suite: { name: 'terminal-basics' } });
  const wrong = await loadSuite('terminal-advanced');
  expect(wrong.ok ? '' : wrong.problems[0]!.expected).toContain('terminal-basics');
});
