import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import pc from 'picocolors';
import { checkConfiguredEndpoint, checkModels } from '../../model/doctor.js';
import { checkSandbox } from '../../sandbox/doctor.js';
import { findTemporalExecutable } from '../../server/executable.js';
import { readConfig } from '../config-file.js';
import { CliError, EXIT_FAILED } from '../errors.js';
import { printJson } from '../output.js';

interface Check {
  check: string;
  ok: boolean;
  detail: string;
  /** The command or sentence that mends it; '' when it is fine. */
  remedy: string;
}

const DISK_MIB_MIN = 1024;

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('what is missing on this machine, and the command that mends it')
    .argument('[config]', 'configuration whose models are asked; else the endpoint of OPENAI_BASE_URL is')
    .option('--json', 'JSON on stdout')
    .action(async (config: string | undefined, options) => {
      const checks: Check[] = [
        node(),
        await build(),
        await temporal(),
        await disk(),
        ...(await checkSandbox()),
        ...(config ? await models(config) : [await checkConfiguredEndpoint(process.env)]),
      ];
      if (options.json) printJson({ ok: checks.every((check) => check.ok), checks });
      else for (const check of checks) console.log(line(check));
      if (checks.some((check) => !check.ok)) process.exitCode = EXIT_FAILED;
    });
}

function line({ check, ok, detail, remedy }: Check): string {
  return `${ok ? pc.green('ok     ') : pc.red('missing')} ${check.padEnd(22)} ${detail}${ok || !remedy ? '' : `\n        ${' '.repeat(22)} ${pc.bold(remedy)}`}`;
}

function node(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 3);
  return { check: 'Node', ok, detail: process.versions.node, remedy: 'install Node 20.3 or later' };
}

function build(): Check {
  const ok = existsSync(fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url)));
  return {
    check: 'build',
    ok,
    detail: ok ? 'dist/ is there' : 'dist/ is not built',
    remedy: 'npm run setup',
  };
}

async function temporal(): Promise<Check> {
  const address = process.env.TEMPORAL_ADDRESS;
  if (address)
    return { check: 'Temporal', ok: true, detail: `server at TEMPORAL_ADDRESS=${address}`, remedy: '' };
  const found = await findTemporalExecutable();
  return {
    check: 'Temporal',
    ok: found !== null,
    detail: found ? `${found.source}: ${found.path}` : 'no CLI',
    remedy: 'npm run setup',
  };
}

async function disk(): Promise<Check> {
  const { bavail, bsize } = await statfs('.');
  const free = Math.floor((bavail * bsize) / 2 ** 20);
  return {
    check: 'disk',
    ok: free >= DISK_MIB_MIN,
    detail: `${free} MiB free here`,
    remedy: `free ${DISK_MIB_MIN} MiB, or use --state on another disk`,
  };
}

async function models(file: string): Promise<Check[]> {
  try {
    return await checkModels(await readConfig(file), process.env);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [{ check: 'configuration', ok: false, detail: 'cannot be used', remedy: error.message }];
  }
}
