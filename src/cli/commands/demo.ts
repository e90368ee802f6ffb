import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import type { Command } from 'commander';
import pc from 'picocolors';
import { connect } from '../../client/connection.js';
import { evolutionId, startEvolution, WorkflowNotFoundError } from '../../client/evolutions.js';
import type { EvolutionConfigInput } from '../../contract/config.js';
import type { EvolutionResult } from '../../workflows/types.js';
import { port, positive } from '../options.js';
import { printJson } from '../output.js';
import { loadVersions } from '../registry.js';
import { ensureEmbeddedServer, ensureProcess, ensureWorker, stopProcess } from '../stack.js';
import { formatSummary } from '../summary.js';
import { watchEvolution } from '../watch.js';

const DEMO_STATE = '.self-harness/demo';
const SUITE = fileURLToPath(new URL('../../../suites/terminal-basics', import.meta.url));
const SIMULATION = fileURLToPath(new URL('../../simulation/main.js', import.meta.url));

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description(
      'evolves the seed harness with a simulated model on the bundled suite: server, worker, Web UI and all',
    )
    .option('--state <dir>', 'folder for everything of the run', DEMO_STATE)
    .option('--model <name>', 'sim-minimax, sim-qwen, sim-glm or sim-steady', 'sim-minimax')
    .option('--rounds <n>', 'rounds', positive, 2)
    .option('--trials <n>', 'trials at once', positive, 4)
    .option('--seed <n>', 'base of all randomness', positive, 1)
    .option('--port <port>', 'port of the Temporal server', port)
    .option('--ui-port <port>', 'port of the Web UI', port)
    .option('--json', 'result as JSON on stdout')
    .action(async (options) => {
      const stateDir = resolve(options.state);
      const say = (text: string) => process.stderr.write(`${text}\n`);
      say(pc.bold('demo: the model is simulated; its figures say nothing of any real model'));
      const server = await ensureEmbeddedServer(stateDir, {
        port: options.port,
        uiPort: options.uiPort,
        say,
      });
      const { url } = await ensureProcess(stateDir, 'simulation', SIMULATION, [SUITE, '0'], process.env);
      const env = { ...process.env, OPENAI_BASE_URL: url, OPENAI_API_KEY: 'simulated' };
      await ensureWorker(stateDir, server.address, { trials: options.trials, env });
      const temporal = await connect({ address: server.address, namespace: 'default' });
      try {
        const name = await freeName(temporal.client, 'demo', say);
        const config: EvolutionConfigInput = {
          name,
          suite: 'terminal-basics',
          model: { name: options.model },
          rounds: options.rounds,
          concurrency: options.trials * 2,
          seed: options.seed,
        };
        const started = await startEvolution(temporal.client, name, config);
        if (!started.isNew) say(`${name} is running already: attached to it`);
        say(`state folder  ${stateDir}`);
        say(
          `Web UI        ${server.uiUrl}/namespaces/default/workflows/${encodeURIComponent(started.workflowId)}`,
        );
        const comeBack = `npx self-harness watch ${name} --state ${options.state}`;
        const result = await watchEvolution(temporal.client, name, comeBack);
        await stopProcess(stateDir, 'worker');
        await stopProcess(stateDir, 'simulation');
        if (options.json) return printJson({ ...result, simulated: true, stateDir, uiUrl: server.uiUrl });
        await printResult(result, stateDir);
        printNext(result, options.state, server.uiUrl);
      } finally {
        await temporal.close();
      }
    });
}

async function printResult(result: EvolutionResult, stateDir: string): Promise<void> {
  const { seed, champion } = await loadVersions(stateDir, result);
  console.log(`\n${formatSummary(result, seed, champion)}`);
  console.log(
    pc.yellow('\nsimulated: what this shows is that the machinery finds and mends planted weaknesses.'),
  );
}

function printNext(result: EvolutionResult, state: string, uiUrl: string): void {
  const next = [
    ['look at the champion', `npx self-harness harness show champion --state ${state}`],
    ['the ledger', `npx self-harness harness log --state ${state}`],
    ['your own model', 'npx self-harness init && npx self-harness evolve evolution.yaml'],
    ['end the server', `npx self-harness server stop --state ${state}`],
  ];
  console.log(
    `\nWeb UI, still up: ${uiUrl}/namespaces/default/workflows/${encodeURIComponent(evolutionId(result.name))}`,
  );
  console.log('next:');
  for (const [what, command] of next) console.log(`  ${what!.padEnd(22)} ${command}`);
}

/** A finished demo keeps its name and its results; the next one gets a number. */
async function freeName(client: Client, base: string, say: (text: string) => void): Promise<string> {
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`;
    const status = await client.workflow
      .getHandle(evolutionId(name))
      .describe()
      .then(({ status }) => status.name)
      .catch((error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      });
    if (status === null || status === 'RUNNING') return name;
    if (status !== 'COMPLETED') {
      say(`${name} ended as ${status.toLowerCase()}: started again, it takes over what is done`);
      return name;
    }
    say(`${name} is finished and stays as it is; this one gets its own name`);
  }
}
