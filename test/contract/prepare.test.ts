/** What is left out of an evolution stands in its contract. */
import path from 'node:path';
import { parseConfig } from '../../src/contract/parse.js';
import { prepareContract } from '../../src/contract/prepare.js';
import type { Registry } from '../../src/registry/types.js';
import { formatProblem } from '../../src/suite/problem.js';
import { minimalTask, removeTemporaryFolders, temporaryFolder, writeFiles } from '../suite/fixtures.js';

afterAll(removeTemporaryFolders);

async function prepare(
  split: object,
  quarantine: unknown,
  { tasks = 'abcd', past = 'warn' }: { tasks?: string; past?: string } = {},
) {
  const dir = await temporaryFolder();
  for (const name of tasks) await writeFiles(path.join(dir, name), minimalTask);
  const input = { suite: dir, model: { name: 'm' }, split, quarantine, heldOutUses: { past } };
  const parsed = parseConfig(input, 'evolution.yaml');
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

describe('a heldOut that is to be renewed', () => {
  const renew = (split: object, tasks: string, quarantine = {}) =>
    prepare(split, quarantine, { tasks, past: 'renew' });

  test('finds its tasks in the reserve: sealed tasks of no said number are fewer by them', async () => {
    const { contract } = await renew({ heldIn: 2, heldOut: 2 }, 'abcdefg');
    expect([contract!.split.sealed.length, contract!.split.reserve.length]).toEqual([1, 2]);
    const warned = await prepare({ heldIn: 2, heldOut: 2 }, {}, { tasks: 'abcdefg' });
    expect([warned.contract!.split.sealed.length, warned.contract!.split.reserve.length]).toEqual([3, 0]);
  });

  test.each([
    ['a number of sealed tasks', { heldIn: 1, heldOut: 2, sealed: 3 }, 'abcdefg', 'with 2 sealed tasks'],
    ['a small suite', { heldIn: 2, heldOut: 2 }, 'abcde', 'smaller splits or a larger suite'],
  ])('is refused where %s leaves too few', async (_, split, tasks, remedy) => {
    const { problem } = await renew(split, tasks);
    expect(problem).toContain('evolution.yaml: heldOutUses.past: found "renew" with 1 task in the reserve');
    expect(problem).toContain('expected at least 2, as many as heldOut has');
    expect(problem).toContain(remedy);
    expect((await prepare(split, {}, { tasks })).contract).toBeDefined();
  });

  test('is refused as well where a file names the splits, which is then the place to change', async () => {
    const dir = await temporaryFolder();
    const file = path.join(dir, 'split.yaml');
    const splits = { heldIn: ['a'], heldOut: ['b', 'c'], sealed: ['d'], reserve: ['e'] };
    await writeFiles(dir, { 'split.yaml': JSON.stringify(splits) });
    expect((await renew({ file }, 'abcdef')).problem).toContain(
      `with 0 sealed tasks instead of 1 (${file}) it has them`,
    );
  });

  test('cannot be replaced by quarantined tasks', async () => {
    expect((await renew({ heldIn: 1, heldOut: 2, sealed: 0 }, 'abcde', { a: 'flaky' })).problem).toContain(
      'with 1 task in the reserve',
    );
  });
});
