import { quote } from './quote.js';

/**
 * The shell that lives in a sandbox and runs what it is told, one request at a time.
 *
 * Descriptors: 0 requests, 3 answers, 4 output of commands (a real pipe, so that a command can open
 * /dev/stderr). A command has none but 4, as its stdout and stderr.
 *
 * Request: `<op> <nonce> <encoding> <length of setup> <length of text>\n<setup><text>`, ASCII only, so
 * that lengths mean the same in every locale; encoding `q` says that text is one quoted word of bash.
 * Answer: what the operation wrote to 3, then `\0<nonce> <status> <note>\n`, where the note is `1` after
 * USR1, `fork` when no process could be started, else nothing; the nonce is fresh and known
 * to no command, so nothing that a command or a file contains can pass for the end of an answer.
 *
 *   run   setup, then text, in a subshell; output goes to 4
 *   get   the same, but stdin is 0 (for uploads) and output goes to 3
 *   now   setup in the driver itself: only for code that can neither fail nor block
 *
 * Each subshell is a process group of its own (`set -m`). USR1 kills the running one with all its
 * descendants: stopped first, round by round, so that none forks away. As process 1 of its namespace the
 * driver cannot be killed or stopped from inside.
 *
 * All of it is one line, so that the shell's own messages count a command's lines from 1. It is read from
 * stdin rather than named as an argument: programs that look for processes by their command line would find it.
 */
const LINES = [
  '__text=${d-$__text}; export -n __text __defs __nonce; unset d BASH_EXECUTION_STRING; set -m; __job=; __cut=;',
  // Kills process $1 with its group and all that descends from either.
  '__tree() {',
  'local round more f line rest pid; local -A victim=(["$1"]=1); kill -STOP -- "-$1";',
  'for round in 1 2 3 4 5 6 7 8; do more=;',
  'for f in /proc/[0-9]*/stat; do',
  `line=; IFS= read -r -d '' line <"$f";`,
  'pid=${line%% *}; [[ $pid && ! ${victim[$pid]} ]] || continue;',
  'rest=${line##*) }; set -- "$1" $rest;',
  'if [[ ${victim[$3]} || $4 == "$1" ]]; then victim[$pid]=1; more=1; kill -STOP "$pid"; fi;',
  'done; [[ $more ]] || break; done;',
  'kill -KILL -- "-$1" "${!victim[@]}"; };',
  `trap '__cut=1; [[ $__job ]] && __tree "$__job"' USR1;`,
  // A shell that cannot start a process exits. As process 1 that would end the sandbox, so it starts over.
  `trap '[[ $__over ]] || { export __text __defs __nonce; exec "$BASH" --norc --noprofile -c "eval \\"\\$__text\\"" bash; }' EXIT;`,
  `if [[ $__nonce ]]; then eval "$__defs"; printf '\\0%s 254 fork\\n' "$__nonce" >&3; else printf 'ready\\n' >&3; fi;`,
  'exec 2>/dev/null;',
  `while IFS=' ' read -r __op __nonce __enc __plen __clen; do`,
  'IFS= read -r -N "$__plen" __pre; IFS= read -r -N "$__clen" __cmd;',
  '[[ $__enc == q ]] && eval "__cmd=$__cmd"; __cut=;',
  'case $__op in',
  'run) (set +m; unset __op __nonce __enc __plen __clen; eval "$__pre") </dev/null >&4 2>&4 3>&- 4>&- & ;;',
  'get) (set +m; unset __op __nonce __enc __plen __clen; eval "$__pre") <&0 >&3 2>/dev/null 3>&- 4>&- & ;;',
  'now) eval "$__pre" >&3 ;;',
  'esac;',
  `if [[ $__op == now ]]; then printf '\\0%s 0 \\n' "$__nonce" >&3; continue; fi;`,
  // Without job control a wait lasts until the end, not until a stop; a signal cuts it short.
  '__job=$!; set +m; wait "$__job"; __status=$?; [[ $__cut ]] && wait "$__job"; __job=; set -m;',
  `printf '\\0%s %d %s\\n' "$__nonce" "$__status" "$__cut" >&3;`,
  'done; __over=1',
];

/**
 * @param kit what stands before the name of a program that file operations use
 * @param limits bash code that runs first
 */
export const driverText = (kit: string, limits = ''): string =>
  `__kit=${quote(kit)}; ${limits}${LINES.join(' ')}`;

/** Arguments of a shell that becomes the driver once it is sent `text`. Its name appears in its messages. */
export const driverArguments = (text: string): string[] => [
  '--norc',
  '--noprofile',
  '-c',
  `read -rN${text.length} d;eval "$d"`,
  'bash',
];
