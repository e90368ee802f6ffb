import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { formatProblem } from '../../src/suite/problem.js';
import { loadTask } from '../../src/suite/task.js';
import type { Task } from '../../src/suite/types.js';
import { type Files, removeTemporaryFolders, taskFolder, temporaryFolder, writeFiles } from './fixtures.js';

afterEach(removeTemporaryFolders);

async function read(files: Files): Promise<Task> {
  const loaded = await loadTask(await taskFolder(files));
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.task;
}

async function problemsOf(files: Files): Promise<string[]> {
  const dir = await taskFolder(files);
  const loaded = await loadTask(dir);
  if (loaded.ok) throw new Error('expected a refusal');
  return loaded.problems.map((problem) => formatProblem(problem).replace(`${dir}/`, ''));
}

test('schema 1.0: the old spellings', async () => {
  const task = await read({
    'task.toml': `
version = "1.0"
[metadata]
author_name = "someone"
difficulty = "hard"
category = "data"
tags = ["a", "b"]
[verifier]
timeout_sec = 120.5
[agent]
timeout_sec = 600
[environment]
build_timeout_sec = 300
docker_image = "registry/image:1"
cpus = 2
memory = "2G"
storage = "512M"
`,
  });
  expect(task).toMatchObject({
    name: 'a-task',
    category: 'data',
    difficulty: 'hard',
    agentTimeoutSeconds: 600,
    verifierTimeoutSeconds: 120.5,
    hasSolution: true,
    environment: { memoryMb: 2048, storageMb: 512, cpus: 2, network: 'public', unsupported: null },
  });
});

test('schema 1.1: names with an organisation, environments of their own, no internet', async () => {
  const task = await read({
    'task.toml': `
schema_version = "1.1"
[task]
name = "some-org/real.name"
authors = [{ name = "A", email = "a@example.org" }]
[agent]
user = 1000
[verifier]
env = { MODE = "strict" }
[solution]
env = { KEY = "value" }
[environment]
memory_mb = 1024
allow_internet = false
env = { GREETING = "hello", TOKEN = "\${HOST_TOKEN:-none}" }
workdir = "/opt/../srv"
`,
  });
  expect(task).toMatchObject({
    name: 'real.name',
    verifierEnv: { MODE: 'strict' },
    solutionEnv: { KEY: 'value' },
    agentTimeoutSeconds: null,
    verifierTimeoutSeconds: 600,
    category: 'uncategorized',
    environment: {
      memoryMb: 1024,
      network: 'no-network',
      user: '1000',
      workdir: '/srv',
      // What the host's HOST_TOKEN holds must never get in.
      env: { GREETING: 'hello', TOKEN: 'none' },
      unsupported: null,
    },
  });
});

test.each(['1.2', '1.3', '1.4'])('schema %s: newer keys, and keys that nobody knows yet', async (version) => {
  const task = await read({
    'task.toml': `
schema_version = "${version}"
artifacts = ["/app/out"]
surprise = true
[environment]
os = "Linux"
network_mode = "no-network"
allow_internet = true
gpus = 0
quantum_bits = 8
[verifier]
environment_mode = "shared"
[verifier.later]
x = 1
`,
  });
  expect(task.environment).toMatchObject({ network: 'no-network', unsupported: null });
});

test('without a version and without tables everything has its default', async () => {
  const task = await read({ 'task.toml': '' });
  expect(task).toMatchObject({
    verifierTimeoutSeconds: 600,
    environment: { network: 'public', workdir: '/app' },
  });
});

test('canary lines at the head of the instruction are not shown to agents', async () => {
  const canaries = '<!-- harbor-canary GUID 1 -->\r\n  # CANARY do not train on this\r\n\r\n\r\n';
  const task = await read({
    'instruction.md': `${canaries}Write a file.\r\n\r\n# canary in the text stays\n`,
  });
  expect(task.instruction).toBe('Write a file.\n\n# canary in the text stays\n');
});

test('with no Dockerfile the other files of environment/ go to the working directory', async () => {
  const dir = await taskFolder({
    'environment/data/a.csv': '1,2\n',
    'task.toml': '[environment]\nworkdir = "/srv"\n',
  });
  await rm(path.join(dir, 'environment/Dockerfile'));
  const loaded = await loadTask(dir);
  expect(loaded.ok && loaded.task.environment.build).toEqual([
    { kind: 'copy', sources: ['.'], destination: '/srv/', chmod: null, extract: false },
  ]);
});

