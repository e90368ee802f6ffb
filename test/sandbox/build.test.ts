import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BubblewrapProvider } from '../../src/sandbox/bubblewrap.js';
import type { BuildStep } from '../../src/suite/types.js';
import { environment, run, sandboxes, spec } from './support.js';

const { create, context } = sandboxes();

let contextDir: string;
beforeEach(async () => {
  contextDir = await mkdtemp(join(tmpdir(), 'sandbox-build-'));
  await mkdir(join(contextDir, 'data/deep'), { recursive: true });
  await writeFile(join(contextDir, 'data/deep/a.txt'), 'a\n');
  await writeFile(join(contextDir, 'run.sh'), '#!/bin/sh\necho ran\n', { mode: 0o755 });
  await writeFile(join(contextDir, 'config'), 'one\n');
  await symlink('/etc/passwd', join(contextDir, 'data/link'));
});
afterEach(() => rm(contextDir, { recursive: true, force: true }));

const copy = (
  sources: string[],
  destination: string,
  more: Partial<Extract<BuildStep, { kind: 'copy' }>> = {},
): BuildStep => ({
  kind: 'copy',
  sources,
  destination,
  chmod: null,
  extract: false,
  ...more,
});
const sh = (command: string): BuildStep => ({ kind: 'run', form: 'shell', command });
const built = (build: BuildStep[], workdir = '/app') =>
  create({ contextDir, environment: environment({ build, workdir }) });

test.each([
  [copy(['config'], '/app/renamed'), 'cat /app/renamed', 'one\n'],
  [copy(['config'], '/app/new/'), 'cat /app/new/config', 'one\n'],
  [copy(['config'], '/app'), 'cat /app/config', 'one\n'],
  [copy(['config'], '.'), 'cat /srv/config', 'one\n'],
  [copy(['config'], 'sub/name'), 'cat /srv/sub/name', 'one\n'],
  [copy(['config', 'run.sh'], '/opt/both/'), '/opt/both/run.sh; cat /opt/both/config', 'ran\none\n'],
  [copy(['data'], '/data'), 'cat /data/deep/a.txt; readlink /data/link', 'a\n/etc/passwd\n'],
  [copy(['run.sh'], '/x', { chmod: '600' }), 'stat -c %a /x', '600\n'],
  [copy(['.'], '/all/'), 'ls /all', 'config\ndata\nrun.sh\n'],
])('%j puts files where Docker would', async (step, command, output) => {
  const sandbox = await built([{ kind: 'workdir', path: '/srv' }, step]);
  expect((await run(sandbox, command)).output).toBe(output);
});

test('ADD unpacks archives', async () => {
  execFileSync('tar', ['-C', contextDir, '-czf', join(contextDir, 'data.tar.gz'), 'data']);
  const sandbox = await built([copy(['data.tar.gz'], '/unpacked/', { extract: true })]);
  expect((await run(sandbox, 'cat /unpacked/data/deep/a.txt; ls /run/archive 2>&1')).output).toMatch(
    /^a\nls: cannot access/,
  );
});

test('ENV, the environment of the task, WORKDIR and USER reach every command', async () => {
  const sandbox = await create({
    contextDir,
    environment: environment({
      workdir: '/work dir',
      env: { B: 'task', C: 'task' },
      build: [
        { kind: 'env', values: { A: 'a b', B: 'image' } },
        { kind: 'user', user: 'nobody' },
      ],
    }),
  });
  const expected = 'a b task task\n/work dir\nnobody nobody /nonexistent\n';
  const command = 'echo "$A" $B $C; pwd; echo $(whoami) $USER $HOME';
  expect((await run(sandbox, command)).output).toBe(expected);
  expect((await run(sandbox, command, { cleanEnv: true })).output).toBe(expected);
});

