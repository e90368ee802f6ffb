/** `evolution.yaml` on disk: read, validated, paths made absolute beside the file. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import type { EvolutionConfig } from '../contract/config.js';
import { parseConfig } from '../contract/parse.js';
import { formatProblem } from '../suite/problem.js';
import { bundledSuites } from '../suite/suite.js';
import { CliError } from './errors.js';
import { typed } from './typed.js';

const BYTES_MAX = 1_000_000;

/** @throws {CliError} with file, field, what was found and what was expected. */
export async function readConfig(file: string): Promise<EvolutionConfig> {
  const path = resolve(file);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CliError(`${file}: no such file. Write one with: ${typed('init')}`);
  });
  if (text.length > BYTES_MAX) throw new CliError(`${file}: larger than ${BYTES_MAX} characters`);
  const parsed = parseConfig(parseDocument(text, file), file);
  if (!parsed.ok) throw new CliError(parsed.problems.map(formatProblem).join('\n'));
  return absolutePaths(parsed.config, dirname(path));
}

function parseDocument(text: string, file: string): unknown {
  try {
    return parseYaml(text, { maxAliasCount: 10 });
  } catch (error) {
    const place = error instanceof YAMLParseError ? `line ${error.linePos?.[0].line ?? 1}` : 'the document';
    throw new CliError(`${file}: ${place}: ${(error as Error).message.split('\n')[0]}; expected YAML`);
  }
}

/** Workers have their own working directory: what is relative here would be something else there. */
export async function absolutePaths(config: EvolutionConfig, base: string): Promise<EvolutionConfig> {
  const bundled = await bundledSuites();
  const isFile = (name: string) => name.includes('/') || /\.(ya?ml|json)$/.test(name);
  return {
    ...config,
    suite: bundled.includes(config.suite) ? config.suite : resolve(base, config.suite),
    split: 'file' in config.split ? { file: resolve(base, config.split.file) } : config.split,
    quarantine: typeof config.quarantine === 'string' ? resolve(base, config.quarantine) : config.quarantine,
    harness: isFile(config.harness) ? resolve(base, config.harness) : config.harness,
    ...(config.registry ? { registry: resolve(base, config.registry) } : {}),
    sandbox: {
      ...config.sandbox,
      ...(config.sandbox.baseRoot ? { baseRoot: resolve(base, config.sandbox.baseRoot) } : {}),
    },
  };
}

/** Variables that hold the keys of the models of a configuration. */
export function keysOf({ model, proposer }: EvolutionConfig): string[] {
  const endpoints = [model.endpoint, ...(proposer ? [proposer.endpoint] : [])];
  return [...new Set(endpoints.map(({ apiKeyEnv }) => apiKeyEnv))];
}
