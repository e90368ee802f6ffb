import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ROLES, type Role } from '../../roles.js';
import { CliError, EXIT_USAGE } from '../errors.js';
import { positive } from '../options.js';
import { serverAt, serverOf } from '../session.js';
import { DEFAULT_STATE } from '../state.js';

export function addWorker(program: Command): void {
  program
    .command('worker')
    .description('runs a worker until it is stopped; it takes trials, models, workflows from the server')
    .option('--role <roles>', `comma-separated: ${ROLES.join(', ')}`, ROLES.join(','))
    .option('--state <dir>', 'state folder: store, registry', DEFAULT_STATE)
    .option(
      '--address <host:port>',
      'Temporal server; else the one of the state folder, TEMPORAL_ADDRESS or the profile',
    )
    .option('--trials <n>', 'trials at once', positive, 4)
    .option('--models <n>', 'mining and proposing calls at once', positive, 8)
    .option('--ready-file <file>', 'written when the worker polls')
    .action(async (options) => {
      const roles = (options.role as string).split(',').map((role) => {
        if (ROLES.some((known) => known === role)) return role as Role;
        throw new CliError(`--role: found "${role}", expected ${ROLES.join(', ')}`, EXIT_USAGE);
      });
      const { runWorker } = await import('../../worker.js');
      await runWorker({
        stateDir: resolve(options.state),
        roles,
        trials: options.trials,
        models: options.models,
        server: options.address
          ? await serverAt(options.address, options.state)
          : await serverOf(options.state),
        onReady: () => {
          if (options.readyFile) void writeFile(options.readyFile, '{}\n');
          else process.stderr.write(`worker: ${roles.join(', ')}; ${options.trials} trials at once\n`);
        },
      });
    });
}
