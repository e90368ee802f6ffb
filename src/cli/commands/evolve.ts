import { resolve } from 'node:path';
import type { Command } from 'commander';
import { connect } from '../../client/connection.js';
import {
  EvolutionFailed,
  evolutionId,
  startEvolution,
  WorkflowNotFoundError,
} from '../../client/evolutions.js';
import type { EvolutionConfig } from '../../contract/config.js';
import { formatProblem } from '../../suite/problem.js';
import { readQuarantine } from '../../suite/quarantine.js';
import { askOnTerminal } from '../ask.js';
import { keysOf, readConfig } from '../config-file.js';
import { CliError } from '../errors.js';
import { estimateLines } from '../estimate.js';
import { port, positive } from '../options.js';
import { printJson, printText, say } from '../output.js';
import { loadNamed } from '../registry.js';
import { createRollCall } from '../roll-call.js';
import { ensureServer, ensureWorker } from '../stack.js';
import { DEFAULT_STATE } from '../state.js';
import { formatSummary, quarantineLines } from '../summary.js';
import { typed } from '../typed.js';
import { watchEvolution } from '../watch.js';

export function addEvolve(program: Command): void {
  program
    .command('evolve')
    .description('starts an evolution, or attaches to the one of that name that runs; ^C detaches')
    .argument('[config]', 'configuration', 'evolution.yaml')
    .option('--state <dir>', 'state folder', DEFAULT_STATE)
    .option('--trials <n>', 'trials at once of the worker; default 4', positive)
    .option('--no-worker', 'start no worker: one runs elsewhere')
    .option('--again', 'run an evolution again that is finished: done trials are taken over')
    .option('--detach', 'start it and return')
    .option('--port <port>', 'port of an embedded Temporal server', port)
    .option('--ui-port <port>', 'port of its Web UI', port)
    .option('--json', 'result as JSON on stdout')
    .action(async (file: string, options) => {
      const config = await readConfig(file);
      const stateDir = resolve(options.state);
      for (const line of [...estimateLines(config), ...(await quarantined(config))]) say(line);
      const server = await ensureServer(stateDir, { port: options.port, uiPort: options.uiPort, say });
      if (options.worker)
        await ensureWorker(stateDir, server.address, { trials: options.trials, keys: keysOf(config), say });
      const temporal = await connect({ address: server.address, embedded: server.uiUrl !== null });
      try {
        if (!options.again) await refuseFinished(temporal.client, config, options.state);
        const started = await startEvolution(temporal.client, config.name, config);
        say(started.isNew ? `started ${config.name}` : `${config.name} is running already: attached to it`);
        say(`state folder  ${stateDir}`);
        say(`Temporal      ${server.address}`);
        if (server.uiUrl) {
          say(
            `Web UI        ${server.uiUrl}/namespaces/${temporal.namespace}/workflows/${encodeURIComponent(started.workflowId)}`,
          );
        }
        if (options.detach) {
          if (!options.worker) await createRollCall(temporal.client, options.state)(false);
          if (options.json) printJson({ name: config.name, ...started, uiUrl: server.uiUrl, stateDir });
          say(`follow it with: ${typed(`watch ${config.name}`, options.state)}`);
          return;
        }
        const result = await watchEvolution(temporal.client, config.name, options.state, askOnTerminal());
        if (options.json) {
          const { quarantine } = await loadNamed(stateDir, result);
          return printJson({ ...result, quarantine, stateDir, uiUrl: server.uiUrl });
        }
        printText(`\n${formatSummary(result, await loadNamed(stateDir, result))}`);
      } catch (error) {
        if (!(error instanceof EvolutionFailed)) throw error;
        throw new CliError(
          `${error.message}\nMend that and type the same again: trials that are done are taken over.`,
        );
      } finally {
        await temporal.close();
        if (!options.detach && server.uiUrl)
          say(`server and worker run on; end them with: ${typed('server stop', options.state)}`);
      }
    });
}

/** Under one name there is one evolution: running it again by accident would only show its old trials. */
async function refuseFinished(
  client: Awaited<ReturnType<typeof connect>>['client'],
  config: EvolutionConfig,
  state: string,
): Promise<void> {
  try {
    const { status } = await client.workflow.getHandle(evolutionId(config.name)).describe();
    if (status.name !== 'COMPLETED') return;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return;
    throw error;
  }
  throw new CliError(
    `The evolution ${config.name} is finished. Choose another \`name\` for a new one, see its result with \`${typed(`watch ${config.name}`, state)}\`, or pass --again to run it once more on the trials that are done.`,
  );
}

/** A wrong file is refused before anything is started. */
async function quarantined(config: EvolutionConfig): Promise<string[]> {
  const read = await readQuarantine(config.quarantine);
  if (!read.ok) throw new CliError(read.problems.map(formatProblem).join('\n'));
  return quarantineLines(read.quarantine);
}
