/**
 * How a second driver comes into a sandbox that an agent has used: for the verifier, and out of reach of what the agent
 * left. It shares the agent's processes, network and files. Of its own it has
 *
 *   the root      only the folders of the agent's root are mounted into it: /tests and /logs/verifier are not the agent's
 *   the system    overlays with the base root on top: what it has is as it was, what the agent added is there below it
 *   a capability  that no process of the agent has, and so none may trace it or go through its /proc/<pid>/root
 *
 * The launcher joins the mount namespace of the sandbox's own launcher, where the overlays are, and not that of the agent.
 * While it looks at the agent's folders all processes of the agent are stopped: a folder that became a link between
 * the look and the mount would lead out of the sandbox.
 *
 *   nsenter    into the namespaces; bash and bwrap stay outside the one of processes, unseen by the agent
 *   bash       mounts the overlays, looks what there is to be mounted
 *   bwrap      root, /proc, /dev, capabilities
 *   bash       the driver
 *
 * Descriptors as in launch.ts, and 6-10 the namespaces of `NAMESPACES`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { driverArguments, driverText } from './driver.js';
import { BASE_PATH, CAPABILITIES, CLOSE_DESCRIPTORS, type LaunchPlan, resourceLimits } from './launch.js';
import { quote } from './quote.js';
import { SYSTEM_DIRS } from './skeleton.js';
import type { UserNamespace } from './user-namespace.js';
import { BUILD, ROOTS, systemOverlays, VERIFIER, VERIFIER_TABLE } from './verifier-mounts.js';

/** Where shell and kit are: /dev is the verifier's own, /run is the agent's. */
const VERIFIER_SHELL = '/dev/self-harness/bash';
const VERIFIER_KIT = '/dev/self-harness/kit';

/** Asked of the whole machine and never of a namespace, hence without power in any sandbox. */
export const VERIFIER_CAPABILITY = 'WAKE_ALARM';

/** Processes that a verifier can count on, however many the agent left. */
export const VERIFIER_PROCESSES = 64;

/** Namespaces of a sandbox, in the order of their descriptors. */
export const NAMESPACES = ['mnt', 'pid', 'net', 'ipc', 'uts'] as const;
const NSENTER_FLAGS = { mnt: 'mount', pid: 'pid', net: 'net', ipc: 'ipc', uts: 'uts' };

/** Folders of the root that are not taken from the agent. */
const OWN = ['dev', 'proc', 'sys', 'tests', 'logs', ...SYSTEM_DIRS];

/** In the order in which commands are looked up, below /usr. */
const PROGRAM_DIRS = ['local/sbin', 'local/bin', 'sbin', 'bin'];

/** What runs inside every program of a kind, if it is there: below /usr. */
const HOOKS = [
  'lib/python3*/{site,user}customize*',
  '{lib,local/lib}/python3*/{dist,site}-packages/{site,user}customize*',
  '{lib,lib64,local/lib}/{,*/}glibc-hwcaps',
];

export function launchVerifier(
  plan: LaunchPlan,
  namespace: UserNamespace,
  namespaces: number[],
  output: number,
): ChildProcess {
  const identity = namespace.ids === 'range' ? ['-S', '0', '-G', '0'] : ['--preserve-credentials'];
  const join = NAMESPACES.map((name, i) => `--${NSENTER_FLAGS[name]}=/proc/self/fd/${6 + i}`);
  const shell = ['bash', '--norc', '--noprofile', '-c'];
  return spawn(
    'nsenter',
    ['--user=/proc/self/fd/5', ...join, '--no-fork', ...identity, '--', ...shell, launcherCode(plan)],
    {
      stdio: ['pipe', 'ignore', 'pipe', 'pipe', output, namespace.fd, ...namespaces],
      env: { PATH: `${process.env.PATH ?? ''}:${BASE_PATH}` },
    },
  );
}

/** What the verifier's driver reads before requests. */
export function verifierDriverCode(plan: LaunchPlan): string {
  return driverText(plan.kitPrefix(VERIFIER_KIT), resourceLimits(plan, VERIFIER_PROCESSES));
}

function launcherCode(plan: LaunchPlan): string {
  const systems = systemOverlays(plan);
  const usr = systems.find(({ target }) => target === 'usr');
  return [
    'umask 022; echo stage:namespace >&2; read -r go || exit 1',
    CLOSE_DESCRIPTORS,
    'echo stage:overlay >&2',
    `mount -n -c -a -T ${VERIFIER_TABLE} || exit 1`,
    'shopt -s dotglob nullglob; args=(); gone=()',
    ...(usr ? [dropShadows(usr.i, usr.lowers.at(-1)!, usr.layer)] : []),
    `cd ${BUILD}/root || exit 1`,
    `for name in *; do case $name in ${OWN.join('|')}) continue;; esac`,
    'if [[ -L $name ]]; then target=$(readlink -- "$name") && args+=(--symlink "$target" "/$name")',
    `else args+=(--bind "${BUILD}/root/$name" "/$name"); fi; done`,
    'for name in agent artifacts; do [[ ! -L logs && -d logs/$name && ! -L logs/$name ]] &&',
    `args+=(--bind "${BUILD}/root/logs/$name" "/logs/$name"); done`,
    `[[ ! -L run && -d run/shm && ! -L run/shm ]] && args+=(--bind ${BUILD}/root/run/shm /dev/shm)`,
    'cd /; echo stage:bwrap >&2',
    bwrapCommand(
      plan,
      systems.map(({ target }) => target),
    ),
  ].join('\n');
}

