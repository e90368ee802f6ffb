/** What the verifier finds in a sandbox that an agent has used, and what the agent's leftovers cannot reach. */
import type { Sandbox } from '../../src/sandbox/types.js';
import { environment, run, sandboxes } from './support.js';

const { create } = sandboxes();

/** Leaves a process that does `what` again and again, and counts its rounds in /app/rounds. */
const keepDoing = (what: string) =>
  `cat >/tmp/loop <<'END'\nn=0; while :; do ${what}\necho $((++n)) >/app/rounds.new; mv /app/rounds.new /app/rounds; sleep 0.02; done\nEND\n` +
  'setsid bash /tmp/loop >/dev/null 2>&1 </dev/null &';

/** In the verifier: goes on once the agent's loop has run three times more. */
const THREE_ROUNDS =
  'from=$(cat /app/rounds 2>/dev/null || echo 0); for i in {1..1000}; do now=$(cat /app/rounds 2>/dev/null || echo 0); ((now >= from + 3)) && break; sleep 0.02; done; ((now >= from + 3)) || echo "the loop is dead"; ';

async function output(sandbox: Sandbox, command: string): Promise<string> {
  return (await run(sandbox, command, { cleanEnv: true })).output;
}

test("it has the agent's files, links, processes and network, and a clean environment", async () => {
  const sandbox = await create();
  await run(
    sandbox,
    'export LEFT=1; echo here >/app/file; mkdir "/with blank"; echo b >"/with blank/b"; echo top >/top; ln -s /app /link; ' +
      'echo note >/logs/artifacts/note; echo h >/root/h; echo s >/dev/shm/s; echo 10.0.0.1 other >>/etc/hosts; sleep 1701 &',
    { persist: true },
  );
  const verifier = await sandbox.forVerifier();
  expect(
    await output(
      verifier,
      'cat /app/file "/with blank/b" /top /link/file /logs/artifacts/note /root/h /dev/shm/s; tail -n 1 /etc/hosts; pgrep -cx sleep; echo "[$LEFT]"; hostname; id -u; cat /proc/1/comm; ls -A /tests /logs/verifier',
    ),
  ).toBe(
    'here\nb\ntop\nhere\nnote\nh\ns\n10.0.0.1 other\n1\n[]\nsandbox\n0\nbash\n/logs/verifier:\n\n/tests:\n',
  );
});

test('what it writes among the files of the agent is seen by the services that the agent left, and the other way round', async () => {
  const sandbox = await create();
  await run(
    sandbox,
    'mkfifo /app/ask; (while read -r word </app/ask; do echo "$word!" >/app/answer.new; mv /app/answer.new /app/answer; done) >/dev/null 2>&1 &',
    { persist: true },
  );
  const verifier = await sandbox.forVerifier();
  const ask =
    'echo hello >/app/ask; for i in {1..500}; do [ -e /app/answer ] && break; sleep 0.02; done; cat /app/answer';
  expect(await output(verifier, ask)).toBe('hello!\n');
});

test.each([
  [
    'by its name',
    'for f in reward.txt reward.json; do mkdir -p /logs/verifier /tests; echo 1 >/logs/verifier/$f; done; rm -rf /tests/*',
  ],
  [
    'by moving folders',
    'mv /logs /l$RANDOM; mkdir -p /logs/verifier; echo 1 >/logs/verifier/reward.txt; mv /tests /t$RANDOM',
  ],
  [
    "through the verifier's processes",
    'for p in /proc/[0-9]*; do echo 1 >$p/root/logs/verifier/reward.txt; echo 1 >$p/cwd/logs/verifier/reward.txt; rm -rf $p/root/tests/*; done',
  ],
])('a process that the agent left reaches neither reward nor tests %s', async (_, attack) => {
  const sandbox = await create();
  await run(sandbox, keepDoing(attack));
  const verifier = await sandbox.forVerifier();
  await verifier.upload(__dirname, '/tests');
  const seen = await output(
    verifier,
    `cd /; echo 0 >/logs/verifier/reward.txt; ${THREE_ROUNDS} cat /logs/verifier/reward.txt; ls /logs/verifier; ls /tests | grep -c verifier.test`,
  );
  expect(seen).toBe('0\nreward.txt\n1\n');
  expect(await verifier.readFile('/logs/verifier/reward.txt', 100)).toMatchObject({
    content: Buffer.from('0\n'),
  });
});

test('the same for an agent that is not root, whose verifier is the same user', async () => {
  const sandbox = await create({ environment: environment({ user: 'nobody' }) });
  await run(sandbox, 'chmod 777 /app', { root: true });
  await run(sandbox, keepDoing('for p in /proc/[0-9]*; do echo 1 >$p/root/logs/verifier/reward.txt; done'));
  const verifier = await sandbox.forVerifier();
  const seen = await output(
    verifier,
    `id -un; echo 0 >/logs/verifier/reward.txt; ${THREE_ROUNDS} cat /logs/verifier/reward.txt`,
  );
  expect(seen).toBe('nobody\n0\n');
});

