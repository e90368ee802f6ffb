/** The part of a Dockerfile that a sandbox honours without a container engine. */
import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import type { BuildStep, TaskEnvironment } from '../suite/types.js';
import type { Channel } from './channel.js';
import { unpack } from './files.js';
import { OutputWindow } from './output.js';
import { quote } from './quote.js';
import { commandCode, definitions, type SandboxUser } from './shell-code.js';
import { SYSTEM_DIRS } from './skeleton.js';
import { readEntry, readTree, type TarEntry } from './tar.js';
import { SandboxError } from './types.js';

/** Seconds for one RUN step. */
const RUN_SECONDS = 600;

/**
 * RUN steps are worth keeping: their result is a layer. So are files that are copied into the folders of the system, so
 * that they can be told from what an agent puts there. All else is done again at each start.
 */
export function needsLayer(environment: TaskEnvironment): boolean {
  let workdir = '/';
  return environment.build.some((step) => {
    if (step.kind === 'workdir') workdir = posix.resolve(workdir, step.path);
    if (step.kind === 'copy')
      return SYSTEM_DIRS.includes(posix.resolve(workdir, step.destination).split('/')[1]!);
    return step.kind === 'run';
  });
}

/** Variables that every command sees: the Dockerfile's, then the task's. */
export function environmentOf(environment: TaskEnvironment): Record<string, string> {
  const steps = environment.build.filter((step) => step.kind === 'env');
  return Object.assign({}, ...steps.map((step) => step.values), environment.env);
}

/** Who runs the task's commands; null: root. */
export function userOf(environment: TaskEnvironment): string | null {
  const step = environment.build.findLast((s) => s.kind === 'user');
  const user = environment.user ?? step?.user ?? null;
  return user === 'root' || user === '0' ? null : user;
}

/** Names the result of the build steps: equal digests, equal layers. */
export async function layerDigest(
  environment: TaskEnvironment,
  contextDir: string,
  rootDigest: string,
): Promise<string> {
  const hash = createHash('sha256').update(rootDigest).update(JSON.stringify(environment.build));
  for (const step of environment.build) {
    if (step.kind !== 'copy') continue;
    for (const source of step.sources) {
      for (const entry of await readSource(contextDir, source)) {
        hash.update(`\0${entry.kind}\0${entry.path}\0${entry.mode}\0`);
        if (entry.kind === 'file') hash.update(entry.content);
        if (entry.kind === 'symlink') hash.update(entry.target);
      }
    }
  }
  return hash.digest('hex').slice(0, 32);
}

/** Carries out the steps in order, in a sandbox that just started. @throws {SandboxError} */
export async function runSteps(channel: Channel, steps: BuildStep[], contextDir: string): Promise<void> {
  let workdir = '/';
  let user: SandboxUser | null = null;
  const env: Record<string, string> = {};
  for (const step of steps) {
    if (step.kind === 'workdir') {
      workdir = posix.resolve(workdir, step.path);
      await makeDirectory(channel, workdir);
    } else if (step.kind === 'env') {
      Object.assign(env, step.values);
    } else if (step.kind === 'user') {
      user = await resolveUser(channel, step.user);
    } else if (step.kind === 'copy') {
      await copy(channel, step, contextDir, workdir);
    } else {
      await runStep(channel, step, { env, workdir, user });
    }
  }
}

async function runStep(
  channel: Channel,
  step: Extract<BuildStep, { kind: 'run' }>,
  at: { env: Record<string, string>; workdir: string; user: SandboxUser | null },
): Promise<void> {
  const argv = step.form === 'shell' ? ['/bin/sh', '-c', step.command] : step.argv;
  const output = new OutputWindow(4000);
  const start = { defaults: { env: at.env, workdir: at.workdir }, user: at.user, stateDir: '' };
  const answer = await channel.request({
    op: 'run',
    setup: definitions(start) + commandCode(start, { persist: false }),
    text: argv.map(quote).join(' '),
    timeoutSeconds: RUN_SECONDS,
    output,
  });
  if (answer.status === 0) return;
  const line = step.form === 'shell' ? step.command : JSON.stringify(step.argv);
  const how = answer.timedOut
    ? `did not end within ${RUN_SECONDS} s`
    : `failed with exit code ${answer.status}`;
  throw new SandboxError(
    `RUN ${line.slice(0, 200)} ${how}; there is no network here. It said: ${output.finish().output.trim().slice(-500)}`,
    'unsupported',
  );
}

