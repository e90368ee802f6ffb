/** From `task.toml` and `environment/` to what a sandbox is made from. */
import path from 'node:path';
import { type Build, readBuild } from './build.js';
import { type BuildContext, buildContext } from './build-context.js';
import { type Entry, readText } from './files.js';
import type { Failure } from './problem.js';
import type { TaskToml } from './task-toml.js';
import type { TaskEnvironment } from './types.js';

const MAX_DOCKERFILE_BYTES = 256 * 1024;
const DEFAULT_WORKDIR = '/app';

/** @param entries what `walk` found below the task's `dir`. */
export async function readEnvironment(
  dir: string,
  toml: TaskToml,
  entries: readonly Entry[],
): Promise<{ ok: true; environment: TaskEnvironment } | Failure> {
  const has = (file: string) => entries.some((entry) => entry.path === file && entry.kind === 'file');
  const read = (file: string) => readText(path.join(dir, file), MAX_DOCKERFILE_BYTES);
  const ignoreFile = 'environment/.dockerignore';
  const dockerignore = has(ignoreFile) ? await read(ignoreFile) : { ok: true as const, text: '' };
  if (!dockerignore.ok) return dockerignore;
  const context = buildContext(entries, dockerignore.text);
  let build = withoutDockerfile(context, toml.environment.workdir ?? DEFAULT_WORKDIR);
  if (has('environment/Dockerfile')) {
    const file = path.join(dir, 'environment/Dockerfile');
    const text = await read('environment/Dockerfile');
    if (!text.ok) return text;
    const result = readBuild(text.text, file, context);
    if (!result.ok) return result;
    build = result;
  }
  return { ok: true, environment: combine(toml, build, unsupportedBy(toml, entries)) };
}

/** Loose files beside a ready-made image belong in the working directory. */
function withoutDockerfile(context: BuildContext, workdir: string): Build {
  const loose = context.entries.some((entry) => !/^(?:\.gitkeep|\.dockerignore)$/.test(entry.path));
  const destination = workdir === '/' ? '/' : `${workdir}/`;
  return {
    ok: true,
    steps: loose ? [{ kind: 'copy', sources: ['.'], destination, chmod: null, extract: false }] : [],
    workdir: null,
    env: {},
    user: null,
    unsupported: null,
  };
}

function combine(toml: TaskToml, build: Build, unsupported: string | null): TaskEnvironment {
  const settings = toml.environment;
  const user = toml.agent.user ?? build.user;
  return {
    workdir: settings.workdir ? path.posix.resolve(settings.workdir) : (build.workdir ?? DEFAULT_WORKDIR),
    env: { ...build.env, ...withDefaults(settings.env).values },
    user,
    network: toml.agent.network_mode ?? settings.network_mode,
    memoryMb: settings.memory_mb ?? null,
    storageMb: settings.storage_mb ?? null,
    cpus: settings.cpus ?? null,
    build: build.steps,
    unsupported: unsupported ?? build.unsupported ?? unsupportedUser(toml, user),
  };
}

/** What of `task.toml` and the folder's files needs more than one local Linux sandbox; null when nothing does. */
export function unsupportedBy(toml: TaskToml, entries: readonly Entry[]): string | null {
  const { environment, verifier, agent } = toml;
  const file = (name: RegExp) => entries.find((entry) => name.test(entry.path))?.path;
  const compose = file(/^environment\/(?:docker-)?compose\.ya?ml$/);
  const network = environment.network_mode;
  const missing = [environment.env, verifier.env, toml.solution.env].flatMap(
    (env) => withDefaults(env).missing,
  );
  const reasons: [unknown, string][] = [
    [toml.steps.length > 0, 'task.toml steps: tasks of several steps are not supported'],
    [environment.os === 'windows', 'task.toml environment.os: windows is not supported'],
    [compose, `${compose}: several containers are not supported`],
    [environment.gpus || environment.gpu_types?.length, 'task.toml environment.gpus: GPUs are not supported'],
    [environment.tpu, 'task.toml environment.tpu: TPUs are not supported'],
    [
      verifier.environment_mode === 'separate' || verifier.environment !== undefined,
      'task.toml verifier.environment_mode: a separate verifier is not supported',
    ],
    [verifier.collect.length > 0, 'task.toml verifier.collect: collecting commands are not supported'],
    [environment.mcp_servers.length > 0, 'task.toml environment.mcp_servers: MCP servers are not supported'],
    [environment.healthcheck, 'task.toml environment.healthcheck: health checks are not supported'],
    [environment.skills_dir, 'task.toml environment.skills_dir: skills of a task are not supported'],
    [
      file(/^trajectory\.json$/),
      'trajectory.json: tasks that continue an earlier conversation are not supported',
    ],
    [missing.length > 0, `task.toml env: \${${missing[0]}} of the host without a default is not supported`],
    [
      [agent.network_mode ?? network, verifier.network_mode ?? network].includes('allowlist'),
      'task.toml network_mode: a list of allowed hosts is not supported',
    ],
    [
      (agent.network_mode ?? network) !== (verifier.network_mode ?? network),
      'task.toml network_mode: another network for the verifier than for the agent is not supported',
    ],
  ];
  return reasons.find(([applies]) => Boolean(applies))?.[1] ?? null;
}

function unsupportedUser(toml: TaskToml, user: string | null): string | null {
  const verifier = toml.verifier.user;
  if (verifier === undefined || verifier === (user ?? 'root') || (verifier === '0' && user === null))
    return null;
  return 'task.toml verifier.user: another user for the verifier than for the agent is not supported';
}

/**
 * Values `${NAME:-default}` become their default: the host's own variables may hold secrets and never enter a sandbox.
 * `missing` names those that have none.
 */
export function withDefaults(env: Record<string, string>): {
  values: Record<string, string>;
  missing: string[];
} {
  const values: Record<string, string> = {};
  const missing: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    const template = /^\$\{([^}:]+)(?::-(.*))?\}$/s.exec(value);
    if (template && template[2] === undefined) missing.push(template[1]!);
    else values[name] = template ? template[2]! : value;
  }
  return { values, missing };
}
