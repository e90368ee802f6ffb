import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { type Command, Option } from 'commander';
import pc from 'picocolors';
import { connect } from '../../client/connection.js';
import { evolutionId, startEvolution, WorkflowNotFoundError } from '../../client/evolutions.js';
import { type EvolutionConfigInput, evolutionSchema } from '../../contract/config.js';
import type { EvolutionResult } from '../../workflows/types.js';
import { type Demo, EXAMPLES, MODELS, PLAIN } from '../demos.js';
import { estimateLines } from '../estimate.js';
import { port, positive } from '../options.js';
import { printJson, printText, say } from '../output.js';
import { ensureProcess, starting, stopProcess } from '../processes.js';
import { loadNamed } from '../registry.js';
import { ensureEmbeddedServer, ensureWorker } from '../stack.js';
import { formatSummary } from '../summary.js';
import { typed } from '../typed.js';
import { watchEvolution } from '../watch.js';

const SUITES = fileURLToPath(new URL('../../../suites/', import.meta.url));
const SIMULATION = fileURLToPath(new URL('../../simulation/main.js', import.meta.url));

interface DemoOptions {
  /** What is shown. */
  demo: Demo;
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
      'evolves the seed harness, or that of an example, with a simulated model: server, worker, Web UI and all',
    )
    .addOption(new Option('--example <name>', 'an example of its own').choices(Object.keys(EXAMPLES)))
    .option(
      '--state <dir>',
      `folder for everything of the run; default ${PLAIN.state}, or .self-harness/EXAMPLE`,
    )
    .addOption(
      new Option('--model <name>', `simulated model; default ${PLAIN.model}, or the example's`).choices(
        MODELS,
      ),
    )
    .option('--rounds <n>', `rounds; default ${PLAIN.rounds}, or the example's`, positive)
    .option('--trials <n>', 'trials at once', positive, 4)
    .option('--seed <n>', 'base of all randomness', positive, 1)
    .option('--port <port>', 'port of the Temporal server', port)
    .option('--ui-port <port>', 'port of the Web UI', port)
    .option('--json', 'result as JSON on stdout')
    .action(({ example, ...given }) => {
      const demo = example ? EXAMPLES[example]! : PLAIN;
      const { state, model, rounds } = demo;
      return run({ demo, state, model, rounds, ...given });
    });
}

async function run(options: DemoOptions): Promise<void> {
  const stateDir = resolve(options.state);
  announce(options);
  const server = await ensureEmbeddedServer(stateDir, { ...options, say });
  await ensureSimulatedWorker(stateDir, server.address, options);
  const temporal = await connect({ address: server.address, embedded: true });
  try {
    const name = await freeName(temporal.client, options.demo.name);
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
  const config = evolutionSchema.parse(configOf(options.demo.name, options));
  const { heldIn, heldOut } = config.split as { heldIn: number; heldOut: number };
  const { about, suite, duration } = options.demo;
  const rounds = options.rounds === 1 ? '1 round' : `${options.rounds} rounds`;
  say(pc.bold(pc.yellow(`demo: the model, ${options.model}, is simulated.`)));
  say(
    [
      `${about} in ${rounds} on the bundled suite ${suite}:`,
      `${heldIn} heldIn tasks to learn from, ${heldOut} heldOut tasks that only the gate sees.`,
      'Tasks, sandboxes, verifiers and decisions are real; nothing is paid.',
      `About ${duration} on 2 cores. ^C detaches, and it goes on.`,
      estimateLines(config)[0],
      'No calibration, which an evolution begins with otherwise: what it could see at all is not measured here.',
      '',
    ].join('\n'),
  );
}

function configOf(name: string, options: DemoOptions): EvolutionConfigInput {
  return {
    name,
    suite: options.demo.suite,
    // The demo is short, and its harness goes nowhere: nothing is sealed.
    split: { ...options.demo.split, sealed: 0 },
    harness: options.demo.harness,
    model: { name: options.model },
    rounds: options.rounds,
    // It would take longer than a round does.
    calibration: { enabled: false },
    concurrency: options.trials * 2,
    seed: options.seed,
  };
}

/** Another endpoint, key or cluster that this shell knows must not reach the demo's worker. */
async function ensureSimulatedWorker(stateDir: string, address: string, options: DemoOptions): Promise<void> {
  const outside = /^(TEMPORAL|OPENAI)_/;
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !outside.test(name)));
  say('starting the simulated model and a worker');
  const { suite } = options.demo;
  const args = [join(SUITES, suite), '0'];
  const simulation = { role: 'simulation', script: SIMULATION, args, env: own, settings: { suite } };
  const { url } = await starting(stateDir, () => ensureProcess(stateDir, simulation, say));
  const env = { ...own, OPENAI_BASE_URL: url, OPENAI_API_KEY: 'simulated' };
  await ensureWorker(stateDir, address, { trials: options.trials, env, keys: ['OPENAI_API_KEY'], say });
}

function nextSteps(result: EvolutionResult, options: DemoOptions, page: string): string {
  const changed = result.champion !== result.seedHarness;
  const next = [
    ...(changed
      ? [['the edits again', typed(`harness diff ${startOf(result, options)} champion`, options.state)]]
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

/** What it began with, as `harness diff` takes it. */
function startOf({ seedHarness }: EvolutionResult, { demo }: DemoOptions): string {
  return demo.harness === 'seed' ? 'seed' : seedHarness.slice(0, 12);
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