test('a user that is not root works as itself, also in files and from call to call', async () => {
  const sandbox = await create({
    contextDir,
    environment: environment({ user: 'agent', build: [sh('useradd -m agent && chown agent /app')] }),
  });
  const persist = { persist: true };
  await run(sandbox, 'export A=1; cd /tmp', persist);
  expect((await run(sandbox, 'echo $A $PWD $(id -un) $HOME', persist)).output).toBe(
    '1 /tmp agent /home/agent\n',
  );
  expect(await sandbox.writeFile('own.txt', 'text\n')).toEqual({ ok: true });
  expect(await sandbox.writeFile('/etc/own', 'x')).toMatchObject({
    ok: false,
    reason: expect.stringContaining('Permission denied'),
  });
  expect((await run(sandbox, 'stat -c "%U %s" own.txt; rm /etc/hosts 2>&1')).output).toMatch(
    /^agent 5\nrm: .*Permission denied/s,
  );
  expect((await run(sandbox, 'id -un; cat own.txt > /etc/own && rm /etc/own', { root: true })).output).toBe(
    'root\n',
  );
  await run(sandbox, 'chmod 000 own.txt');
  expect(await sandbox.readFile('own.txt', 100)).toMatchObject({
    ok: false,
    reason: expect.stringContaining('permission denied'),
  });
  expect((await run(sandbox, `printf %s '${'x'.repeat(200_000)}' | wc -c; exit 4`)).output).toBe('200000\n');
  expect((await run(sandbox, 'sleep 1001', { timeoutSeconds: 0.3 })).exitCode).toBe(124);
});

describe('RUN', () => {
  const steps: BuildStep[] = [
    { kind: 'workdir', path: '/srv/site' },
    { kind: 'env', values: { NAME: 'built' } },
    copy(['config'], 'config'),
    sh(
      'echo "$NAME in $PWD" > /built && sed -i s/one/two/ config && rm /usr/bin/expr && rm -rf /var/cache && date +%N > /stamp',
    ),
    {
      kind: 'run',
      form: 'exec',
      argv: [
        '/bin/sh',
        '-c',
        'mkdir -p "$0/x"; echo "#!/bin/sh" > /usr/local/bin/tool; chmod +x /usr/local/bin/tool',
        '/usr/share/it has blanks',
      ],
    },
  ];
  const check =
    'cat /built /srv/site/config; ls /usr/bin/expr /var/cache 2>&1 | wc -l; ls -d /usr/share/it*/x; tool && pwd; cat /stamp';

  test('runs once; every later sandbox starts from its result, and changes nothing of it', async () => {
    const [one, two] = await Promise.all([built(steps, '/srv/site'), built(steps, '/srv/site')]);
    const first = await run(one, check);
    expect(first.output).toMatch(
      /^built in \/srv\/site\ntwo\n2\n\/usr\/share\/it has blanks\/x\n\/srv\/site\n\d+\n$/,
    );
    expect((await run(two, check)).output).toBe(first.output);
    await run(one, 'echo changed > /built; rm /stamp /usr/local/bin/tool');
    const other = new BubblewrapProvider({ stateDir: context.stateDir });
    const later = await other.create(
      spec({ contextDir, environment: environment({ build: steps, workdir: '/srv/site' }) }),
    );
    expect((await run(later, check)).output).toBe(first.output);
    await later.destroy();
  });

  test('runs again when a file that it copies has changed', async () => {
    const build = [copy(['config'], '/config'), sh('cp /config /result')];
    expect((await run(await built(build), 'cat /result')).output).toBe('one\n');
    await writeFile(join(contextDir, 'config'), 'changed\n');
    expect((await run(await built(build), 'cat /result')).output).toBe('changed\n');
  });

  test('that fails makes the task unsupported, with what it said, and leaves no layer', async () => {
    const roots = join(context.stateDir, 'sandboxes/roots');
    const before = await readdir(roots);
    await expect(built([sh('echo cannot fetch >&2; exit 3')])).rejects.toMatchObject({
      kind: 'unsupported',
      message:
        'RUN echo cannot fetch >&2; exit 3 failed with exit code 3; there is no network here. It said: cannot fetch',
    });
    expect(await readdir(roots)).toEqual(before);
  });
});
