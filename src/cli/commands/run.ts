import { resolve } from 'node:path';
import type { Command } from 'commander';
import { connect } from '../../client/connection.js';
import { measurementProgress, measurementResult, startMeasurement } from '../../client/evolutions.js';
import type { EvolutionConfigInput } from '../../contract/config.js';
import { parseConfig } from '../../contract/parse.js';
import { formatRate, formatSpend } from '../../report/format.js';
import { formatProblem } from '../../suite/problem.js';
import { loadSuite } from '../../suite/suite.js';
import { parseItems } from '../../workflows/items.js';
import type { Measurement } from '../../workflows/types.js';
import { absolutePaths } from '../config-file.js';
import { CliError } from '../errors.js';
import { followTrials } from '../follow.js';
import { positive } from '../options.js';
import { printJson, printText, say } from '../output.js';
import { ensureServer, ensureWorker } from '../stack.js';
import { DEFAULT_STATE } from '../state.js';
import { table } from '../table.js';
import { shellWord, typed } from '../typed.js';

export function addRun(program: Command): void {
  program
    .command('run')
    .description('measures one harness on a suite: table by task, pass rate with interval, cost')
    .argument('<suite>', 'folder of tasks, or the name of a bundled suite')
    .requiredOption('--model <name>', 'model, as the endpoint knows it')
    .option('--harness <harness>', 'YAML file, `seed`, or a ref or digest of the registry', 'seed')
    .option('--attempts <n>', 'attempts per task', positive, 1)
    .option('--name <name>', 'name of the measurement; the same name takes over the trials that are done')
    .option('--state <dir>', 'state folder', DEFAULT_STATE)
    .option('--trials <n>', 'trials at once; default 4', positive)
    .option('--no-worker', 'start no worker: one runs elsewhere')
    .option('--json', 'JSON on stdout')
    .action(async (suite: string, options) => {
      const name =
        options.name ??
        `run-${new Date()
          .toISOString()
          .replace(/[^0-9]/g, '')
          .slice(0, 14)}`;
      const config = await measureConfig(suite, name, options);
      const trials = (await countTasks(config.suite)) * options.attempts;
      say(`estimate: ${trials} trials, ${options.attempts} of each task`);
      const stateDir = resolve(options.state);
      const server = await ensureServer(stateDir, { say });
      if (options.worker)
        await ensureWorker(stateDir, server.address, {
          trials: options.trials,
          keys: ['OPENAI_API_KEY'],
          say,
        });
      const temporal = await connect({ address: server.address, embedded: server.uiUrl !== null });
      try {
        await startMeasurement(temporal.client, name, { config, attempts: options.attempts, split: 'all' });
        say(
          `measuring ${options.harness} on ${suite} as ${name}${server.uiUrl ? `; Web UI ${server.uiUrl}` : ''}`,
        );
        const result = await follow(temporal.client, name, options.state, sameAgain(suite, name, options));
        if (options.json) return printJson({ name, ...result, tasks: rowsOf(result) });
        printMeasurement(result);
      } finally {
        await temporal.close();
        if (server.uiUrl)
          say(`server and worker run on; end them with: ${typed('server stop', options.state)}`);
      }
    });
}

/** Suites that are wrong are refused before anything is started. */
async function countTasks(suite: string): Promise<number> {
  const loaded = await loadSuite(suite);
  if (!loaded.ok) throw new CliError(loaded.problems.map(formatProblem).join('\n'));
  return loaded.suite.tasks.filter((task) => task.environment.unsupported === null).length;
}

/** The command that comes back to this measurement. */
function sameAgain(
  suite: string,
  name: string,
  options: { model: string; harness: string; attempts: number; state: string },
): string {
  const { model, harness, attempts } = options;
  const words = [
    suite,
    '--model',
    model,
    '--harness',
    harness,
    '--attempts',
    String(attempts),
    '--name',
    name,
  ];
  return typed(`run ${words.map(shellWord).join(' ')}`, options.state);
}

async function measureConfig(
  suite: string,
  name: string,
  options: { model: string; harness: string; trials?: number },
): Promise<EvolutionConfigInput> {
  const parsed = parseConfig(
    {
      name,
      suite,
      harness: options.harness,
      model: { name: options.model },
      concurrency: (options.trials ?? 4) * 2,
      // Nothing is held out when nothing is decided.
      split: { heldIn: 1, heldOut: 1, sealed: 0 },
    },
    'command line',
  );
  if (!parsed.ok) throw new CliError(parsed.problems.map(formatProblem).join('\n'));
  return absolutePaths(parsed.config, process.cwd());
}

type Client = Awaited<ReturnType<typeof connect>>['client'];

function follow(client: Client, name: string, state: string, comeBack: string): Promise<Measurement> {
  const result = measurementResult(client, name);
  return followTrials({ client, state, comeBack, result, progress: () => measurementProgress(client, name) });
}

interface TaskRow {
  task: string;
  passed: number;
  attempts: number;
  outcomes: string;
  seconds: number;
}

function rowsOf(result: Measurement): TaskRow[] {
  const rows = new Map<string, TaskRow>();
  parseItems(result.items).forEach((item, i) => {
    const task = result.tasks[item.task]!;
    const row = rows.get(task) ?? { task, passed: 0, attempts: 0, outcomes: '', seconds: 0 };
    const letter = result.outcomes[i]!;
    rows.set(task, {
      task,
      passed: row.passed + (letter === 'P' ? 1 : 0),
      attempts: row.attempts + 1,
      outcomes: row.outcomes + letter,
      seconds: row.seconds + result.seconds[i]!,
    });
  });
  return [...rows.values()].sort((a, b) => a.task.localeCompare(b.task));
}

function printMeasurement(result: Measurement): void {
  const rows = rowsOf(result).map((row) => [
    row.task,
    `${row.passed}/${row.attempts}`,
    row.outcomes,
    `${row.seconds.toFixed(1)} s`,
  ]);
  console.log(table(['task', 'passed', 'outcomes', 'time'], rows));
  console.log(
    '\nP passed, F failed, T agent timed out, I invalid (never scored), B not run for lack of budget',
  );
  console.log(`pass rate  ${formatRate(result.passRate)}`);
  console.log(`spent      ${formatSpend(result.spend)}`);
  for (const problem of result.problems) printText(`invalid    ${problem}`);
}
