// Everything a fresh clone needs, each step skipped when it is already done. Plain Node: runs before any dependency is there.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** No progress bars and no questions, whether it goes to a terminal or a log. */
const QUIET = ['-qq', '-o', 'Dpkg::Use-Pty=0', '-o', 'APT::Color=0'];
const say = (step, text) => process.stderr.write(`setup  ${step.padEnd(12)} ${text}\n`);

function run(command, args) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    shell: process.platform === 'win32',
  });
  if (result.status === 0) return;
  const how = result.error ? result.error.message : `exit code ${result.status}`;
  say(
    'stopped',
    `\`${command} ${args.join(' ')}\` failed (${how}). Mend that and run \`npm run setup\` again.`,
  );
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 3)) return;
  say('stopped', `Node ${process.versions.node} is too old: Node 20.3 or later is needed.`);
  process.exit(1);
}

function installDependencies() {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const stamp = join(root, 'node_modules', '.self-harness-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock)
    return say('packages', 'up to date, skipped');
  say('packages', 'npm ci, from the lock file');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lock);
}

async function build() {
  const { isBuilt, build } = await import(pathToFileURL(join(root, 'scripts', 'build.mjs')).href);
  if (isBuilt()) return say('build', 'up to date, skipped');
  say('build', 'TypeScript to dist/, workflow bundle');
  await build();
}

async function temporal() {
  const { ensureTemporalExecutable } = await import(
    pathToFileURL(join(root, 'dist', 'server', 'executable.js')).href
  );
  try {
    const found = await ensureTemporalExecutable((text) => say('temporal', text));
    say('temporal', `${found.source}: ${found.path ?? found.address}`);
    if (found.path) link('temporal', found.path);
  } catch (error) {
    say('temporal', error.message);
    process.exitCode = 1;
  }
}

/** What `npx NAME` in the clone runs: without the link npm would first install the clone into its cache. */
function link(name, path) {
  if (process.platform === 'win32') return;
  const place = join(root, 'node_modules', '.bin', name);
  rmSync(place, { force: true });
  symlinkSync(path, place);
}

function sandbox() {
  if (process.platform !== 'linux')
    return say(
      'sandbox',
      `bubblewrap is for Linux; on ${process.platform} trials need a Linux machine or VM`,
    );
  const missing = [
    ['bwrap', 'bubblewrap'],
    ['newuidmap', 'uidmap'],
  ].filter(([program]) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  if (missing.length === 0) return say('sandbox', 'bubblewrap and uidmap are there, skipped');
  const packages = missing.map(([, name]) => name);
  const debian = existsSync('/etc/debian_version');
  if (debian && process.getuid() === 0) {
    say('sandbox', `apt-get install ${packages.join(' ')}`);
    run('apt-get', [...QUIET, 'update']);
    return run('apt-get', [...QUIET, 'install', '-y', '--no-install-recommends', ...packages]);
  }
  const command = debian
    ? `sudo apt-get install ${packages.join(' ')}`
    : `install ${packages.join(' and ')} with your package manager (Fedora: dnf install bubblewrap shadow-utils)`;
  say('sandbox', `missing ${packages.join(' and ')}. Run: ${command}`);
}

checkNode();
installDependencies();
await build();
link('self-harness', join(root, 'bin', 'self-harness.js'));
await temporal();
sandbox();
