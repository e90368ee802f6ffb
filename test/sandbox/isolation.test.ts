import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { run, sandboxes } from './support.js';

const { create } = sandboxes();

test('nothing of this machine is there but its programs', async () => {
  const sandbox = await create();
  process.env.SECRET_OF_THE_WORKER = 'do-not-tell';
  const { output } = await run(
    sandbox,
    `ls -A /home /root /tmp /var/tmp /opt /mnt /srv /media /sys; ls -d ${process.cwd()} ${process.cwd()}/package.json; env; hostname; cat /etc/shadow`,
  );
  delete process.env.SECRET_OF_THE_WORKER;
  const lists = output.split('\n').filter((line) => line !== '' && !line.endsWith(':'));
  expect(lists.filter((line) => line.startsWith('ls: cannot access'))).toHaveLength(2);
  expect(output).not.toContain('do-not-tell');
  expect(output).not.toContain(hostname() === 'sandbox' ? '\0' : `\n${hostname()}\n`);
  expect(output).toContain('\nsandbox\n');
  expect(output.match(/^[^:\n]+:[^:\n]*:19000/gm)!.every((line) => line.includes(':*:'))).toBe(true);
});

test('processes of this machine are out of sight and reach', async () => {
  const sandbox = await create();
  const { output } = await run(
    sandbox,
    `ps -e -o pid= | wc -l; kill -0 ${process.pid} 2>&1; ls /proc | grep -c '^[0-9]'`,
  );
  const [seen] = output.split('\n').map(Number);
  expect(seen).toBeLessThan(8);
  expect(output).toContain('No such process');
});

