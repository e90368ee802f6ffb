import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Cgroup, findCgroups, sweepCgroups } from '../../src/sandbox/cgroup.js';
import { checkSandbox } from '../../src/sandbox/doctor.js';
import { createSandboxProvider } from '../../src/sandbox/index.js';
import { OutputWindow } from '../../src/sandbox/output.js';
import { explainStart } from '../../src/sandbox/problems.js';
import { quote } from '../../src/sandbox/quote.js';
import { packTar } from '../../src/sandbox/tar.js';
import { currentOwner, isDead, ownerTag } from '../../src/sandbox/worker-state.js';
import { run, spec } from './support.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sandbox-parts-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('quoting', () => {
  test('any text is one word of bash, and stands for itself', () => {
    const words = fc
      .sample(fc.string({ unit: 'binary', maxLength: 40 }), 300)
      .map((word) => word.replaceAll('\0', ''));
    const script = words.map((word) => `printf '%s\\0' ${quote(word)}`).join('\n');
    const output = execFileSync('bash', ['--norc', '-s'], { input: script });
    expect(output).toEqual(Buffer.from(words.map((word) => `${word}\0`).join(''), 'utf8'));
    expect(words.every((word) => /^[\x20-\x7e]*$/.test(quote(word)))).toBe(true);
  });
});

describe('output window', () => {
  const collect = (limit: number, chunks: Buffer[]) => {
    const window = new OutputWindow(limit);
    for (const chunk of chunks) window.push(chunk);
    return window.finish();
  };

  test('keeps everything up to its limit, whatever the chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 20 }), (texts) => {
        const chunks = texts.map((text) => Buffer.from(text));
        const all = Buffer.concat(chunks);
        expect(collect(Math.max(all.length, 2), chunks)).toEqual({ output: all.toString(), omittedBytes: 0 });
      }),
    );
  });

  test('beyond it: head, tail and an exact count, no character cut', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 300 }),
        fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 80 }),
        (limit, texts) => {
          const chunks = texts.map((text) => Buffer.from(text));
          const all = Buffer.concat(chunks);
          fc.pre(all.length > limit);
          const { output, omittedBytes } = collect(limit, chunks);
          const marker = `\n[... ${omittedBytes} bytes omitted ...]\n`;
          const [head, tail] = output.split(marker) as [string, string];
          expect(all.subarray(0, Buffer.byteLength(head)).toString()).toBe(head);
          expect(all.subarray(all.length - Buffer.byteLength(tail)).toString()).toBe(tail);
          expect(Buffer.byteLength(head) + Buffer.byteLength(tail) + omittedBytes).toBe(all.length);
          expect(Buffer.byteLength(head) + Buffer.byteLength(tail)).toBeGreaterThan(limit - 8);
          expect(Buffer.byteLength(head) + Buffer.byteLength(tail)).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });

  test('holds no more memory than a few times its limit', () => {
    const window = new OutputWindow(1000);
    const chunk = Buffer.alloc(65_536, 'x');
    for (let i = 0; i < 2000; i++) window.push(chunk);
    expect(JSON.stringify(window).length).toBeLessThan(1_000_000);
    expect(window.total).toBe(2000 * 65_536);
  });
});

test('archives are what tar reads: long and odd names, modes, links, sizes around a block', () => {
  const names = [
    'a',
    'dir/b',
    `${'d/'.repeat(60)}deep`,
    'x'.repeat(100),
    'y'.repeat(101),
    'ünïcödé '.repeat(14),
    'new\nline',
  ];
  const sizes = [0, 1, 511, 512, 513, 1024, 70_000];
  const archive = packTar([
    ...names.map((path, i) => ({
      kind: 'file' as const,
      path,
      mode: 0o640,
      content: Buffer.alloc(sizes[i]!, i + 65),
    })),
    { kind: 'directory', path: 'empty', mode: 0o700 },
    { kind: 'symlink', path: 'link', mode: 0o777, target: `../${'t'.repeat(150)}` },
  ]);
  execFileSync('tar', ['-C', dir, '-xpf', '-'], { input: archive });
  names.forEach((name, i) => {
    expect(readFileSync(join(dir, name))).toEqual(Buffer.alloc(sizes[i]!, i + 65));
  });
  const listing = execFileSync('tar', ['-tvf', '-', '--numeric-owner'], { input: archive, encoding: 'utf8' });
  expect(listing).toContain(`link -> ../${'t'.repeat(150)}`);
  expect(listing.match(/^-rw-r----- 0\/0/gm)).toHaveLength(names.length);
  expect(listing).toContain('drwx------ 0/0');
});

