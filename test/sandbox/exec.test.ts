import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, run, sandboxes } from './support.js';

const { create } = sandboxes();

test('a command gives its exit code and both its outputs, in order', async () => {
  const sandbox = await create();
  const result = await run(sandbox, 'echo out; echo err >&2; echo more > /dev/stderr; exit 7');
  expect(result).toMatchObject({ exitCode: 7, output: 'out\nerr\nmore\n', timedOut: false, omittedBytes: 0 });
});

test.each([
  ['true', 0],
  ['false', 1],
  ['nosuchprogram', 127],
  ['/etc/passwd', 126],
  ['if', 2],
  ['kill -TERM $BASHPID', 143],
  ['bash -c "kill -9 \\$\\$"', 137],
  ['exit 255', 255],
  ['set -e; false; echo not reached', 1],
  ['exec bash -c "exit 9"', 9],
])('exit code of %p is %i', async (command, exitCode) => {
  expect((await run(await create(), command)).exitCode).toBe(exitCode);
});

test('messages of the shell count lines of the command and name no file of ours', async () => {
  const { output } = await run(await create(), 'echo one\nnosuchprogram');
  expect(output).toBe('one\nbash: line 2: nosuchprogram: command not found\n');
});

test('commands of any text: quotes, here-documents, unicode, 100 KB', async () => {
  const sandbox = await create();
  const text = `it's "quoted" $HOME \`x\` \\ naïve 日本語 🎉 \t end`;
  const heredoc = `cat <<'EOF'\n${text}\nEOF\ncat <<EOF\n$((6 * 7))\nEOF`;
  expect((await run(sandbox, heredoc)).output).toBe(`${text}\n42\n`);
  const long = 'ä'.repeat(50_000);
  const result = await run(
    sandbox,
    `x='${long}'; echo \${#x}; printf %s "$x" > /tmp/long; wc -c < /tmp/long`,
  );
  expect(result.output).toBe('50000\n100000\n');
});

test('a NUL byte in a command is a failed command, not a broken sandbox', async () => {
  const sandbox = await create();
  expect((await run(sandbox, 'echo a\0b')).exitCode).toBe(126);
  expect((await run(sandbox, 'echo still here')).output).toBe('still here\n');
});

test('binary output arrives; what is no UTF-8 becomes the replacement character', async () => {
  const { output } = await run(await create(), `printf 'a\\0b\\xffc\\n'`);
  expect(output).toBe('a\0b�c\n');
});

test('stdin of commands is empty, and nothing of the worker is open in them', async () => {
  const { output } = await run(await create(), 'cat; ls /proc/self/fd');
  expect(output).toBe('0\n1\n2\n3\n');
});

test('a time limit kills the command with all it started, and keeps what it said', async () => {
  const sandbox = await create();
  const command = 'echo before; sleep 1001 & (setsid sleep 1002; true) & bash -c "sleep 1003; true"';
  const result = await run(sandbox, command, { timeoutSeconds: 0.5 });
  expect(result).toMatchObject({ exitCode: 124, timedOut: true, output: 'before\n' });
  expect((await run(sandbox, 'ps -eo args | grep -c "[s]leep 100"')).output).toBe('0\n');
});

test('a command that stops itself ends, at its time limit at the latest', async () => {
  const result = await run(await create(), 'kill -STOP $BASHPID', { timeoutSeconds: 0.5 });
  // 147 where the shell is told of the stop before the time limit is over: either way the call comes back.
  expect([124, 147]).toContain(result.exitCode);
});

test('an aborted command rejects with the reason, its processes are gone, the sandbox goes on', async () => {
  const sandbox = await create();
  const controller = new AbortController();
  const reason = new Error('cancelled');
  const running = run(sandbox, 'sleep 1077', { signal: controller.signal });
  while (!isRunning('sleep 1077')) await delay(5);
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
  expect((await run(sandbox, 'ps -eo args | grep -c "[s]leep 107"')).output).toBe('0\n');
});

