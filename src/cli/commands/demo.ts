import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { type Command, Option } from 'commander';
import pc from 'picocolors';
import { connect } from '../../client/connection.js';
import { evolutionId, startEvolution, WorkflowNotFoundError } from '../../client/evolutions.js';
import { type EvolutionConfigInput, evolutionSchema } from '../../contract/config.js';
import type { EvolutionResult } from '../../workflows/types.js';
import { estimateLines } from '../estimate.js';
import { port, positive } from '../options.js';
import { printJson, printText, say } from '../output.js';
import { ensureProcess, starting, stopProcess } from '../processes.js';
import { loadNamed } from '../registry.js';
import { ensureEmbeddedServer, ensureWorker } from '../stack.js';
import { formatSummary } from '../summary.js';
import { typed } from '../typed.js';
import { watchEvolution } from '../watch.js';

const DEMO_STATE = '.self-harness/demo';
const SUITE = fileURLToPath(new URL('../../../suites/terminal-basics', import.meta.url));
const SIMULATION = fileURLToPath(new URL('../../simulation/main.js', import.meta.url));
const MODELS = ['sim-minimax', 'sim-qwen', 'sim-glm', 'sim-steady'];

interface DemoOptions {
  state: string;
  model: string;
  rounds: number;
  trials: number;
  seed: number;
  port?: number;
  uiPort?: number;
  json?: boolean;
}

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description(
      'evolves the seed harness with a simulated model on the bundled suite: server, worker, Web UI and all',
    )
    .option('--state <dir>', 'folder for everything of the run', DEMO_STATE)
    .addOption(new Option('--model <name>', 'simulated model').choices(MODELS).default('sim-minimax'))
    .option('--rounds <n>', 'rounds', positive, 2)
    .option('--trials <n>', 'trials at once', positive, 4)
    .option('--seed <n>', 'base of all randomness', positive, 1)
    .option('--port <port>', 'port of the Temporal server', port)
    .option('--ui-port <port>', 'port of the Web UI', port)
    .option('--json', 'result as JSON on stdout')
    .action(demo);
}

async function demo(options: DemoOptions): Promise<void> {
  const stateDir = resolve(options.state);
  announce(options);
  const server = await ensureEmbeddedServer(stateDir, { ...options, say });
  await ensureSimulatedWorker(stateDir, server.address, options);
  const temporal = await connect({ address: server.address, embedded: true });
  try {
    const name = await freeName(temporal.client, 'demo');
    const started = await startEvolution(temporal.client, name, configOf(name, options));
    if (!started.isNew) say(`${name} is running already, as it was started: attached to it`);
    const page = `${server.uiUrl}/namespaces/default/workflows/${encodeURIComponent(started.workflowId)}`;
    say(`state folder  ${stateDir}`);
    say(`Temporal      ${server.address}`);
    say(`Web UI        ${page}`);
    say('');
    const result = await watchEvolution(temporal.client, name, options.state);
    // The worker stays: without one the Web UI could not say where the evolution stands.
    await stopProcess(stateDir, 'simulation');
    if (options.json) return printJson({ ...result, simulated: true, stateDir, uiUrl: server.uiUrl });
    printText(`\n${formatSummary(result, await loadNamed(stateDir, result))}`);
    printText(nextSteps(result, options, page));
  } finally {
    await temporal.close();
  }
}

/** What will happen, before anything does. */
function announce(options: DemoOptions): void {
  const config = evolutionSchema.parse(configOf('demo', options));
  const { heldIn, heldOut } = config.split as { heldIn: number; heldOut: number };
  const rounds = options.rounds === 1 ? '1 round' : `${options.rounds} rounds`;
  say(pc.bold(pc.yellow(`demo: the model, ${options.model}, is simulated.`)));
  say(
    [
      `It mends the seed harness in ${rounds} on the bundled suite:`,
      `${heldIn} heldIn tasks to learn from, ${heldOut} heldOut tasks that only the gate sees.`,
      'Tasks, sandboxes, verifiers and decisions are real; nothing is paid.',
      'About three minutes on 2 cores. ^C detaches, and it goes on.',
      estimateLines(config)[0],
      '',
    ].join('\n'),
  );
}

function configOf(name: string, options: DemoOptions): EvolutionConfigInput {
  return {
    name,
    suite: 'terminal-basics',
    // The demo is short, and its harness goes nowhere: nothing is sealed.
    split: { sealed: 0 },
    model: { name: options.model },
    rounds: options.rounds,
    concurrency: options.trials * 2,
    seed: options.seed,
  };
}

/** Another endpoint, key or cluster that this shell knows must not reach the demo's worker. */
async function ensureSimulatedWorker(stateDir: string, address: string, options: DemoOptions): Promise<void> {
  const outside = /^(TEMPORAL|OPENAI)_/;
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !outside.test(name)));
  say('starting the simulated model and a worker');
  const simulation = { role: 'simulation', script: SIMULATION, args: [SUITE, '0'], env: own };
  const { url } = await starting(stateDir, () => ensureProcess(stateDir, simulation, say));
  const env = { ...own, OPENAI_BASE_URL: url, OPENAI_API_KEY: 'simulated' };
  await ensureWorker(stateDir, address, { trials: options.trials, env, keys: ['OPENAI_API_KEY'], say });
}

function nextSteps(result: EvolutionResult, options: DemoOptions, page: string): string {
  const changed = result.champion !== result.seedHarness;
  const next = [
    ...(changed
      ? [['the edits again', typed('harness diff seed champion', options.state)]]
      : [['another model', typed('demo --model sim-qwen', options.state)]]),
    ['every decision', typed('harness log', options.state)],
    ['every trial', typed('trace', options.state)],
    ['your own model', `${typed('init my-agent')} && cd my-agent`],
    ['end server and worker', typed('server stop', options.state)],
  ];
  return [
    '',
    pc.yellow(
      `simulated: ${options.model} has planted weaknesses. This shows that the machinery finds and mends them, and says nothing of any real model.`,
    ),
    '',
    `Web UI, still up: ${page}`,
    'next:',
    ...next.map(([what, command]) => `  ${what!.padEnd(22)} ${command}`),
  ].join('\n');
}

/** A finished demo keeps its name and its results; the next one gets a number. */
async function freeName(client: Client, base: string): Promise<string> {
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