describe('whose is it', () => {
  const owner = currentOwner();

  test.each([
    ['of this process', owner, false],
    ['of an earlier process with this number', { ...owner, startedAt: '1' }, true],
    ['of a process that is no more', { ...owner, pid: 4_194_303 }, true],
    ['of another boot', { ...owner, boot: '00000000', pid: 1 }, true],
    [
      'of another process namespace, which cannot be judged',
      { ...owner, pidNamespace: '1', pid: 4_194_303 },
      false,
    ],
  ])('a name %s: dead is %p', (_, named, dead) => {
    expect(isDead(`${ownerTag(named)}.12ab.3`)).toBe(dead);
    expect(isDead(ownerTag(named))).toBe(dead);
  });

  test('names of others are never taken for those of a dead worker', () => {
    for (const name of ['system.slice', '', '1-2-3-4', 'docker', `${ownerTag(owner)}x`])
      expect(isDead(name)).toBe(false);
  });
});

describe('control groups, version 2', () => {
  /** A tree as the kernel shows it; what is written to a file stays in it. */
  function tree(own: string, control: Record<string, string>) {
    for (const [path, value] of Object.entries(control)) {
      mkdirSync(join(dir, path), { recursive: true });
      writeFileSync(join(dir, path, 'cgroup.subtree_control'), value);
    }
    writeFileSync(
      join(dir, 'mountinfo'),
      `30 24 0:26 / ${dir} rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n`,
    );
    writeFileSync(join(dir, 'own'), `0::${own}\n`);
    return findCgroups({ mounts: join(dir, 'mountinfo'), own: join(dir, 'own') });
  }
  const all = 'cpu memory pids\n';

  test('the nearest group that hands memory and pids down is used', () => {
    const roots = tree('/user.slice/app.scope', {
      '': all,
      'user.slice': all,
      'user.slice/app.scope': '',
      'user.slice/self-harness': all,
    });
    const parent = join(dir, 'user.slice/self-harness');
    expect(roots).toEqual({ version: 2, memory: parent, pids: parent, cpu: parent });
  });

  test('limits are written in the words of version 2, and the group is removed', async () => {
    const roots = tree('/', { '': all, 'self-harness': all })!;
    const group = new Cgroup(roots, 'one', { memoryBytes: 1024, processes: 7, cpus: 1.5 });
    await group.add(4242);
    const read = (file: string) => readFileSync(join(dir, 'self-harness/one', file), 'utf8');
    expect([
      read('memory.max'),
      read('memory.swap.max'),
      read('pids.max'),
      read('cpu.max'),
      read('cgroup.procs'),
    ]).toEqual(['1024', '0', '7', '150000 100000', '4242']);
  });

  test('only groups of dead workers are swept', async () => {
    const roots = tree('/', { '': all, 'self-harness': all })!;
    const owner = currentOwner();
    const dead = `${ownerTag({ ...owner, startedAt: '1' })}.ab.1`;
    for (const name of [dead, `${ownerTag(owner)}.ab.1`, 'other']) mkdirSync(join(dir, 'self-harness', name));
    expect(await sweepCgroups(roots)).toBe(1);
    expect(execFileSync('ls', [join(dir, 'self-harness')], { encoding: 'utf8' })).toBe(
      `${ownerTag(owner)}.ab.1\ncgroup.subtree_control\nother\n`,
    );
  });

  test('none where none can be made', () => {
    expect(tree('/', { '': '\n' })).toBeNull();
    expect(findCgroups({ mounts: join(dir, 'nope'), own: join(dir, 'nope') })).toBeNull();
  });
});

