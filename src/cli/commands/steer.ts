import { resolve } from 'node:path';
import { type Client, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import type { Command } from 'commander';
import { evolutionResult, listEvolutions, pause, resume, setBudget, stop } from '../../client/evolutions.js';
import { formatDuration, formatSpend } from '../../report/format.js';
import { capHint } from '../cap.js';
import { CliError, EXIT_USAGE } from '../errors.js';
import { exists } from '../evolution.js';
import { quarantinedLine, roundLines } from '../news.js';
import { amount } from '../options.js';
import { printJson, printText } from '../output.js';
import { forecastText, spendText } from '../progress.js';
import { loadNamed, withOpenings } from '../registry.js';
import { withTemporal } from '../session.js';
import { DEFAULT_STATE } from '../state.js';
import { formatSummary } from '../summary.js';
import { table } from '../table.js';
import { typed } from '../typed.js';
import { look, watchEvolution } from '../watch.js';

/** A worker answers at once; without one, a command would wait for it. */
const STEER_MS = 10_000;

interface Options {
  state: string;
  json?: boolean;
}

/** Commands on evolutions that run: status, watch, pause, resume, stop, budget. */
export function addSteering(program: Command): void {
  const command = (usage: string, description: string) =>
    program
      .command(usage)
      .description(description)
      .option('--state <dir>', 'state folder, for its embedded server', DEFAULT_STATE)
      .option('--json', 'JSON on stdout');

  command('status [name]', 'evolutions and where each stands').action(
    (name: string | undefined, options: Options) =>
      withTemporal(options.state, ({ client }) =>
        name ? showOne(client, name, options) : showAll(client, options),
      ),
  );
  command('watch <name>', 'follows an evolution; ^C detaches').action((name: string, options: Options) =>
    withTemporal(options.state, async ({ client }) => {
      await exists(client, name);
      const result = await watchEvolution(client, name, options.state);
      if (options.json) return printJson(result);
      printText(`\n${formatSummary(result, await loadNamed(resolve(options.state), result))}`);
    }),
  );
  command('pause <name>', 'starts no further trial until resume')
    .option('--reason <text>', 'shown to whoever looks', 'on request')
    .action((name: string, options: Options & { reason: string }) =>
      tell(name, options, (client) => pause(client, name, options.reason)),
    );
  command('resume <name>', 'goes on after a pause').action((name: string, options: Options) =>
    tell(name, options, (client) => resume(client, name)),
  );
  command('stop <name>', 'ends an evolution; what was promoted stays').action(
    (name: string, options: Options) => tell(name, options, (client) => stop(client, name)),
  );
  command('budget <name>', 'sets limits, counted from the start of the evolution')
    .option('--usd <n>', 'dollars', amount)
    .option('--tokens <n>', 'tokens', amount)
    .option('--trials <n>', 'trials', amount)
    .option('--hours <n>', 'hours', amount)
    .action((name: string, options: Options & Record<string, number>) => {
      const limits = ['usd', 'tokens', 'trials', 'hours'].filter((field) => options[field] !== undefined);
      if (limits.length === 0)
        throw new CliError('budget: name at least one of --usd, --tokens, --trials, --hours', EXIT_USAGE);
      const budget = Object.fromEntries(limits.map((field) => [field, options[field]]));
      return tell(name, options, (client) => setBudget(client, name, budget));
    });
}

async function tell(
  name: string,
  options: Options,
  send: (client: Client) => Promise<string>,
): Promise<void> {
  await withTemporal(options.state, async ({ client }) => {
    await exists(client, name);
    const { status } = await client.workflow.getHandle(`evolve/${name}`).describe();
    if (status.name !== 'RUNNING')
      throw new CliError(`${name} is ${status.name.toLowerCase()}: it cannot be steered any more`);
    const deadline = Date.now() + STEER_MS;
    const answer = await client
      .withDeadline(deadline, () => send(client))
      .catch((error: Error) => {
        if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
          throw new CliError(noWorker(name, options.state, 'Start one, then type this again'));
        throw new CliError(`${name}: ${(error.cause as Error | undefined)?.message ?? error.message}`);
      });
    if (options.json) printJson({ name, answer });
    else console.log(`${name}: ${answer}`);
  });
}

function noWorker(name: string, state: string, remedy = 'Start one'): string {
  return `${name} is running, but no worker answers. ${remedy}: ${typed('worker', state)}`;
}

async function showAll(client: Client, options: Options): Promise<void> {
  const lines = await listEvolutions(client);
  if (options.json) return printJson(lines);
  if (lines.length === 0) return console.log(`no evolution yet; start one with: ${typed('evolve')}`);
  const rows = lines.map((line) => [
    line.name,
    line.status,
    line.startedAt.toISOString().slice(0, 16).replace('T', ' '),
    formatDuration(((line.closedAt ?? new Date()).getTime() - line.startedAt.getTime()) / 1000),
  ]);
  console.log(table(['name', 'status', 'started (UTC)', 'time'], rows));
}

async function showOne(client: Client, name: string, options: Options): Promise<void> {
  await exists(client, name);
  const { status } = await client.workflow.getHandle(`evolve/${name}`).describe();
  if (status.name !== 'RUNNING') {
    return showEnded(client, name, status.name.toLowerCase(), options);
  }
  const seen = await look(client, name).catch(() => {
    throw new CliError(noWorker(name, options.state));
  });
  if (options.json) return printJson({ status: 'running', ...seen });
  const { state, batch } = seen;
  console.log(
    `${name}: round ${state.round} of ${state.prepared?.rounds ?? '?'}, ${state.phase}${state.paused === null ? '' : `, paused: ${state.paused}`}`,
  );
  if (batch)
    console.log(`${batch.purpose}: ${batch.done} of ${batch.total} trials, ${batch.running} running`);
  const quarantined = quarantinedLine(state.prepared, typed(`report ${name}`, options.state));
  if (quarantined) printText(quarantined);
  console.log(spendText(seen));
  const forecast = forecastText(seen);
  if (forecast) console.log(forecast);
  if (state.phase === 'budget-stopped') printText(capHint(name, options.state));
  if (state.rounds.length > 0) printText(state.rounds.flatMap(roundLines).join('\n'));
}

/** Also of one that failed: why it did is what was asked. */
async function showEnded(client: Client, name: string, status: string, options: Options): Promise<void> {
  const result = await evolutionResult(client, name)
    .then((ended) => withOpenings(resolve(options.state), ended))
    .catch((error: Error) => error);
  if (result instanceof Error) {
    if (options.json) return printJson({ status, reason: result.message });
    return printText(`${name}: ${status}. ${result.message}`);
  }
  if (options.json) return printJson({ status: result.status, result });
  printText(
    [`${name}: ${result.status}, ${formatSpend(result.spend)}`, ...result.rounds.flatMap(roundLines)].join(
      '\n',
    ),
  );
}
