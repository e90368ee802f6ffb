import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { createSandboxProvider } from '../../sandbox/index.js';
import { formatProblem } from '../../suite/problem.js';
import { formatQuarantine } from '../../suite/quarantine.js';
import { loadSuite } from '../../suite/suite.js';
import { checkSuite, type TaskCheck } from '../../trial/suite-check.js';
import { CliError } from '../errors.js';
import { positive } from '../options.js';
import { printJson, say } from '../output.js';
import { DEFAULT_STATE } from '../state.js';

/** Sandboxes at once, per core, while runs are repeated: verdicts have to hold on a machine that is busy. */
const LOAD = 3;

export function addSuite(program: Command): void {
  program
    .command('suite')
    .description('task suites')
    .command('check')
    .description("each task's own solution must pass its verifier, and doing nothing must not")
    .argument('<suite>', 'folder of tasks, or the name of a bundled suite')
    .option('--repeat <n>', 'run both so often again, under load, to find flaky tasks', positive)
    .option('--tamper', 'also tamper with the verifier in every known way: none may earn a reward')
    .option('--write <file>', 'write the unhealthy tasks, with reasons, as a quarantine file')
    .option('--concurrency <n>', 'sandboxes at once', positive, cpus().length)
    .option('--state <dir>', 'state folder', DEFAULT_STATE)
    .option('--json', 'JSON on stdout')
    .action(async (name: string, options) => {
      refuseExisting(options.write);
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
        repeat: options.repeat ?? 0,
        repeatConcurrency: Math.max(options.concurrency, LOAD * cpus().length),
        tamper: options.tamper === true,
        onProgress: progress(),
      });
      const unhealthy = checked.tasks.filter((task) => !task.healthy);
      for (const { name, reason } of unhealthy) say(`${pc.red('unhealthy')} ${name}: ${reason}`);
      if (options.write) await writeQuarantine(options.write, loaded.suite.name, unhealthy);
      if (options.json) printJson(checked);
      else console.log(verdict(checked.tasks));
      if (unhealthy.length > 0 && !options.write)
        throw new CliError(
          `${unhealthy.length} tasks are not healthy; mend them, or leave them out with --write FILE and \`quarantine: FILE\`: ${unhealthy.map((task) => task.name).join(', ')}`,
        );
    });
}

/** A line after each tenth. */
function progress(): (done: number, total: number) => void {
  let told = 0;
  return (done, total) => {
    const tenth = Math.floor((done / total) * 10);
    if (tenth > told) say(`${done} of ${total} runs`);
    told = tenth;
  };
}

function verdict(tasks: TaskCheck[]): string {
  const healthy = tasks.filter((task) => task.healthy).length;
  const runs = tasks[0]?.runs ?? 1;
  const often = runs > 1 ? `, in each of ${runs} runs` : '';
  const tampered = tasks[0]?.tamper ? ', no reward for tampering' : '';
  return `${healthy} of ${tasks.length} tasks are healthy: oracle = 1, no-op = 0${often}${tampered}`;
}

/** People add to such files: none is overwritten, and that is said before the work. */
function refuseExisting(file: string | undefined): void {
  if (file !== undefined && existsSync(file))
    throw new CliError(
      `${file} is there already and is not overwritten: name another file, or move it away.`,
    );
}

async function writeQuarantine(file: string, suite: string, unhealthy: TaskCheck[]): Promise<void> {
  await writeFile(file, formatQuarantine(suite, unhealthy), { flag: 'wx' }).catch((error: Error) => {
    throw new CliError(`${file} cannot be written: ${error.message}`);
  });
  say(`wrote ${file}: ${unhealthy.length} tasks; name it under \`quarantine\` in evolution.yaml`);
}