/**
 * Takes what the agent added out of the verifier's view where it would run in place of, or inside, what the base root
 * has: programs of its names in a folder that is searched earlier, start-up files. The task's own layer may have such.
 */
function dropShadows(index: number, base: string, layer: string | null): string {
  const added = `${BUILD}/${index}/upper`;
  const kept = [base, ...(layer === null ? [] : [layer])];
  const isKept = kept.map((dir) => `[[ -e ${quote(dir)}/$name || -L ${quote(dir)}/$name ]]`).join(' || ');
  const lines = PROGRAM_DIRS.slice(0, -1).map((dir, i) => {
    const later = PROGRAM_DIRS.slice(i + 1).map((other) => `-e ${quote(base)}/${other}/\${file##*/}`);
    return `for file in ${added}/${dir}/*; do name=\${file#${added}/}; ${isKept} || [[ ! ( ${later.join(' || ')} ) ]] || gone+=("$name"); done`;
  });
  const hooks = HOOKS.map((hook) => `${added}/${hook}`).join(' ');
  return [
    ...lines,
    `for file in ${hooks}; do name=\${file#${added}/}; [[ ! -e $file && ! -L $file ]] || ${isKept} || gone+=("$name"); done`,
    `if ((\${#gone[@]})); then (cd ${VERIFIER}/system/usr && rm -rf -- "\${gone[@]}") || exit 1; fi`,
  ].join('\n');
}

function bwrapCommand(plan: LaunchPlan, systems: string[]): string {
  const env = { PATH: BASE_PATH, HOME: '/root', LANG: 'C.UTF-8', ...plan.env };
  const first = [
    ...['--bind', `${VERIFIER}/root`, '/', '--bind', `${VERIFIER}/proc`, '/proc'],
    ...['sys', 'sysrq-trigger', 'irq', 'bus'].flatMap((name) => [
      '--ro-bind-try',
      `${VERIFIER}/proc/${name}`,
      `/proc/${name}`,
    ]),
    ...['--dev', '/dev', '--dir', '/sys'],
    ...['verifier', 'agent', 'artifacts'].flatMap((name) => ['--perms', '0777', '--dir', `/logs/${name}`]),
    ...['--dir', '/tests'],
    ...systems.flatMap((target) => ['--bind', `${VERIFIER}/system/${target}`, `/${target}`]),
    ...Object.entries(plan.links).flatMap(([name, target]) => ['--symlink', target, `/${name}`]),
  ];
  const last = [
    ...['--perms', '0755', '--dir', '/dev/self-harness'],
    ...[
      '--ro-bind',
      `${ROOTS}/${plan.shell}`,
      VERIFIER_SHELL,
      '--ro-bind',
      `${ROOTS}/${plan.kit}`,
      VERIFIER_KIT,
    ],
    ...['--remount-ro', '/dev', '--die-with-parent', '--new-session'],
    ...(plan.filter ? ['--seccomp', '6'] : []),
    ...['--cap-drop', 'ALL'],
    ...[...CAPABILITIES, VERIFIER_CAPABILITY].flatMap((name) => ['--cap-add', `CAP_${name}`]),
    ...['--clearenv', ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value])],
    ...['--chdir', '/', '--', VERIFIER_SHELL, ...driverArguments(verifierDriverCode(plan))],
  ];
  const filter = plan.filter ? ` 6<${ROOTS}/${quote(plan.filter)}` : '';
  return `exec bwrap ${first.map(quote).join(' ')} "\${args[@]}" ${last.map(quote).join(' ')}${filter}`;
}

/**
 * For the agent's driver, as process 1: stops every other process and waits until each thread of each has stopped.
 * Answers `1` when all have.
 */
export const STOP_ALL =
  'kill -s STOP -- -1; for ((__i = 0; __i < 2000; __i++)); do __more=; for __f in /proc/[0-9]*/task/[0-9]*/stat; do ' +
  '__line=; [[ $__f == /proc/1/* ]] && continue; IFS= read -r -d "" __line <"$__f"; __line=${__line##*) }; ' +
  'case ${__line:0:1} in [TtZXx]|"") ;; *) __more=1; break ;; esac; done; [[ $__more ]] || { printf 1; break; }; done; ' +
  'unset __i __f __line __more';
export const CONTINUE_ALL = 'kill -s CONT -- -1; :';