test("programs of the base are as they were; what the agent added is found, but never in a program's place", async () => {
  const sandbox = await create();
  const liar = 'printf "#!/bin/sh\\nexit 0\\n"';
  await run(
    sandbox,
    `for f in /usr/bin/cmp /usr/local/bin/grep /usr/local/sbin/diff /usr/local/bin/mine /usr/local/bin/test; do mkdir -p \${f%/*}; ${liar} >/tmp/liar; chmod +x /tmp/liar; cp /tmp/liar $f; done; ` +
      'rm -f /usr/bin/sed; mkdir -p /usr/local/lib/python3.99/dist-packages; cd /usr/local/lib/python3.99/dist-packages; touch sitecustomize.py useful_module.py || exit 1; ' +
      'mkdir -p /usr/lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v2; touch /usr/lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v2/libc.so.6',
  );
  const verifier = await sandbox.forVerifier();
  const seen = await output(
    verifier,
    'echo a >/tmp/a; echo b >/tmp/b; cmp -s /tmp/a /tmp/b || echo differ; diff -q /tmp/a /tmp/b >/dev/null || echo differ; ' +
      'echo a | grep -q b || echo none; echo a | sed s/a/c/; type -P grep diff mine; ' +
      'ls /usr/local/lib/python3.99/dist-packages | grep -x -e sitecustomize.py -e useful_module.py; ls /usr/lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v2/libc.so.6 2>/dev/null',
  );
  expect(seen).toBe(
    'differ\ndiffer\nnone\nc\n/usr/bin/grep\n/usr/bin/diff\n/usr/local/bin/mine\nuseful_module.py\n',
  );
});

test("programs that the task's own files put before those of the base stay, as the agent mended them", async () => {
  const build = [
    {
      kind: 'run' as const,
      form: 'shell' as const,
      command: 'echo "echo built" >/usr/local/bin/grep; chmod +x /usr/local/bin/grep',
    },
  ];
  const sandbox = await create({ environment: environment({ build }) });
  await run(sandbox, 'echo "echo mended" >/usr/local/bin/grep');
  expect(await output(await sandbox.forVerifier(), 'grep')).toBe('mended\n');
});

test('a library for every program cannot be asked for, neither in its file nor by another /etc', async () => {
  const sandbox = await create();
  const { output: said } = await run(
    sandbox,
    'echo /app/evil.so >/etc/ld.so.preload; rm -f /etc/ld.so.preload; mv /etc/ld.so.preload /etc/x; mv /etc /etc.old; ls -d /etc /etc/ld.so.preload; ls -s /etc/ld.so.preload',
  );
  expect(said).toMatch(/Read-only file system/);
  expect(said.match(/busy/g)).toHaveLength(3);
  expect(said).toMatch(/\n\/etc\n\/etc\/ld\.so\.preload\n0 \/etc\/ld\.so\.preload\n$/);
});

test('links that the agent put in place of folders lead nowhere but into the sandbox', async () => {
  const sandbox = await create();
  await run(
    sandbox,
    'cd /; rm -rf /app /logs /opt /run/shm; ln -s /oldroot/etc /app; ln -s /etc /opt; ln -s / /logs; ln -s ../../../etc /run/shm',
  );
  const verifier = await sandbox.forVerifier();
  expect(
    await output(
      verifier,
      'cd /; cat /opt/hostname; ls /app/ 2>/dev/null; ls -A /logs; ls -A /dev/shm; echo 1 >/logs/verifier/x',
    ),
  ).toBe('The working directory /app is gone; running in /.\nsandbox\nagent\nartifacts\nverifier\n');
});

test('an agent that filled its storage leaves the verifier room', async () => {
  const sandbox = await create();
  await run(sandbox, 'head -c 200000000 /dev/zero >/app/full');
  const verifier = await sandbox.forVerifier();
  await verifier.upload(__dirname, '/tests');
  expect(await output(verifier, 'echo 1 >/logs/verifier/reward.txt; cat /logs/verifier/reward.txt')).toBe(
    '1\n',
  );
});

test('commands of the verifier that run too long are killed with all they started, and those of the agent are not', async () => {
  const sandbox = await create();
  await run(sandbox, 'sleep 1702 &');
  const verifier = await sandbox.forVerifier();
  const cut = await run(verifier, 'sleep 1703 & setsid sleep 1704', { timeoutSeconds: 0.3 });
  expect(cut).toMatchObject({ exitCode: 124, timedOut: true });
  expect(await output(verifier, 'pgrep -cx sleep')).toBe('1\n');
});

test('an agent that left as many processes as it may leaves the verifier some', async () => {
  const sandbox = await create({ limits: { memoryMb: 512, processes: 40, storageMb: 64 } });
  await run(sandbox, 'for i in {1..60}; do sleep 1705 & done', { timeoutSeconds: 1 });
  await run(sandbox, '(for i in {1..60}; do sleep 1706 & done; sleep 1707) >/dev/null 2>&1 &', {
    timeoutSeconds: 1,
  });
  const verifier = await sandbox.forVerifier();
  expect(await output(verifier, 'echo a | cat | cat')).toBe('a\n');
});