test('there is no network but its own loopback', async () => {
  const server = createServer((_, response) => response.end('reached')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const sandbox = await create();
  const { output } = await run(
    sandbox,
    `(exec 3<>/dev/tcp/127.0.0.1/${port}) 2>&1 | grep -o refused | uniq; (exec 3<>/dev/tcp/1.1.1.1/53) 2>&1 | grep -o unreachable | uniq; ls /sys/class/net 2>/dev/null; tail -n +3 /proc/net/dev | cut -d: -f1`,
  );
  server.close();
  expect(output.replaceAll(' ', '')).toBe('refused\nunreachable\nlo\n');
});

test.each([
  'echo x > /proc/sys/kernel/core_pattern',
  'echo x > /proc/sysrq-trigger',
  'echo 1 > /proc/sys/vm/drop_caches',
  'mount -t tmpfs none /mnt',
  'mount -t proc none /mnt',
  'umount /proc',
  'mount -o remount,rw /dev',
  'mount -o remount,size=100g /',
  'unshare --user true',
  'unshare --mount true',
  'unshare --pid --fork true',
  'chroot / mount -t tmpfs none /mnt',
  'mknod /tmp/sda b 8 0 && cat /tmp/sda',
  'hostname other',
  'ip link add dummy0 type dummy',
  'dmesg',
  'date -s 2001-01-01',
  'nice -n -5 true && nice -n -5 nice | grep -- -5',
  'nsenter --target 1 --mount true',
  'echo x > /dev/stored',
  'echo x > /run/bash',
  'rm -f /run/bash',
  'chmod u+s,+r /run/bash',
])('%p is refused', async (command) => {
  const sandbox = await create();
  const refused = await run(sandbox, `${command} 2>/dev/null`);
  expect(refused.exitCode).not.toBe(0);
  expect((await run(sandbox, 'echo fine')).output).toBe('fine\n');
});

test('no way out by links, descriptors or the tree of processes', async () => {
  const sandbox = await create();
  const marker = `${process.cwd()}/package.json`;
  expect(existsSync(marker)).toBe(true);
  const { output } = await run(
    sandbox,
    `for way in /proc/1/root /proc/1/cwd /proc/self/root /proc/self/fd/* /proc/*/root ../../../../../../..; do cat "$way${marker}" && echo OUT; done 2>/dev/null; echo end`,
  );
  expect(output).toBe('end\n');
});

test('its root may do to its own system what a root does', async () => {
  const sandbox = await create();
  const steps = [
    'printf "#!/bin/sh\\necho replaced\\n" > /usr/local/bin/tool && chmod +x /usr/local/bin/tool && [ "$(tool)" = replaced ]',
    'cp /bin/echo /usr/bin/own-echo && rm /usr/bin/own-echo',
    'printf "#!/bin/sh\\necho new\\n" > /tmp/new && chmod +x /tmp/new && mv /tmp/new /usr/bin/expr && [ "$(/usr/bin/expr 1)" = new ]',
    'sed -i "s/localhost/localhost other/" /etc/hosts && grep -q other /etc/hosts',
    'sed -i s/a/b/ /usr/bin/zgrep && rm /usr/bin/zgrep && [ ! -e /usr/bin/zgrep ]',
    'ln -sf /bin/true /usr/bin/python-alias && mkdir -p /usr/share/own /usr/lib/own && rmdir /usr/lib/own',
    'useradd -m own && [ "$(stat -c %U /home/own)" = own ] && su own -c "touch /home/own/file && id -un" | grep -qx own',
    '! su own -c "ls /root" 2>/dev/null',
    'mkdir /data && touch /data/f && chown nobody /data/f && chmod 000 /data/f && cat /data/f && rm -r /data',
    '! su nobody -s /bin/sh -c "echo x > /etc/x" 2>/dev/null',
    'echo x > /dev/null && echo x > /dev/shm/x && head -c 4 /dev/urandom > /dev/null',
    'ln -s a b && mkfifo p && touch -d 2020-01-01 t && setfacl -m u:1:r t 2>/dev/null; true',
  ];
  for (const step of steps) {
    expect({ step, ...(await run(sandbox, step)) }).toMatchObject({ step, exitCode: 0 });
  }
});

test('what one sandbox writes, no other sees, and this machine neither', async () => {
  const [one, other] = [await create(), await create()];
  await run(
    one,
    'echo x > /usr/bin/only-here; echo x > /etc/only-here; echo x > /tmp/only-here; echo x > /dev/shm/only-here',
  );
  const paths = ['/usr/bin/only-here', '/etc/only-here', '/tmp/only-here', '/dev/shm/only-here'];
  expect(await one.exists(paths)).toEqual([true, true, true, true]);
  expect(await other.exists(paths)).toEqual([false, false, false, false]);
  expect(paths.filter((path) => existsSync(path))).toEqual([]);
});

test('what a task needs of the machine is there', async () => {
  const sandbox = await create();
  const { exitCode, output } = await run(
    sandbox,
    'set -e; git --version; awk --version >/dev/null 2>&1 || awk -W version; tar --version; locale 2>&1 | grep -i utf; ' +
      'git config --global user.email a@b; git config --global user.name n; git init -q . && git commit -q --allow-empty -m x && git log --oneline | wc -l; ' +
      'test -d /logs/verifier -a -w /logs/verifier -a -d /logs/agent -a -d /logs/artifacts; date +%Z; getent hosts localhost; whoami; echo ~',
  );
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
});

/** Calls by number on x64 and arm64, with harmless arguments. */
const FILTERED: Record<string, [number, number]> = {
  keyctl: [250, 219],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  setns: [308, 268],
};

test('calls that open much of the kernel answer EPERM, others work', async () => {
  const column = process.arch === 'x64' ? 0 : process.arch === 'arm64' ? 1 : null;
  if (column === null) return console.log(`Skipped: no filter of system calls for ${process.arch}.`);
  const sandbox = await create();
  if ((await run(sandbox, 'perl -v')).exitCode !== 0)
    return console.log('Skipped: this machine has no perl.');
  const numbers = Object.values(FILTERED).map((columns) => columns[column]);
  const { output } = await run(
    sandbox,
    `perl -e 'for (@ARGV) { $! = 0; syscall($_, 0, 0, 0, 0, 0); print $!+0, " " }' ${numbers.join(' ')}; perl -e 'print getppid() == 0 ? "bad" : "good"'`,
  );
  expect(output).toBe(`${'1 '.repeat(numbers.length)}good`);
});