test.each([
  [
    'stage:namespace\nstage:tmpfs\nmount: /tmp: permission denied.',
    'unavailable',
    'apparmor_restrict_unprivileged_userns',
  ],
  ['stage:overlay\nmount: /tmp/root: wrong fs type, bad option', 'unavailable', 'Linux 5.11'],
  ['stage:bwrap\nbash: line 9: exec: bwrap: not found', 'unavailable', 'apt-get install bubblewrap'],
  [
    "stage:bwrap\nbwrap: Can't mount proc on /newroot/proc: Operation not permitted",
    'unavailable',
    'systempaths=unconfined',
  ],
  ['stage:overlay\nmkdir: cannot create directory: No space left on device', 'disk', 'No room'],
  ['stage:bwrap\nbwrap: something new', 'start', 'did not start'],
])('a start that fails with %j is explained', (diagnostics, kind, words) => {
  const error = explainStart(diagnostics, 'gone');
  expect(error).toMatchObject({ kind, message: expect.stringContaining(words) });
  expect(error.message).toContain(diagnostics.split('\n').at(-1));
});

test('the doctor finds this machine in order, or says what to type', async () => {
  for (const check of await checkSandbox()) {
    expect(check).toEqual({
      check: expect.any(String),
      ok: check.ok,
      detail: expect.stringMatching(/./),
      remedy: expect.any(String),
    });
    expect(check.ok).toBe(check.remedy === '');
  }
});

describe('on the host', () => {
  test('only with the explicit flag', () => {
    const options = { kind: 'host' as const, stateDir: dir };
    expect(() => createSandboxProvider({ ...options, allowHost: false })).toThrow(
      /sandbox\.allowHost to true/,
    );
    expect(createSandboxProvider({ ...options, allowHost: true }).kind).toBe('host');
    expect(createSandboxProvider({ kind: 'auto', allowHost: true, stateDir: dir }).kind).toBe('bubblewrap');
  });

  test('commands and files work in a folder of their own, with a clean environment, and all of it ends', async () => {
    const provider = createSandboxProvider({ kind: 'host', allowHost: true, stateDir: dir });
    const sandbox = await provider.create(spec());
    process.env.SECRET_OF_THE_WORKER = 'do-not-tell';
    const { output } = await run(
      sandbox,
      'echo "[$SECRET_OF_THE_WORKER]"; echo hello > file; pwd; echo "$SANDBOX_ROOT"',
    );
    delete process.env.SECRET_OF_THE_WORKER;
    const [secret, cwd, root] = output.split('\n');
    expect([secret, cwd]).toEqual(['[]', `${root}/app`]);
    expect(await sandbox.readFile('file', 100)).toMatchObject({ content: Buffer.from('hello\n') });
    await sandbox.writeFile('/logs/verifier/reward.txt', '1');
    expect(await sandbox.exists(['/logs/verifier/reward.txt', '/nope'])).toEqual([true, false]);
    await run(sandbox, 'export A=1', { persist: true });
    expect((await run(sandbox, 'echo $A', { persist: true })).output).toBe('1\n');
    const timed = await run(sandbox, 'sleep 1601 & setsid sleep 1602', { timeoutSeconds: 0.3 });
    expect(timed).toMatchObject({ exitCode: 124, timedOut: true });
    await run(sandbox, 'setsid sleep 1603 & disown');
    await sandbox.destroy();
    const { isRunning } = await import('./support.js');
    expect(['sleep 1601', 'sleep 1602', 'sleep 1603'].filter(isRunning)).toEqual([]);
    expect(() => readFileSync(join(root!, 'app/file'))).toThrow(/ENOENT/);
  });

  test('tasks with build steps are refused', async () => {
    const provider = createSandboxProvider({ kind: 'host', allowHost: true, stateDir: dir });
    const build = [{ kind: 'run' as const, form: 'shell' as const, command: 'true' }];
    const specification = spec();
    await expect(
      provider.create({ ...specification, environment: { ...specification.environment, build } }),
    ).rejects.toMatchObject({ kind: 'unsupported' });
  });
});
