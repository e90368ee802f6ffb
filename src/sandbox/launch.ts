/**
 * How a sandbox comes to be: one child of the worker that turns, program by program, into it.
 *
 *   nsenter    into the worker's user namespace: from here on it is no one on this machine
 *   unshare    a mount namespace of its own: what is mounted from now on dies with it
 *   bash       a tmpfs that holds everything the sandbox writes, overlays on it, one per system folder
 *   bwrap      own processes, network (loopback only), ipc, host name, /proc, /dev; few capabilities
 *   bash       the driver, as process 1
 *
 * Descriptors: 0 requests, 2 diagnostics, 3 answers, 4 output, 5 user namespace. It all runs in the
 * folder of roots, and names what is in there relative to it, because the way to that folder may be closed
 * to the ids of the sandbox.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { driverArguments, driverText } from './driver.js';
import { KIT } from './kit.js';
import { quote } from './quote.js';
import type { UserNamespace } from './user-namespace.js';
import { BUILD, ROOTS, VERIFIER, VERIFIER_TABLE, verifierTable } from './verifier-mounts.js';

export interface OverlayPlan {
  /** Relative to the root; '' is the root, and comes first. */
  target: string;
  /** Skeleton, then the base where there is one; absolute, or relative to the folder of roots. */
  lowers: string[];
  /** What the task's build steps wrote, over these; null: it has none. */
  layer: string | null;
  /** Folder for upper and work in the folder of roots, to keep what is written; null: on the tmpfs. */
  keptUpper: string | null;
}

export interface LaunchPlan {
  overlays: OverlayPlan[];
  /** File in the folder of roots that becomes SHELL inside. */
  shell: string;
  /** Folder in the folder of roots that becomes KIT inside, and what its programs are called by where it is mounted. */
  kit: string;
  kitPrefix: (mountedAt: string) => string;
  /** Links at the top of the base root, such as /bin. */
  links: Record<string, string>;
  /** File in the folder of roots with the filter of system calls; null: none for this machine. */
  filter: string | null;
  storageMb: number;
  /** Instead of control groups, where there are none. */
  resourceLimits: { memoryMb: number; processes: number } | null;
  env: Record<string, string>;
}

/** What Docker leaves to a container's root, for the same reason: nothing of it reaches past the sandbox. */
export const CAPABILITIES =
  'CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP SETFCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT MKNOD AUDIT_WRITE'.split(
    ' ',
  );

/** Libraries that the loader puts into every program. */
const PRELOAD = `${BUILD}/root/etc/ld.so.preload`;

/** Where the driver's own shell is mounted; the skeleton has a file there. */
export const SHELL = '/run/bash';

/** Folder for the state of persistent calls; the skeleton has it ready. */
export const STATE_DIR = '/run/shell';

export const BASE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What the worker itself was started with is none of the sandbox's business. */
export const CLOSE_DESCRIPTORS =
  'for fd in /proc/self/fd/*; do fd=${fd##*/}; ((fd > 4 && fd < 255)) && eval "exec $fd>&-"; done';

/** Steps that can fail say their name on stderr first. */
export type LaunchStage = 'namespace' | 'tmpfs' | 'overlay' | 'bwrap';

export function launch(
  plan: LaunchPlan,
  namespace: UserNamespace,
  rootsDir: string,
  output: number,
): ChildProcess {
  const identity = namespace.ids === 'range' ? ['-S', '0', '-G', '0'] : ['--preserve-credentials'];
  const shell = ['bash', '--norc', '--noprofile', '-c'];
  return spawn(
    'nsenter',
    ['--user=/proc/self/fd/5', ...identity, '--', 'unshare', '--mount', '--', ...shell, launcherCode(plan)],
    {
      stdio: ['pipe', 'ignore', 'pipe', 'pipe', output, namespace.fd],
      env: { PATH: `${process.env.PATH ?? ''}:${BASE_PATH}` },
      cwd: rootsDir,
    },
  );
}

