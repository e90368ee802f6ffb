/**
 * Reading and writing files through a sandbox's own shell: every path is resolved inside it. `$__kit`, which
 * the driver has, stands before the programs that are used.
 */
import type { Channel } from './channel.js';
import { quote } from './quote.js';
import { asUser, type SandboxUser } from './shell-code.js';
import { packTar, type TarEntry } from './tar.js';
import { SandboxError } from './types.js';

const FILE_SECONDS = 30;
const UPLOAD_SECONDS = 120;
/** Above this the shell's own reading is slower than starting a program for it. */
const BUILTIN_BYTES = 256 * 1024;

const EXHAUSTED = 'The sandbox has reached its limit of processes.';

type ReadResult = { ok: true; content: Buffer; size: number } | { ok: false; reason: string };
type WriteResult = { ok: true } | { ok: false; reason: string };

/** Answer: one letter, then the content (`f`) or what the path is instead. */
export async function readFile(
  channel: Channel,
  user: SandboxUser | null,
  path: string,
  maxBytes: number,
): Promise<ReadResult> {
  if (path.includes('\0')) return { ok: false, reason: 'The path holds a NUL byte.' };
  const most = maxBytes + 1;
  const byShell =
    `export LC_ALL=C; exec 8<"$__cmd" || { printf p; exit; }; printf f; __left=${most}; ` +
    `while IFS= read -r -d '' -n "$__left" __part <&8; do ` +
    // Stopped by a NUL or by having read enough: only in the first case is a NUL to be passed on.
    `printf %s "$__part"; __left=$((__left-\${#__part})); ((__left>0)) || exit 0; printf '\\0'; ((--__left>0)) || exit 0; done; ` +
    `printf %s "$__part"`;
  const byProgram = `exec 8<"$__cmd" || { printf p; exit; }; printf f; exec \${__kit}head -c ${most} <&8`;
  const code =
    'if [[ -d $__cmd ]]; then printf d; elif [[ ! -e $__cmd ]]; then printf m; elif [[ ! -f $__cmd ]]; then printf s; ' +
    `else ${maxBytes <= BUILTIN_BYTES ? byShell : byProgram}; fi`;
  const answer = await channel.request({
    op: 'get',
    setup: asUser(user, trimmedPath(user) + code),
    text: path,
    timeoutSeconds: FILE_SECONDS,
    answerBytes: most,
  });
  if (answer.timedOut) return { ok: false, reason: `${path} could not be read within ${FILE_SECONDS} s.` };
  if (answer.exhausted) return { ok: false, reason: EXHAUSTED };
  const kind = String.fromCharCode(answer.content[0] ?? 0);
  const content = answer.content.subarray(1);
  if (kind === 'd') return { ok: false, reason: `${path} is a directory.` };
  if (kind === 's') return { ok: false, reason: `${path} is not a regular file.` };
  if (kind === 'p') return { ok: false, reason: `${path} cannot be read: permission denied.` };
  if (kind !== 'f') return { ok: false, reason: `${path} does not exist.` };
  if (content.length > maxBytes) {
    return { ok: false, reason: `${path} is too large: more than ${maxBytes} bytes.` };
  }
  return { ok: true, content: Buffer.from(content), size: content.length };
}

/** Here-strings end with a newline that the text did not have. */
const trimmedPath = (user: SandboxUser | null): string => (user === null ? '' : "__cmd=${__cmd%$'\\n'}; ");

export async function writeFile(
  channel: Channel,
  user: SandboxUser | null,
  path: string,
  content: Uint8Array,
  mode: number | undefined,
): Promise<WriteResult> {
  if (path.includes('\0')) return { ok: false, reason: 'The path holds a NUL byte.' };
  const target = quote(path);
  const binary = content.includes(0);
  const text = binary ? Buffer.from(content).toString('base64') : content;
  const put = binary ? `\${__kit}base64 -d <<<"$__cmd" >${target}` : `printf %s "$__cmd" >${target}`;
  const code =
    `exec 2>&1; umask 022; ${trimmedPath(user)}` +
    `if [[ -d ${target} ]]; then printf 'it is a directory'; exit 1; fi; ` +
    `__dir=${target}; [[ $__dir == */* ]] && __dir=\${__dir%/*} || __dir=.; ` +
    `[[ ! $__dir || -d $__dir ]] || \${__kit}mkdir -p -- "$__dir" || exit 1; ` +
    `${put} || exit 1; ${mode === undefined ? '' : `\${__kit}chmod ${mode.toString(8)} -- ${target}`}`;
  const answer = await channel.request({
    op: 'get',
    setup: asUser(user, code),
    text,
    timeoutSeconds: FILE_SECONDS,
    answerBytes: 4096,
  });
  if (answer.timedOut) return { ok: false, reason: `${path} could not be written within ${FILE_SECONDS} s.` };
  if (answer.exhausted) return { ok: false, reason: EXHAUSTED };
  if (answer.status === 0) return { ok: true };
  const why = answer.content
    .toString('utf8')
    .replace(/^.*?bash: (?:line \d+: )?/s, '')
    .trim();
  return { ok: false, reason: `${path} could not be written: ${why || 'unknown reason'}` };
}

export async function exists(channel: Channel, paths: string[]): Promise<boolean[]> {
  if (paths.length === 0) return [];
  const tests = paths.map((path) =>
    path === '' || path.includes('\0')
      ? 'printf 0'
      : `if [[ -e ${quote(path)} || -L ${quote(path)} ]]; then printf 1; else printf 0; fi`,
  );
  const answer = await channel.request({
    op: 'now',
    setup: tests.join(';'),
    timeoutSeconds: FILE_SECONDS,
    answerBytes: paths.length,
  });
  return [...answer.content.toString('latin1')].map((digit) => digit === '1');
}

/**
 * Unpacks `entries` below `base` (absolute), owned by the sandbox's root.
 * @throws {SandboxError} kind `disk` when there is no room, `lost` otherwise.
 */
export async function unpack(channel: Channel, base: string, entries: TarEntry[]): Promise<void> {
  const archive = packTar(entries);
  const dir = quote(base);
  // What tar leaves unread is read all the same: the next request follows right behind it.
  const code =
    `[[ -d ${dir} ]] || \${__kit}mkdir -p -- ${dir} || { \${__kit}head -c ${archive.length} >/dev/null; exit 1; }; ` +
    `\${__kit}head -c ${archive.length} | { \${__kit}tar -C ${dir} -xpf - --same-owner 2>&1 || { __st=$?; \${__kit}cat >/dev/null; exit $__st; }; }`;
  const answer = await channel.request({
    op: 'get',
    setup: code,
    attachment: archive,
    timeoutSeconds: UPLOAD_SECONDS,
    answerBytes: PROBLEM_BYTES,
  });
  if (answer.status === 0) return;
  const said = answer.exhausted ? EXHAUSTED : answer.content.toString('utf8').trim().slice(0, 300);
  // Part of the archive may still be on its way: nothing could follow it.
  if (answer.timedOut || answer.exhausted) await channel.close();
  if (/No space left|Wrote only \d+ of/.test(said)) {
    throw new SandboxError(`No room in the sandbox for files at ${base}: raise its storage limit.`, 'disk');
  }
  throw new SandboxError(
    `Files could not be put at ${base} in the sandbox: ${said || `exit code ${answer.status}`}.`,
    'lost',
  );
}

const PROBLEM_BYTES = 1024 * 1024;
