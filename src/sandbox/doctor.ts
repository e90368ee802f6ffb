import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TaskEnvironment } from '../suite/types.js';
import { BubblewrapProvider } from './bubblewrap.js';
import { findCgroups } from './cgroup.js';
import { subordinateRange, userName } from './user-namespace.js';

const run = promisify(execFile);

export interface SandboxCheck {
  check: string;
  ok: boolean;
  detail: string;
  /** The command that mends it; '' when it is fine. */
  remedy: string;
}

/** What sandboxes need on this machine; the last check starts a real one. */
export async function checkSandbox(): Promise<SandboxCheck[]> {
  if (process.platform !== 'linux') {
    return [
      missing(
        'sandbox',
        `${process.platform}: bubblewrap needs Linux`,
        'run the worker on Linux, or in a Linux virtual machine',
      ),
    ];
  }
  const checks = [await bubblewrap(), await utilLinux(), await bash(), ids(), limits()];
  return checks.some((check) => !check.ok) ? checks : [...checks, await start()];
}

async function bubblewrap(): Promise<SandboxCheck> {
  const version = await firstLine('bwrap', ['--version']);
  return version
    ? fine('bubblewrap', version)
    : missing(
        'bubblewrap',
        'not installed',
        await installCommand({ apt: 'bubblewrap', dnf: 'bubblewrap', pacman: 'bubblewrap' }),
      );
}

async function utilLinux(): Promise<SandboxCheck> {
  const version = await firstLine('nsenter', ['--version']);
  const unshare = await firstLine('unshare', ['--version']);
  return version && unshare
    ? fine('util-linux', version)
    : missing(
        'util-linux',
        'nsenter or unshare is not installed',
        await installCommand({ apt: 'util-linux', dnf: 'util-linux', pacman: 'util-linux' }),
      );
}

async function bash(): Promise<SandboxCheck> {
  const version = await firstLine('bash', ['-c', 'echo "$BASH_VERSION"']);
  return version && Number.parseInt(version, 10) >= 5
    ? fine('bash', version)
    : missing(
        'bash',
        version ? `${version}; 5.0 or later is needed` : 'not installed',
        await installCommand({ apt: 'bash', dnf: 'bash', pacman: 'bash' }),
      );
}

/** Without them sandboxes work all the same, but hold only root: nothing to fail for. */
function ids(): SandboxCheck {
  if (process.getuid!() === 0) return fine('subordinate ids', 'running as root: ids 100000-165535 are used');
  const range = subordinateRange('/etc/subuid');
  const name = userName();
  return range
    ? fine('subordinate ids', `${range.count} from ${range.start}`)
    : fine(
        'subordinate ids',
        `none: in sandboxes only root exists. For users: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${name}`,
      );
}

function limits(): SandboxCheck {
  const roots = findCgroups();
  return fine(
    'sandbox limits',
    roots
      ? `control groups, version ${roots.version}`
      : 'no control groups to write to: limits of single processes are used instead',
  );
}

async function start(): Promise<SandboxCheck> {
  const stateDir = await mkdtemp(join(tmpdir(), 'self-harness-doctor-'));
  const provider = new BubblewrapProvider({ stateDir });
  try {
    const sandbox = await provider.create({
      id: 'doctor',
      contextDir: stateDir,
      limits: { memoryMb: 256, processes: 64, storageMb: 32 },
      environment: PLAIN,
    });
    const { exitCode, output } = await sandbox
      .exec('echo ready', { timeoutSeconds: 10, outputBytes: 1000 })
      .finally(() => sandbox.destroy());
    return exitCode === 0
      ? fine('sandbox', 'one was started and removed')
      : missing('sandbox', `a command failed in it: ${output}`, 'see the message');
  } catch (error) {
    return missing('sandbox', 'none could be started', (error as Error).message);
  } finally {
    await provider.removeState().catch(() => {});
    await rm(stateDir, { recursive: true, force: true }).catch(() => {});
  }
}

const PLAIN: TaskEnvironment = {
  workdir: '/app',
  env: {},
  user: null,
  network: 'no-network',
  memoryMb: null,
  storageMb: null,
  cpus: null,
  build: [],
  unsupported: null,
};

const fine = (check: string, detail: string): SandboxCheck => ({ check, ok: true, detail, remedy: '' });
const missing = (check: string, detail: string, remedy: string): SandboxCheck => ({
  check,
  ok: false,
  detail,
  remedy,
});

async function firstLine(program: string, args: string[]): Promise<string | null> {
  try {
    return (await run(program, args)).stdout.split('\n')[0]!.trim();
  } catch {
    return null;
  }
}

/** For the package manager that this machine has. */
async function installCommand(packages: { apt: string; dnf: string; pacman: string }): Promise<string> {
  if (await firstLine('apt-get', ['--version'])) return `sudo apt-get install ${packages.apt}`;
  if (await firstLine('dnf', ['--version'])) return `sudo dnf install ${packages.dnf}`;
  if (await firstLine('pacman', ['--version'])) return `sudo pacman -S ${packages.pacman}`;
  return `install the package ${packages.apt}`;
}