test('an endless output is bounded while it is written: head and tail, the rest counted', async () => {
  const sandbox = await create();
  const result = await run(sandbox, 'echo first; yes middle | head -c 30000000; echo last', {
    outputBytes: 2000,
  });
  expect(result.exitCode).toBe(0);
  expect(result.output.startsWith('first\nmiddle\n')).toBe(true);
  expect(result.output.endsWith('last\n')).toBe(true);
  expect(result.output).toContain(`\n[... ${result.omittedBytes} bytes omitted ...]\n`);
  expect(result.omittedBytes).toBe(30_000_000 + 'first\nlast\n'.length - 2000);
  expect((await run(sandbox, 'df --output=used -k / | tail -1')).output.trim()).toMatch(/^\d{1,4}$/);
});

test('a background process that keeps the output open does not hold the command', async () => {
  const sandbox = await create();
  const result = await run(sandbox, '(while sleep 0.01; do echo noise; done) & echo done');
  expect(result.timedOut).toBe(false);
  expect(result.output).toMatch(/^done\n/);
  expect((await run(sandbox, 'yes > /dev/stdout & echo one')).exitCode).toBe(0);
  expect((await run(sandbox, 'pkill yes; echo two')).output).toMatch(/two\n/);
});

test('services that a command starts live on and answer later commands', async () => {
  const sandbox = await create();
  await run(
    sandbox,
    'mkfifo /tmp/in; (while read -r line < /tmp/in; do echo "got $line" >> /tmp/log; done) &',
  );
  await run(sandbox, 'nohup setsid sleep 1234 > /dev/null 2>&1 &');
  expect((await run(sandbox, 'while ! pgrep -f "^sleep 1234"; do :; done')).output).toMatch(/^\d+\n$/);
  await run(sandbox, 'echo ping > /tmp/in');
  expect((await run(sandbox, 'while ! grep ping /tmp/log; do :; done', { cleanEnv: true })).output).toBe(
    'got ping\n',
  );
});

test.each([
  'kill -9 -1',
  'kill -9 1',
  'kill -STOP 1',
  'kill -9 $$',
  'exec true',
  'pkill -9 .',
  'kill -INT -1; kill -TERM -1',
])('%p does not take the sandbox down', async (command) => {
  const sandbox = await create();
  await run(sandbox, 'echo kept > /tmp/file');
  await run(sandbox, command);
  expect(await run(sandbox, 'cat /tmp/file')).toMatchObject({ exitCode: 0, output: 'kept\n' });
});

test('a command cannot read the requests, forge an answer or look into the driver', async () => {
  const sandbox = await create();
  const { output } = await run(
    sandbox,
    'for f in /proc/1/environ /proc/1/mem /proc/1/maps; do cat $f 2>&1 | head -1; done; ls /proc/1/fd 2>&1; ' +
      'echo "$__nonce"; for i in 3 5 6 7 8 9 10; do echo forged >&$i; done 2>/dev/null; cat /run/bash 2>&1 | head -c 100',
  );
  expect(output.match(/Permission denied/g)).toHaveLength(5);
  expect((await run(sandbox, 'echo fine')).output).toBe('fine\n');
});

test('default calls start from the same place each time', async () => {
  const sandbox = await create();
  await run(sandbox, 'export A=1; cd /tmp; PATH=/nowhere; f() { :; }');
  expect((await run(sandbox, 'echo "[$A] $PWD $PATH"; declare -F')).output).toBe(
    '[] /app /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n',
  );
});

