import { join, resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Command } from 'commander';
import { connect } from '../../client/connection.js';
import {
  EvolutionFailed,
  evolutionId,
  evolutionResult,
  startUnseal,
  unsealed,
  unsealedResult,
  unsealProgress,
} from '../../client/evolutions.js';
import type { Contract } from '../../contract/types.js';
import { formatSpend } from '../../report/format.js';
import { createFileStore } from '../../store/file.js';
import type { EvolutionResult, SealedFigures, Unsealed } from '../../workflows/types.js';
import { whoami } from '../actor.js';
import { CliError } from '../errors.js';
import { exists } from '../evolution.js';
import { followTrials } from '../follow.js';
import { positive } from '../options.js';
import { printJson, printText, say } from '../output.js';
import { withOpenings } from '../registry.js';
import { ensureServer, ensureWorker } from '../stack.js';
import { DEFAULT_STATE } from '../state.js';
import { sealedLine } from '../summary.js';
import { shellWord, typed } from '../typed.js';

interface Options {
  state: string;
  reason?: string;
  attempts: number;
  trials?: number;
  worker: boolean;
  actor: string;
  json?: boolean;
}

export function addUnseal(program: Command): void {
  program
    .command('unseal')
    .description(
      'runs seed and champion of an ended evolution on its sealed split; the ledger says so for ever',
    )
    .argument('<name>', 'evolution')
    .option('--reason <text>', 'why; needed where these tasks were opened before')
    .option('--attempts <n>', 'attempts per task and harness', positive, 2)
    .option('--actor <name>', 'who; kept in the ledger', whoami())
    .option('--state <dir>', 'state folder', DEFAULT_STATE)
    .option('--trials <n>', 'trials at once of the worker; default 4', positive)
    .option('--no-worker', 'start no worker: one runs elsewhere')
    .option('--json', 'JSON on stdout')
    .action(async (name: string, options: Options) => {
      const stateDir = resolve(options.state);
      const server = await ensureServer(stateDir, { say });
      const temporal = await connect({ address: server.address });
      try {
        const result = await endedEvolution(temporal.client, name, options);
        const contract = await createFileStore(join(stateDir, 'store')).getJson<Contract>({
          sha256: result.contract,
        });
        await refuseSilentSecond(temporal.client, result, options);
        announce(result, contract, options);
        if (options.worker)
          await ensureWorker(stateDir, server.address, {
            trials: options.trials,
            keys: keysOf(contract),
            say,
          });
        const { seedHarness, champion, registry } = result;
        await startUnseal(temporal.client, {
          name,
          contract: result.contract,
          seedHarness,
          champion,
          registry,
          attempts: options.attempts,
          concurrency: (options.trials ?? 4) * 2,
          reason: options.reason,
          actor: options.actor,
        });
        const opened = await follow(temporal.client, name, options);
        if (options.json) printJson(opened);
        else print(opened);
      } catch (error) {
        if (error instanceof EvolutionFailed) throw new CliError(withRemedy(error, name, options));
        throw error;
      } finally {
        await temporal.close();
      }
    });
}

async function endedEvolution(client: Client, name: string, options: Options): Promise<EvolutionResult> {
  await exists(client, name);
  const { status } = await client.workflow.getHandle(evolutionId(name)).describe();
  if (status.name !== 'COMPLETED') {
    throw new CliError(
      `${name} is ${status.name.toLowerCase()}: the sealed split is opened when an evolution has come to its end. See: ${typed(`status ${name}`, options.state)}`,
    );
  }
  return withOpenings(resolve(options.state), await evolutionResult(client, name));
}

/** What was measured to its end is not opened again by typing the same: that takes a reason. */
async function refuseSilentSecond(client: Client, result: EvolutionResult, options: Options): Promise<void> {
  if (options.reason?.trim()) return;
  const own = result.final?.sealedNote === '' ? result.final : null;
  const known: SealedFigures | null = own ?? (await unsealed(client, result.name));
  if (!known) return;
  throw new CliError(
    `The sealed split of ${result.name} has been opened, and measured:\n${figures(known, result)}\nOpening it once more needs --reason TEXT, and is marked for ever.`,
  );
}

function announce(result: EvolutionResult, contract: Contract, { attempts }: Options): void {
  const tasks = contract.split.sealed.length;
  const harnesses = result.seedHarness === result.champion ? 1 : 2;
  say(
    `estimate: ${tasks * attempts * harnesses} trials, ${attempts} of each of ${tasks} sealed tasks for ${harnesses === 1 ? 'the seed, which is the champion' : 'seed and champion'}`,
  );
}

/** Without the passes: figures of a sealed split are said once, at the end. */
function follow(client: Client, name: string, options: Options): Promise<Unsealed> {
  const reason = options.reason ? ` --reason ${shellWord(options.reason)}` : '';
  return followTrials({
    client,
    state: options.state,
    comeBack: typed(`unseal ${name}${reason}`, options.state),
    result: unsealedResult(client, name),
    progress: () => unsealProgress(client, name),
    line: ({ done, total }) => `${done} of ${total} trials`,
  });
}

function print(opened: Unsealed): void {
  printText(figures(opened, opened));
  if (opened.reason !== '') printText(`reason   ${opened.reason}`);
  printText(`spent    ${formatSpend(opened.spend)}`);
  for (const problem of opened.problems) printText(`invalid  ${problem}`);
}

function figures(sealed: SealedFigures, harnesses: { seedHarness: string; champion: string }): string {
  const row = (...cells: string[]) =>
    cells
      .map((cell, i) => cell.padEnd(i === 0 ? 8 : 26))
      .join(' ')
      .trimEnd();
  const changed = harnesses.seedHarness !== harnesses.champion;
  return [row('', 'before', 'after', 'gain'), sealedLine(sealed, row, changed)].join('\n');
}

function withRemedy(error: EvolutionFailed, name: string, options: Options): string {
  if (error.kind !== 'StaysSealed') return error.message;
  return options.reason
    ? error.message
    : `${error.message} Say it with: ${typed(`unseal ${name} --reason "..."`, options.state)}`;
}

/** Variables that hold the keys of the models of a contract. */
function keysOf({ model }: Contract): string[] {
  return [model.endpoint.apiKeyEnv];
}
