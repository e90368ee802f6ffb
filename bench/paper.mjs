// The paper's protocol, replayed with SIMULATED models: seed harness, four rounds of four proposals, under the rule of the
// paper and under `confirmed`; command line, server, worker, sandboxes and verifiers are the real ones. It shows that the
// machinery finds and mends planted weaknesses and what each gate lets through; it says nothing of any real model.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startSimulation } from '../dist/simulation/server.js';

const MODELS = ['sim-minimax', 'sim-qwen', 'sim-glm'];
const GATES = ['paper', 'confirmed'];
const SPLITS = ['heldIn', 'heldOut', 'sealed'];
const BIN = fileURLToPath(new URL('../bin/self-harness.js', import.meta.url));
const SUITE = fileURLToPath(new URL('../suites/terminal-basics', import.meta.url));

export const usage = `[--model NAME] [--gate paper|confirmed] [--rounds N] [--tasks HELDIN/HELDOUT/SEALED] [--state DIR]
  --model, --gate  may be given again; default: all three models under both gates
  --state DIR      keeps everything there; the same folder again takes over what is done`;

export async function measure({ say, options }) {
  const dir = options.state ? resolve(options.state) : await mkdtemp(join(tmpdir(), 'self-harness-paper-'));
  await mkdir(dir, { recursive: true });
  const simulation = await startSimulation({ suiteDir: SUITE });
  const outside = /^(TEMPORAL|OPENAI)_/;
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !outside.test(name)));
  const env = { ...own, OPENAI_BASE_URL: simulation.url, OPENAI_API_KEY: 'simulated' };
  const runs = [];
  const failures = [];
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true;
  });
  say('SIMULATED models with planted weaknesses: these figures say nothing of any real model.');
  try {
    for (const model of options.models) {
      for (const gate of options.gates) {
        if (interrupted) break;
        const run = await evolve({ model, gate, dir, env, ...options }).catch((error) => {
          failures.push({ model, gate, reason: error.message });
          say(`${model} under ${gate} failed: ${error.message}`);
        });
        if (!run) continue;
        runs.push(run);
        say(lineOf(run));
      }
    }
  } finally {
    await cli(['server', 'stop', '--state', dir], env).catch((error) => say(error.message));
    await simulation.close();
    if (!options.state) await rm(dir, { recursive: true, force: true });
  }
  if (failures.length > 0 || interrupted) process.exitCode = 1;
  return { simulated: true, runs, ...(failures.length > 0 ? { failures } : {}) };
}

export function format({ runs, failures = [] }) {
  return [
    'SIMULATED models with planted weaknesses: these figures say nothing of any real model.',
    'Pass rates in %, seed and champion on fresh attempts; gains in points with 95 % intervals over tasks.',
    ...runs.map(lineOf),
    ...failures.map(({ model, gate, reason }) => `${model} under ${gate} failed: ${reason}`),
  ].join('\n');
}

export function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string', multiple: true, default: MODELS },
      gate: { type: 'string', multiple: true, default: GATES },
      rounds: { type: 'string', default: '4' },
      tasks: { type: 'string', default: '43/21/40' },
      state: { type: 'string' },
    },
  });
  const stray = [
    ...values.model.filter((model) => !MODELS.includes(model)),
    ...values.gate.filter((gate) => !GATES.includes(gate)),
  ];
  if (stray.length > 0) throw new Error(`${stray.join(', ')}: expected ${[...MODELS, ...GATES].join(', ')}`);
  const sizes = values.tasks.split('/').map(Number);
  if (sizes.length !== 3 || sizes.some((size) => !Number.isInteger(size)))
    throw new Error(`--tasks ${values.tasks}: expected three sizes such as 43/21/40`);
  const rounds = Number(values.rounds);
  return { models: values.model, gates: values.gate, rounds, sizes, state: values.state };
}

async function evolve({ model, gate, rounds, sizes, dir, env }) {
  const name = `paper-${model}-${gate}`;
  const [heldIn, heldOut, sealed] = sizes;
  const file = join(dir, `${name}.json`);
  const config = {
    name,
    suite: SUITE,
    split: { heldIn, heldOut, sealed },
    // Each run begins with the seed; one registry for all would have them move each other's champion.
    registry: join(dir, `registry-${name}`),
    model: { name: model },
    rounds,
    width: 4,
    gate: { kind: gate, attempts: 2 },
    finalAttempts: 2,
    calibration: { enabled: false },
  };
  await writeFile(file, JSON.stringify(config));
  const begin = performance.now();
  const result = JSON.parse(await cli(['evolve', file, '--again', '--state', dir, '--json'], env));
  const minutes = Math.round((performance.now() - begin) / 600) / 100;
  return runOf({ model, gate, minutes, result });
}

function runOf({ model, gate, minutes, result }) {
  const { final, spend, status } = result;
  const figures = SPLITS.flatMap((split) => [`${split}Before`, `${split}After`]);
  const edits = result.rounds.flatMap(({ round, proposals }) =>
    proposals
      .filter(({ decision }) => decision === 'promoted')
      .map(({ surface, weakness, summary }) => ({ round, surface, weakness, summary })),
  );
  const before = final?.heldOutBefore?.value;
  const relative = before ? (final.heldOutAfter.value - before) / before : null;
  return {
    model,
    gate,
    status,
    ...Object.fromEntries(figures.map((figure) => [figure, final?.[figure]?.value ?? null])),
    ...Object.fromEntries(SPLITS.map((split) => [`${split}Gain`, final?.[`${split}Gain`] ?? null])),
    heldOutRelativeGain: relative,
    edits,
    trials: spend.trials,
    invalid: spend.invalid,
    tokens: spend.promptTokens + spend.completionTokens,
    minutes,
  };
}

/** What a run came to, as soon as it has ended. */
function lineOf(run) {
  const percent = (share) => (share === null ? 'not measured' : (share * 100).toFixed(1));
  const splits = SPLITS.map((split) => {
    const gain = run[`${split}Gain`];
    const interval = gain ? ` (${percent(gain.value)}: ${percent(gain.low)} to ${percent(gain.high)})` : '';
    return `  ${split.padEnd(8)} ${percent(run[`${split}Before`])} -> ${percent(run[`${split}After`])}${interval}`;
  });
  const relative = run.heldOutRelativeGain;
  return [
    `${run.model} under ${run.gate} (simulated, ${run.status}): ${run.edits.length} edits kept, ${run.trials} trials (${run.invalid} invalid), ${run.tokens} tokens, ${run.minutes} minutes`,
    ...splits,
    ...(relative === null ? [] : [`  heldOut gained ${percent(relative)} % of what it had`]),
    ...run.edits.map(({ round, surface, summary }) => `  round ${round}, ${surface}: ${summary}`),
  ].join('\n');
}

/** stdout of a command; its progress goes to our stderr. */
function cli(args, env) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [BIN, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.once('error', fail);
    child.once('close', (code) =>
      code === 0 ? done(output) : fail(new Error(`self-harness ${args[0]} ended with ${code}: see above`)),
    );
  });
}