test('persistent calls see directory, variables and functions of the ones before', async () => {
  const sandbox = await create();
  const persist = { persist: true };
  await run(
    sandbox,
    `mkdir -p "/tmp/a b"; cd "/tmp/a b"; export PATH="$PATH:/opt/tools"; LIST=(1 "two words" $'three\\nlines'); export TEXT=$'q"\\'ö\\n'; greet() { echo "hello $1"; }; umask 077`,
    persist,
  );
  const check =
    'pwd; echo "${PATH##*:}"; echo "${#LIST[@]} ${LIST[2]}"; echo "$TEXT"; greet you; umask; bash -c "echo \\$TEXT"';
  const expected = '/tmp/a b\n/opt/tools\n3 three\nlines\nq"\'ö\n\nhello you\n0077\nq"\'ö\n';
  expect((await run(sandbox, check, persist)).output).toBe(expected);
  expect((await run(sandbox, 'echo "[$TEXT]"; pwd')).output).toBe('[]\n/app\n');
  expect((await run(sandbox, 'echo "[$TEXT]"; pwd', { persist: true, cleanEnv: true })).output).toBe(
    '[]\n/app\n',
  );
  expect((await run(sandbox, check, persist)).output).toBe(expected);
});

test.each([
  ['export A=2; exit 3', 3, '2'],
  ['export A=2; set -e; false', 1, '2'],
  ['set -u; export A=2; echo $NOPE', 1, '2'],
  ['export A=2; trap "echo bye" EXIT', 0, '2'],
  ['export A=2; readonly A', 0, '2'],
  ['export A=2; exec true', 0, '1'],
])('after %p, persistent state is kept or as it was before', async (command, exitCode, value) => {
  const sandbox = await create();
  await run(sandbox, 'export A=1', { persist: true });
  expect((await run(sandbox, command, { persist: true })).exitCode).toBe(exitCode);
  expect((await run(sandbox, 'echo $A', { persist: true })).output).toBe(`${value}\n`);
});

test('a timed-out persistent call and a full disk leave the state as it was', async () => {
  const sandbox = await create({ limits: { memoryMb: 256, processes: 64, storageMb: 16 } });
  await run(sandbox, 'export A=1; cd /tmp', { persist: true });
  await run(sandbox, 'A=2; sleep 1001', { persist: true, timeoutSeconds: 0.3 });
  await run(sandbox, 'cat /dev/zero > /tmp/full; A=3', { persist: true });
  expect((await run(sandbox, 'echo $A $PWD', { persist: true })).output).toBe('1 /tmp\n');
});

test('options: directory and variables of one call', async () => {
  const sandbox = await create();
  const options = { cwd: '/usr/share', env: { NAME: "it's ü", 'bad-name': 'x' } };
  expect((await run(sandbox, 'echo $PWD $NAME', options)).output).toBe("/usr/share it's ü\n");
  expect(await run(sandbox, 'echo not reached', { cwd: '/nope' })).toMatchObject({
    exitCode: 1,
    output: 'bash: line 1: cd: /nope: No such file or directory\n',
  });
});

test('a working directory that the agent removed does not lock it out', async () => {
  const sandbox = await create();
  await run(sandbox, 'cd /; rm -rf /app');
  const result = await run(sandbox, 'mkdir /app && echo made');
  expect(result.output).toBe('The working directory /app is gone; running in /.\nmade\n');
  expect((await run(sandbox, 'pwd')).output).toBe('/app\n');
});

test('files that shells read at their start poison nothing', async () => {
  const sandbox = await create();
  await run(
    sandbox,
    `for f in ~/.bashrc ~/.profile ~/.bash_profile /etc/profile /etc/bash.bashrc /etc/environment; do echo 'export POISON=1; PATH=/evil' >> $f; done; export BASH_ENV=~/.bashrc`,
    { persist: true },
  );
  const result = await run(sandbox, 'echo "[$POISON]$BASH_ENV"; bash -c "echo [\\$POISON]"', {
    cleanEnv: true,
  });
  expect(result.output).toBe('[]\n[]\n');
});

test('calls at the same time take turns', async () => {
  const sandbox = await create();
  const results = await Promise.all([1, 2, 3].map((i) => run(sandbox, `echo ${i}; sleep 0.02; echo ${i}`)));
  expect(results.map((result) => result.output)).toEqual(['1\n1\n', '2\n2\n', '3\n3\n']);
});
