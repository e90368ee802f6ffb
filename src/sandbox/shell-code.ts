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
}

export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string>;
  persist: boolean;
}

/** Setup of a `run` request: defaults, then what earlier persistent calls left, then the options, then the text. */
export function commandCode(start: CommandStart, options: CommandOptions): string {
  const parts = [
    exports(start.defaults.env),
    defaultDirectory(start.defaults.workdir),
    options.persist ? restoreState(start.stateDir) : '',
    exports(options.env ?? {}),
    options.cwd === undefined ? '' : `cd -- ${quote(options.cwd)} || exit 1;`,
    options.persist ? saveStateAtExit(start.stateDir) : '',
    'eval "$__cmd"',
    options.persist ? '; __st=$?; __save; trap - EXIT; exit $__st' : '',
  ];
  return asUser(start.user, parts.join(''));
}

/** Trusted code under the sandbox's user; `$__cmd` is at hand. */
export function asUser(user: SandboxUser | null, code: string): string {
  if (user === null) return code;
  const identity = `--reuid=${user.uid} --regid=${user.gid} --init-groups`;
  // The text goes through a descriptor: one argument of a program is limited to 128 KiB.
  const body = `IFS= read -r -d '' __cmd <&9; exec 9<&-; ${code}`;
  return `exec /usr/bin/setpriv ${identity} /bin/bash --norc --noprofile -c ${quote(body)} bash 9<<<"$__cmd"`;
}

/** A workdir that the agent removed must not lock it out. */
function defaultDirectory(workdir: string): string {
  const dir = quote(workdir);
  return `cd -- ${dir} 2>/dev/null || { cd /; printf 'The working directory %s is gone; running in /.\\n' ${dir}; };`;
}

/*
 * State of persistent calls: two files and a pointer to the valid one. A call writes the other file and
 * then moves the pointer in place, so a full disk or a killed call leaves the state as it was.
 */

/** Makes `stateDir` ready; run once as the sandbox's user. */
export function initState(stateDir: string): string {
  return `umask 077; cd -- ${quote(stateDir)} && : >0 && : >1 && echo 0 >current;`;
}

function restoreState(stateDir: string): string {
  const dir = quote(stateDir);
  return `{ IFS= read -r __now <${dir}/current && . ${dir}/"$__now"; } 2>/dev/null; unset __now;`;
}

/** What the shell sets itself, or must not be set again. */
const SHELL_VARIABLES =
  'BASH|BASH_*|BASHOPTS|BASHPID|COMP_*|DIRSTACK|EPOCH*|EUID|FUNCNAME|GROUPS|HISTCMD|HOSTTYPE|LINENO|MACHTYPE|OSTYPE|' +
  'PIPESTATUS|PPID|RANDOM|SECONDS|SHELLOPTS|SRANDOM|UID|_|__*';

function saveStateAtExit(stateDir: string): string {
  const dir = quote(stateDir);
  return (
    `__save() { local __now __name __all __keep=(); [[ $__saved ]] && return; __saved=1; ` +
    `{ IFS= read -r __now <${dir}/current; mapfile -t __all < <(compgen -v); ` +
    `for __name in "\${__all[@]}"; do case $__name in ${SHELL_VARIABLES}) ;; *) __keep+=("$__name") ;; esac; done; ` +
    'unset -f __tree __save; ' +
    `{ declare -p "\${__keep[@]}" && declare -f && declare -Fx && printf 'umask %s; cd -- %q\\n' "$(umask)" "$PWD"; } ` +
    `>${dir}/$((1-__now)) && echo $((1-__now)) 1<>${dir}/current; } 2>/dev/null; }; __saved=; trap __save EXIT;`
  );
}