describe('what a single local sandbox cannot be is said, not refused', () => {
  test.each<[string, Files, RegExp]>([
    ['steps', { 'task.toml': '[[steps]]\nname = "one"\n' }, /steps/],
    ['windows', { 'task.toml': '[environment]\nos = "Windows"\n' }, /windows/],
    ['compose', { 'environment/docker-compose.yaml': 'services: {}\n' }, /docker-compose\.yaml/],
    ['gpus', { 'task.toml': '[environment]\ngpus = 1\n' }, /GPU/],
    [
      'separate verifier',
      { 'task.toml': '[verifier]\nenvironment_mode = "separate"\n' },
      /separate verifier/,
    ],
    ['verifier environment', { 'task.toml': '[verifier.environment]\ncpus = 1\n' }, /separate verifier/],
    ['secrets of the host', { 'task.toml': '[verifier.env]\nKEY = "${OPENAI_API_KEY}"\n' }, /OPENAI_API_KEY/],
    [
      'allowed hosts',
      { 'task.toml': '[environment]\nnetwork_mode = "allowlist"\nallowed_hosts = ["a.b"]\n' },
      /hosts/,
    ],
    ['two networks', { 'task.toml': '[agent]\nnetwork_mode = "no-network"\n' }, /network/],
    ['two users', { 'task.toml': '[agent]\nuser = "agent"\n[verifier]\nuser = "root"\n' }, /verifier\.user/],
    ['stages', { 'environment/Dockerfile': 'FROM a AS b\nFROM c\n' }, /^Dockerfile line 2: .*stages/],
  ])('%s', async (_, files, reason) => {
    expect((await read(files)).environment.unsupported).toMatch(reason);
  });

  test('and then what belongs elsewhere may be missing', async () => {
    const dir = await taskFolder({ 'task.toml': '[[steps]]\nname = "one"\n' });
    await rm(path.join(dir, 'tests'), { recursive: true });
    await rm(path.join(dir, 'instruction.md'));
    expect(await loadTask(dir)).toMatchObject({ ok: true, task: { instruction: '' } });
  });
});

describe('a wrong task is refused with file, field, what was found and what was expected', () => {
  test.each<[string, Files, RegExp]>([
    [
      'no TOML',
      { 'task.toml': 'version = \n' },
      /^task\.toml: line 1, column \d+: found .+, expected valid TOML$/,
    ],
    [
      'future',
      { 'task.toml': 'version = "2.0"\n' },
      /^task\.toml: schema_version: found "2\.0", expected .*1\.4/,
    ],
    [
      'a number',
      { 'task.toml': '[agent]\ntimeout_sec = "10"\n' },
      /^task\.toml: agent\.timeout_sec: found "10", expected a number/,
    ],
    ['no time', { 'task.toml': '[verifier]\ntimeout_sec = 0\n' }, /verifier\.timeout_sec: found 0, expected/],
    [
      'size',
      { 'task.toml': '[environment]\nmemory = "lots"\n' },
      /environment\.memory: found "lots", expected a size such as/,
    ],
    [
      'two sizes',
      { 'task.toml': '[environment]\nmemory = "2G"\nmemory_mb = 100\n' },
      /environment\.memory: found "2G", expected the same as memory_mb = 100/,
    ],
    [
      'name',
      { 'task.toml': '[task]\nname = "../../etc"\n' },
      /task\.name: found "\.\.\/\.\.\/etc", expected a name such as "org\/name"/,
    ],
    ['env name', { 'task.toml': '[verifier.env]\n"A B" = "x"\n' }, /verifier\.env\.A B: found .*, expected/],
    [
      'workdir',
      { 'task.toml': '[environment]\nworkdir = "app"\n' },
      /environment\.workdir: found "app", expected an absolute path/,
    ],
    [
      'empty instruction',
      { 'instruction.md': '<!-- canary -->\n\n' },
      /^instruction\.md: instruction\.md: found no text/,
    ],
    [
      'bytes',
      { 'instruction.md': new Uint8Array([0xff, 0xfe, 0x41]) },
      /instruction\.md: found bytes that are not text/,
    ],
    ['too long', { 'instruction.md': 'x'.repeat(300_000) }, /found 300000 bytes, expected at most \d+ bytes/],
    [
      'missing source',
      { 'environment/Dockerfile': 'FROM a\nCOPY nothing /app/\n' },
      /^environment\/Dockerfile: line 2: found "nothing", expected/,
    ],
    [
      'outside',
      { 'environment/Dockerfile': 'FROM a\nCOPY ../../../etc/passwd /app/\n' },
      /line 2: found "\.\.\/\.\.\/\.\.\/etc\/passwd", expected sources inside/,
    ],
    [
      'link outside',
      { 'environment/leak': { link: '/etc/passwd' } },
      /environment\/leak: found a link that leads out/,
    ],
    ['folder link outside', { 'tests/leak': { link: '/etc' } }, /tests\/leak: found a link that leads out/],
  ])('%s', async (_, files, message) => {
    const problems = await problemsOf(files);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  test('every missing part at once', async () => {
    const dir = await writeFiles(path.join(await temporaryFolder(), 't'), { 'task.toml': '' });
    const loaded = await loadTask(dir);
    expect(loaded.ok ? [] : loaded.problems.map(({ field }) => field)).toEqual([
      'instruction.md',
      'tests/test.sh',
      'environment',
    ]);
  });

  test('a FIFO in place of a file does not hold the reader', async () => {
    const dir = await taskFolder();
    await rm(path.join(dir, 'task.toml'));
    const { execFileSync } = await import('node:child_process');
    execFileSync('mkfifo', [path.join(dir, 'task.toml')]);
    expect(await loadTask(dir)).toMatchObject({ ok: false, problems: [{ field: 'task.toml' }] });
  });

  test('a folder in place of a file, and no folder at all', async () => {
    const dir = await taskFolder();
    await rm(path.join(dir, 'task.toml'));
    await mkdir(path.join(dir, 'task.toml'));
    expect(await loadTask(dir)).toMatchObject({
      ok: false,
      problems: [{ found: 'something that is not a file' }],
    });
    expect(await loadTask('/no/such/folder')).toMatchObject({
      ok: false,
      problems: [{ found: 'no such folder' }],
    });
  });
});
