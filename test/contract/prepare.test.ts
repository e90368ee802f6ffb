/** What is left out of an evolution stands in its contract. */
import path from 'node:path';
import { parseConfig } from '../../src/contract/parse.js';
import { prepareContract } from '../../src/contract/prepare.js';
import type { Registry } from '../../src/registry/types.js';
import { formatProblem } from '../../src/suite/problem.js';
import { minimalTask, removeTemporaryFolders, temporaryFolder, writeFiles } from '../suite/fixtures.js';

afterAll(removeTemporaryFolders);

async function prepare(split: object, quarantine: unknown) {
  const dir = await temporaryFolder();
  for (const name of ['a', 'b', 'c', 'd']) await writeFiles(path.join(dir, name), minimalTask);
  const parsed = parseConfig({ suite: dir, model: { name: 'm' }, split, quarantine }, 'evolution.yaml');
  if (!parsed.ok) return { problem: formatProblem(parsed.problems[0]!) };
  const prepared = await prepareContract(parsed.config, {
    registry: {} as Registry,
    sandbox: { kind: 'bubblewrap', fingerprint: 'f' },
    runtime: 'r',
    source: 'evolution.yaml',
  });
  return prepared.ok
    ? { contract: prepared.contract }
    : { problem: prepared.problems.map(formatProblem).join('\n') };
}

test('quarantined tasks are in no split, and in the contract with their reasons', async () => {
  const quarantine = { c: 'flaky', a: 'its oracle fails' };
  const { contract } = await prepare({ heldIn: 1, heldOut: 1 }, quarantine);
  expect(Object.entries(contract!.quarantine)).toEqual([
    ['a', 'its oracle fails'],
    ['c', 'flaky'],
  ]);
  expect(Object.values(contract!.split).flat().sort()).toEqual(['b', 'd']);
  expect(contract!.tasks.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
});

test('a quarantine that leaves too few tasks, names none of them or gives no reason is refused', async () => {
  expect((await prepare({ heldIn: 2, heldOut: 2 }, { a: 'flaky' })).problem).toBe(
    'evolution.yaml: tasks: found 3 tasks and 1 quarantined, expected at least 4 (heldIn 2 + heldOut 2)',
  );
  expect((await prepare({ heldIn: 1, heldOut: 1 }, { e: 'flaky' })).problem).toContain('quarantine.e');
  expect((await prepare({ heldIn: 1, heldOut: 1 }, { a: '' })).problem).toContain(
    'evolution.yaml: quarantine.a: found "", expected at least 1',
  );
});
