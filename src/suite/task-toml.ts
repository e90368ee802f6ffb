/**
 * `task.toml` of the Harbor format, schema 1.0 to 1.4: every key optional, both spellings of renamed keys accepted,
 * unknown keys ignored. What a single-step Linux task does not use is kept only as far as it makes a task unsupported.
 */
import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { readText } from './files.js';
import { type Failure, failure } from './problem.js';
import { schemaFailure } from './schema-problems.js';

const MAX_BYTES = 256 * 1024;
const DAY_SECONDS = 86_400;
const SCHEMA_VERSIONS = ['1.0', '1.1', '1.2', '1.3', '1.4'];

const seconds = z
  .number()
  .positive()
  .max(7 * DAY_SECONDS);
const env = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable'),
  z.string().max(32_768),
);
const user = z
  .union([
    z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, 'a user name or number'),
    z.int().nonnegative(),
  ])
  .transform(String);
const networkMode = z.enum(['public', 'no-network', 'allowlist']);
const anything = z.unknown().optional();

const environment = z
  .object({
    docker_image: z.string().optional(),
    os: z
      .string()
      .toLowerCase()
      .pipe(z.enum(['linux', 'windows']))
      .default('linux'),
    cpus: z.number().positive().optional(),
    memory_mb: z.int().positive().optional(),
    storage_mb: z.int().positive().optional(),
    memory: anything,
    storage: anything,
    gpus: z.int().nonnegative().optional(),
    gpu_types: z.array(z.string()).optional(),
    tpu: anything,
    mcp_servers: z.array(anything).default([]),
    env: env.default({}),
    skills_dir: z.string().optional(),
    healthcheck: anything,
    workdir: z.string().startsWith('/', 'an absolute path').max(1000).optional(),
    network_mode: networkMode.optional(),
    allowed_hosts: z.array(z.string()).optional(),
    allow_internet: z.boolean().optional(),
  })
  .transform((value, context) => ({
    ...value,
    memory_mb: resolveSize(value.memory, value.memory_mb, 'memory', context),
    storage_mb: resolveSize(value.storage, value.storage_mb, 'storage', context),
    network_mode: resolveNetwork(value),
  }));

const schema = z.object({
  schema_version: z.enum(SCHEMA_VERSIONS).default('1.4'),
  task: z
    .object({
      name: z
        .string()
        .max(256)
        .regex(
          /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9][A-Za-z0-9._-]*$/,
          'a name such as "org/name"',
        ),
    })
    .optional(),
  metadata: z.record(z.string(), z.unknown()).default({}),
  agent: z
    .object({ timeout_sec: seconds.optional(), user: user.optional(), network_mode: networkMode.optional() })
    .prefault({}),
  verifier: z
    .object({
      timeout_sec: seconds.default(600),
      env: env.default({}),
      user: user.optional(),
      network_mode: networkMode.optional(),
      environment_mode: z.enum(['shared', 'separate']).optional(),
      environment: anything,
      collect: z.array(anything).default([]),
    })
    .prefault({}),
  solution: z.object({ env: env.default({}) }).prefault({}),
  environment: environment.prefault({}),
  steps: z.array(anything).default([]),
});

export type TaskToml = z.infer<typeof schema>;

/** @param file path of a `task.toml`. */
export async function readTaskToml(file: string): Promise<{ ok: true; toml: TaskToml } | Failure> {
  const text = await readText(file, MAX_BYTES);
  if (!text.ok) return text;
  let document: Record<string, unknown>;
  try {
    document = parse(text.text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return failure({
      file,
      field: `line ${error.line}, column ${error.column}`,
      found: error.message.split('\n')[0]!.replace(/^Invalid TOML document: /, ''),
      expected: 'valid TOML',
    });
  }
  const { version, ...rest } = document;
  const renamed = version === undefined ? rest : { schema_version: version, ...rest };
  const checked = schema.safeParse(renamed);
  if (checked.success) return { ok: true, toml: checked.data };
  return schemaFailure(file, renamed, checked.error);
}

/** Megabytes from the old spelling ("2G", "512M", "64K") and the new one. */
function resolveSize(
  old: unknown,
  megabytes: number | undefined,
  key: 'memory' | 'storage',
  context: z.core.$RefinementCtx,
): number | undefined {
  if (typeof old !== 'string') return megabytes;
  const match = /^(\d+(?:\.\d+)?)\s*([GMK])$/.exec(old.trim().toUpperCase());
  if (!match) {
    context.addIssue({ code: 'custom', path: [key], message: 'a size such as "2G" or "512M"', input: old });
    return undefined;
  }
  const parsed = Math.trunc(Number(match[1]) * { G: 1024, M: 1, K: 1 / 1024 }[match[2] as 'G' | 'M' | 'K']);
  if (megabytes !== undefined && megabytes !== parsed) {
    const message = `the same as ${key}_mb = ${megabytes}`;
    context.addIssue({ code: 'custom', path: [key], message, input: old });
  }
  return megabytes ?? parsed;
}

/** `allow_internet` is the old spelling and counts only where the new one is silent. */
function resolveNetwork(value: {
  network_mode?: z.infer<typeof networkMode>;
  allowed_hosts?: string[];
  allow_internet?: boolean;
}): z.infer<typeof networkMode> {
  if (value.network_mode) return value.network_mode;
  return value.allow_internet === false && !value.allowed_hosts ? 'no-network' : 'public';
}
