import { cpus } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { createSandboxProvider } from '../../sandbox/index.js';
import { formatProblem } from '../../suite/problem.js';
import { loadSuite } from '../../suite/suite.js';
import { checkSuite } from '../../trial/suite-check.js';
import { CliError } from '../errors.js';
import { positive } from '../options.js';
import { printJson } from '../output.js';
import { DEFAULT_STATE } from '../state.js';

export function addSuite(program: Command): void {
  program
    .command('suite')
    .description('task suites')
    .command('check')
    .description("each task's own solution must pass its verifier, and doing nothing must not")
    .argument('<suite>', 'folder of tasks, or the name of a bundled suite')
    .option('--concurrency <n>', 'sandboxes at once', positive, cpus().length)
    .option('--state <dir>', 'state folder', DEFAULT_STATE)
    .option('--json', 'JSON on stdout')
    .action(async (name: string, options) => {
      const loaded = await loadSuite(name);
      if (!loaded.ok) throw new CliError(loaded.problems.map(formatProblem).join('\n'));
      const sandbox = await createSandboxProvider({
        kind: 'auto',
        allowHost: false,
        stateDir: resolve(options.state),
      });
      const checked = await checkSuite(loaded.suite, {
        sandbox,
        limits: { memoryMb: 2048, processes: 512, storageMb: 1024 },
        concurrency: options.concurrency,
        onProgress: (done, total, latest) => {
          if (!latest.healthy)
            process.stderr.write(`${pc.red('unhealthy')} ${latest.name}: ${latest.reason}\n`);
          else if (done % 10 === 0) process.stderr.write(`${done} of ${total}\n`);
        },
      });
      const unhealthy = checked.tasks.filter((task) => !task.healthy);
      if (options.json) printJson(checked);
      else
        console.log(
          `${checked.tasks.length - unhealthy.length} of ${checked.tasks.length} tasks are healthy: oracle = 1, no-op = 0`,
        );
      if (unhealthy.length > 0)
        throw new CliError(
          `${unhealthy.length} tasks are not healthy; mend or leave out: ${unhealthy.map((task) => task.name).join(', ')}`,
        );
    });
}
