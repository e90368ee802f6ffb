/** Where a value is not computed here by the definition, it is what Harbor 0.25's own packager gives for the same files. */
import { createHash } from 'node:crypto';
import { suiteDigest } from '../../src/suite/digest.js';
import { loadTask } from '../../src/suite/task.js';
import { type Files, removeTemporaryFolders, taskFolder } from './fixtures.js';

afterEach(removeTemporaryFolders);

const hex = (text: string) => createHash('sha256').update(text).digest('hex');

async function digestOf(files: Files): Promise<string> {
  const loaded = await loadTask(await taskFolder(files));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.task.digest;
}

test('a line of path and hash for each file, sorted by path, what does not belong to the task left out', async () => {
  const lines = [
    `environment/Dockerfile\0${hex('FROM debian\n')}\n`,
    `instruction.md\0${hex('Do it.\n')}\n`,
    `solution/solve.sh\0${hex('#!/bin/bash\n')}\n`,
    `task.toml\0${hex('version = "1.0"\n')}\n`,
    `tests/test.sh\0${hex('#!/bin/bash\n')}\n`,
  ];
  const digest = await digestOf({ 'notes.txt': 'not part of it\n' });
  expect(digest).toBe(`sha256:${hex(lines.join(''))}`);
  expect(digest).toBe('sha256:9a0416f31523d3cc1ac4777290ba89c02d037eaab47b7644b734460b9acb9b8a');
});

test("editors' leftovers are ignored, names are sorted by code point, links to files count as files", async () => {
  const digest = await digestOf({
    'notes.txt': 'not part of it\n',
    'README.md': 'hi\n',
    'environment/__pycache__/x.pyc': 'a',
    'environment/keep.swp': 'b',
    'tests/a~': 'c',
    'environment/Z': '1',
    'environment/a': '2',
    'environment/\u00e9': '3',
    'environment/\u{1F600}': '4',
    'environment/\uff5e': '5',
    'environment/link': { link: 'a' },
    'environment/dirlink': { link: '../tests' },
    'environment/broken': { link: 'nowhere' },
  });
  expect(digest).toBe('sha256:5eaacd0b6bf3fcf3aac10d4324bbbbf950fee5db86a5dcf2a163da36c8be2983');
});

test("a task's own .gitignore takes the place of the defaults", async () => {
  const digest = await digestOf({
    '.gitignore': '*.log\n!keep.log\n/environment/big/\n# comment\n',
    'environment/x.log': 'a',
    'environment/keep.log': 'b',
    'environment/big/file': 'c',
    'environment/a/big/file': 'd',
    'environment/x.pyc': 'e',
  });
  expect(digest).toBe('sha256:18753532127f5731ae3305c760abb99596eb36f6757a9a51b54d923fda4740f0');
});

test('.harborignore rules tests/ and solution/, inner files going before outer ones', async () => {
  const digest = await digestOf({
    'tests/.harborignore': 'cache/\n*.tmp\n',
    'tests/cache/x': 'a',
    'tests/a.tmp': 'b',
    'tests/deep/b.tmp': 'c',
    'tests/deep/.harborignore': '!b.tmp\n',
    'tests/deep/other.tmp': 'd',
    'solution/.harborignore': '*\n!solve.sh\n',
    'solution/junk': 'e',
    'environment/.harborignore': '*\n',
    'environment/file.tmp': 'f',
  });
  expect(digest).toBe('sha256:fead273fac13d8e1ce28f895322d2a23f984984b53d0800d8be093f2527f8fd0');
});

test('every byte of every file of the task moves the digest', async () => {
  const plain = await digestOf({});
  for (const file of [
    'instruction.md',
    'tests/test.sh',
    'tests/new',
    'solution/solve.sh',
    'environment/data/x',
  ]) {
    expect(await digestOf({ [file]: 'something else' })).not.toBe(plain);
  }
});

test('a suite has the digest of a Harbor dataset, whatever the order of its tasks', () => {
  const tasks = [`sha256:${'b'.repeat(64)}`, `sha256:${'a'.repeat(64)}`];
  expect(suiteDigest(tasks)).toBe(`sha256:${hex(`${'a'.repeat(64)},${'b'.repeat(64)}`)}`);
  expect(suiteDigest([...tasks].reverse())).toBe(suiteDigest(tasks));
});
