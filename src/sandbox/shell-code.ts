/** Bash code around a command: what it starts from and what it leaves for the next one. All of it ASCII. */
import { exports, quote } from './quote.js';

/** A user inside a sandbox, resolved. */
export interface SandboxUser {
  name: string;
  uid: number;
  gid: number;
  home: string;
}

export interface CommandStart {
  /** Environment and directory that every command starts from. */
  defaults: { env: Record<string, string>; workdir: string };
  /** null: the user that the driver runs as. */
  user: SandboxUser | null;
  /** Folder for the state of persistent calls. */
  stateDir: string;
  /** Capability that commands keep under another user, too. */
  capability?: string;
}

export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string>;
  persist: boolean;
}

/** A `now` request that has the driver keep `definitions`, so that a command is little more than its text. */
export const keepDefinitions = (start: CommandStart): string =>
  `__defs=${quote(definitions(start))}; eval "$__defs"`;

/** Functions that commands start and end with. */
export function definitions(start: CommandStart): string {
  const defaults = exports(start.defaults.env) + defaultDirectory(start.defaults.workdir);
  return `__defaults() { ${defaults} }; ${saveFunction(start.stateDir)}`;
}

/** Setup of a `run` request: defaults, then what earlier persistent calls left, then the options, then the text. */
export function commandCode(start: CommandStart, options: CommandOptions): string {
  const parts = [
    '__defaults; ',
    options.persist ? restoreState(start.stateDir) : '',
    exports(options.env ?? {}),
    options.cwd === undefined ? '' : `cd -- ${quote(options.cwd)} || exit 1;`,
    options.persist ? `__saved=; trap '[[ $__saved ]] || __save' EXIT; ` : 'unset -f __save; ',
    'unset -f __defaults __tree; eval "$__cmd"',
    options.persist ? '; __st=$?; __save; exit $__st' : '',
  ];
  const code = parts.join('');
  return start.user === null ? code : asUser(start.user, definitions(start) + code, start.capability);
}

/** Trusted code under the sandbox's user; `$__cmd` is at hand. */
export function asUser(user: SandboxUser | null, code: string, capability?: string): string {
  if (user === null) return code;
  const kept = capability
    ? ` --inh-caps=+${capability.toLowerCase()} --ambient-caps=+${capability.toLowerCase()}`
    : '';
  const identity = `--reuid=${user.uid} --regid=${user.gid} --init-groups${kept}`;
  // The text goes through a descriptor: one argument of a program is limited to 128 KiB.
  const body = `__kit=$1; shift; IFS= read -r -d '' __cmd <&9; exec 9<&-; ${code}`;
  return `exec /usr/bin/setpriv ${identity} /bin/bash --norc --noprofile -c ${quote(body)} bash "$__kit" 9<<<"$__cmd"`;
}

/** A workdir that the agent removed must not lock it out. */
function defaultDirectory(workdir: string): string {
  const dir = quote(workdir);
  return `cd -- ${dir} 2>/dev/null || { cd /; printf 'The working directory %s is gone; running in /.\\n' ${dir}; };`;
}

/*
 * State of persistent calls: files `0` and `1` in stateDir, and `current`, which names the valid one (it
 * holds `0` at the start). A call writes the other file and then changes `current` in place, so a full
 * disk or a killed call leaves the state as it was.
 */

function restoreState(stateDir: string): string {
  const dir = quote(stateDir);
  return `{ IFS= read -r __now <${dir}/current && . ${dir}/"$__now"; } 2>/dev/null; unset __now;`;
}

/** What the shell sets itself or must not be set again, and what is ours. */
const NOT_KEPT = (
  'BASH BASHOPTS BASHPID BASH_ALIASES BASH_ARGC BASH_ARGV BASH_ARGV0 BASH_CMDS BASH_COMMAND BASH_EXECUTION_STRING ' +
  'BASH_LINENO BASH_LOADABLES_PATH BASH_MONOSECONDS BASH_REMATCH BASH_SOURCE BASH_SUBSHELL BASH_TRAPSIG BASH_VERSINFO ' +
  'BASH_VERSION COMP_WORDBREAKS DIRSTACK EPOCHREALTIME EPOCHSECONDS EUID FUNCNAME GROUPS HISTCMD HOSTTYPE LINENO MACHTYPE ' +
  'OSTYPE PIPESTATUS PPID RANDOM SECONDS SHELLOPTS SRANDOM UID _ __all __cmd __cut __defs __job __keep __kit __name ' +
  '__now __over __pre __saved __skip __st __status __text'
).split(' ');

function saveFunction(stateDir: string): string {
  const dir = quote(stateDir);
  return (
    `declare -gA __skip=(${NOT_KEPT.map((name) => `[${name}]=1`).join(' ')}); ` +
    `__save() { set +eu; local __now __name __all __keep=(); __saved=1; ` +
    `{ IFS= read -r __now <${dir}/current; compgen -v >${dir}/names; mapfile -t __all <${dir}/names; ` +
    `for __name in "\${__all[@]}"; do [[ \${__skip[$__name]} ]] || __keep+=("$__name"); done; ` +
    'unset -f __save; ' +
    `{ declare -p "\${__keep[@]}" && declare -f && declare -Fx && umask -p && printf 'cd -- %q\\n' "$PWD"; } ` +
    `>${dir}/$((1-__now)) && echo $((1-__now)) 1<>${dir}/current; } 2>/dev/null; }; `
  );
}