/** `read` waits until the worker has put this process into its control groups. */
function launcherCode(plan: LaunchPlan): string {
  const uppers = plan.overlays.map((overlay, i) => overlay.keptUpper ?? `${BUILD}/${i}`);
  const verifier = plan.overlays.map((_, i) => `${VERIFIER}/${i}`);
  const dirs = [...uppers, ...verifier].flatMap((upper) => [`${upper}/upper`, `${upper}/work`]);
  const isKept = plan.overlays.some((overlay) => overlay.keptUpper !== null);
  const table = plan.overlays.map((overlay, i) => {
    const lowers = [...(overlay.layer === null ? [] : [overlay.layer]), ...overlay.lowers];
    const options = `userxattr,lowerdir=${lowers.join(':')},upperdir=${uppers[i]}/upper,workdir=${uppers[i]}/work`;
    return `overlay ${overlay.target ? `${BUILD}/root/${overlay.target}` : `${BUILD}/root`} overlay ${options} 0 0`;
  });
  // By way of the working directory and not made absolute (-c): see above.
  table.push(`/proc/self/cwd ${ROOTS} none bind 0 0`);
  table.push(`/proc/self/cwd/${plan.shell} ${BUILD}/root${SHELL} none bind,ro 0 0`);
  table.push(`/proc/self/cwd/${plan.kit} ${BUILD}/root${KIT} none bind,ro 0 0`);
  return [
    'umask 022; echo stage:namespace >&2; read -r go || exit 1',
    // No further user namespaces inside: they open more of the kernel than anything else.
    'echo 0 >/proc/sys/user/max_user_namespaces',
    CLOSE_DESCRIPTORS,
    'echo stage:tmpfs >&2',
    `mount -n -t tmpfs -o size=${plan.storageMb}m,mode=755 tmpfs ${BUILD} || exit 1`,
    'echo stage:overlay >&2',
    `mkdir -p ${BUILD}/root ${ROOTS} ${VERIFIER}/root ${VERIFIER}/system ${dirs.map(quote).join(' ')} || exit 1`,
    `printf '%s\\n' ${table.map(quote).join(' ')} >${BUILD}/table; mount -n -c -a -T ${BUILD}/table || exit 1`,
    `printf '%s\\n' ${verifierTable(plan).map(quote).join(' ')} >${VERIFIER_TABLE}`,
    // Build steps of a task may have put links there; what is mounted from a link lies outside.
    `for path in etc run run/shm etc/ld.so.preload; do [[ ! -L ${BUILD}/root/$path ]] || { echo "/$path is a link" >&2; exit 1; }; done`,
    ...(isKept ? [] : [`[[ -e ${PRELOAD} ]] || : >${PRELOAD}`]),
    'echo stage:bwrap >&2',
    `exec ${['bwrap', ...bwrapArguments(plan, isKept)].map(quote).join(' ')} 7>&3 8<&0${plan.filter ? ` 6<${quote(plan.filter)}` : ''}`,
  ].join('\n');
}

function bwrapArguments(plan: LaunchPlan, isKept: boolean): string[] {
  const env = { PATH: BASE_PATH, HOME: '/root', LANG: 'C.UTF-8', ...plan.env };
  return [
    ...[
      '--bind',
      `${BUILD}/root`,
      '/',
      '--proc',
      '/proc',
      '--dev',
      '/dev',
      '--bind',
      `${BUILD}/root/run/shm`,
      '/dev/shm',
    ],
    // Mount points can be neither renamed nor removed: no agent makes the loader load a library into every program.
    ...(isKept ? [] : ['--bind', `${BUILD}/root/etc`, '/etc', '--ro-bind', PRELOAD, '/etc/ld.so.preload']),
    // /dev is a tmpfs of its own: read-only, so that nothing is stored there past the limit. The driver's
    // shell and the kit are files of this machine, which with only one id even belong to the sandbox's root.
    ...['--remount-ro', '/dev', '--remount-ro', SHELL, '--remount-ro', KIT],
    ...['--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--hostname', 'sandbox'],
    ...(plan.filter ? ['--seccomp', '6'] : []),
    // Says who its child is and waits: that is when the namespaces of the child can be opened.
    ...['--info-fd', '7', '--block-fd', '8'],
    ...['--die-with-parent', '--new-session', '--as-pid-1'],
    ...['--cap-drop', 'ALL', ...CAPABILITIES.flatMap((name) => ['--cap-add', `CAP_${name}`])],
    ...['--clearenv', ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value])],
    ...['--chdir', '/', '--', SHELL, ...driverArguments(driverCode(plan))],
  ];
}

/** What the driver reads before requests. */
export function driverCode(plan: LaunchPlan): string {
  return driverText(plan.kitPrefix(KIT), resourceLimits(plan));
}

/** @param more processes beside those of the plan */
export function resourceLimits(plan: LaunchPlan, more = 0): string {
  if (!plan.resourceLimits) return '';
  const { memoryMb, processes } = plan.resourceLimits;
  return `ulimit -d ${memoryMb * 1024}; ulimit -u ${processes + more}; `;
}