/** Docker's rules: a folder gives its content; several sources, or a `/` at the end, make the target a folder. */
async function copy(
  channel: Channel,
  step: Extract<BuildStep, { kind: 'copy' }>,
  contextDir: string,
  workdir: string,
): Promise<void> {
  const target = posix.resolve(workdir, step.destination);
  for (const source of step.sources) {
    const path = join(contextDir, source);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (!stat) throw new SandboxError(`COPY: ${path} does not exist.`, 'unsupported');
    const intoFolder =
      stat.isDirectory() || step.sources.length > 1 || /(^|\/)\.{0,2}$/.test(step.destination);
    if (step.extract && stat.isFile() && (await extract(channel, path, target))) continue;
    const isFolder = !stat.isDirectory() && (intoFolder || (await isDirectory(channel, target)));
    const [base, entries] = stat.isDirectory()
      ? [target, await readTree(path, '')]
      : isFolder
        ? [target, await readEntry(path, basename(path))]
        : [posix.dirname(target), await readEntry(path, posix.basename(target))];
    await unpack(channel, base, step.chmod === null ? entries : withMode(entries, step.chmod));
  }
}

const readSource = async (contextDir: string, source: string): Promise<TarEntry[]> =>
  readEntry(join(contextDir, source), source).catch(() => []);

function withMode(entries: TarEntry[], chmod: string): TarEntry[] {
  const mode = Number.parseInt(chmod, 8);
  if (Number.isNaN(mode))
    throw new SandboxError(`COPY --chmod=${chmod}: expected an octal mode.`, 'unsupported');
  return entries.map((entry) => (entry.kind === 'symlink' ? entry : { ...entry, mode }));
}

/** ADD unpacks what tar can read, and copies anything else: false. */
async function extract(channel: Channel, path: string, target: string): Promise<boolean> {
  if (!/\.(tar|tgz|tbz2?|txz|tar\.(gz|bz2|xz|zst))$/.test(path)) return false;
  const archive = '/run/archive';
  await unpack(channel, '/run', await readEntry(path, basename(archive)));
  const dir = quote(target);
  const answer = await channel.request({
    op: 'get',
    setup: `/bin/mkdir -p -- ${dir} && /bin/tar -C ${dir} -xf ${archive}; __st=$?; /bin/rm -f ${archive}; exit $__st`,
    timeoutSeconds: RUN_SECONDS,
    answerBytes: 65_536,
  });
  if (answer.status !== 0) throw new SandboxError(`ADD: ${path} could not be unpacked.`, 'unsupported');
  return true;
}

async function isDirectory(channel: Channel, path: string): Promise<boolean> {
  const answer = await channel.request({
    op: 'now',
    setup: `[[ -d ${quote(path)} ]] && printf 1`,
    timeoutSeconds: 30,
    answerBytes: 1,
  });
  return answer.content.length > 0;
}

/** Makes `path` with its parents. It belongs to root, as Docker's WORKDIR does. */
export async function makeDirectory(channel: Channel, path: string): Promise<void> {
  if (await isDirectory(channel, path)) return;
  const answer = await channel.request({
    op: 'get',
    setup: `\${__kit}mkdir -p -- ${quote(path)} 2>&1`,
    timeoutSeconds: 30,
    answerBytes: 4096,
  });
  if (answer.status !== 0) {
    throw new SandboxError(
      `The working directory ${path} cannot be made: ${answer.content.toString('utf8').trim()}`,
      'unsupported',
    );
  }
}

/** @param name as in USER: a name or number, with or without `:group` */
export async function resolveUser(channel: Channel, name: string): Promise<SandboxUser | null> {
  const [user = '', group] = name.split(':');
  if (user === 'root' || user === '0') return null;
  const answer = await channel.request({
    op: 'get',
    setup:
      `while IFS=: read -r n _ u g _ h _; do [[ $n == ${quote(user)} || $u == ${quote(user)} ]] && { printf '%s:%s:%s:%s' "$n" "$u" "$g" "$h"; break; }; done </etc/passwd; printf '|'; ` +
      `while IFS=: read -r n _ g _; do [[ $n == ${quote(group ?? '')} ]] && { printf %s "$g"; break; }; done </etc/group`,
    timeoutSeconds: 30,
    answerBytes: 4096,
  });
  const [account = '', groupId = ''] = answer.content.toString('utf8').split('|');
  const [found, uid, gid, home] = account.split(':');
  const number = /^\d+$/.test(user) ? user : undefined;
  if (uid === undefined && number === undefined) {
    throw new SandboxError(`USER ${name}: the sandbox has no such user.`, 'unsupported');
  }
  const chosenGroup = groupId || (group && /^\d+$/.test(group) ? group : undefined) || gid || '0';
  return { name: found || user, uid: Number(uid ?? number), gid: Number(chosenGroup), home: home || '/' };
}
