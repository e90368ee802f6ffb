import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { ablationProgress, ablationResult, startAblation } from '../../client/ablations.js';
import { connect } from '../../client/connection.js';
import type { Contract } from '../../contract/types.js';
import { createFileRegistry } from '../../registry/file.js';
import { promotionChain } from '../../registry/promotions.js';
import { formatCount, formatDifference, formatSpend } from '../../report/format.js';
import { createFileStore } from '../../store/file.js';
import { estimateAblation } from '../../validation/ablation.js';
import { plural } from '../../validation/words.js';
import type { AblationResult } from '../../workflows/ablation-types.js';
import type { RoundRecordInput } from '../../workflows/types.js';
import { CliError } from '../errors.js';
import { positive } from '../options.js';
import { printJson, printText, say } from '../output.js';
import { createRollCall } from '../roll-call.js';
import { ensureServer, ensureWorker } from '../stack.js';
import { DEFAULT_STATE } from '../state.js';
import { typed } from '../typed.js';
import { ANSWER_MS, untilInterrupted } from '../watch.js';

interface Options {
  prune?: boolean;
  state: string;
  registry?: string;
  trials?: number;
  worker: boolean;
  json?: boolean;
}

export function addAblate(program: Command): void {
  program
    .command('ablate <name>')
    .description('leaves each promoted edit out in turn: which of them still help?')
    .option('--prune', 'promote the harness without those that no longer help')
    .option('--state <dir>', 'state folder', DEFAULT_STATE)
    .option('--registry <dir>', 'registry folder; default: `registry` in the state folder')
    .option('--trials <n>', 'trials at once of the worker; default 4', positive)
    .option('--no-worker', 'start no worker: one runs elsewhere')
    .option('--json', 'result as JSON on stdout')
    .action(ablate);
}

async function ablate(name: string, options: Options): Promise<void> {
  const stateDir = resolve(options.state);
  const registry = options.registry ? resolve(options.registry) : join(stateDir, 'registry');
  const { contract, edits } = await whatWasPromoted(name, stateDir, registry);
  say(estimateLine(contract, edits, options.prune ?? false));
  const server = await ensureServer(stateDir, { say });
  if (options.worker) {
    const keys = [contract.model.endpoint.apiKeyEnv];
    await ensureWorker(stateDir, server.address, { trials: options.trials, keys, say });
  }
  const temporal = await connect({ address: server.address });
  try {
    const input = { name, registry, prune: options.prune ?? false, concurrency: 2 * (options.trials ?? 4) };
    const started = await startAblation(temporal.client, input);
    if (!started.isNew) say('it is running already, as it was started: attached to it');
    const result = await follow(temporal.client, name, options);
    if (options.json) printJson(result);
    else printText(resultLines(result).join('\n'));
  } finally {
    await temporal.close();
  }
}

/** Refused before anything is started. */
async function whatWasPromoted(
  name: string,
  stateDir: string,
  registry: string,
): Promise<{ contract: Contract; edits: number }> {
  const chain = promotionChain(await createFileRegistry(registry).ledger(), name);
  if (!chain)
    throw new CliError(
      `${registry}: the ledger has no promotion of an evolution ${name}, so there is no edit to leave out. Name another evolution, or its registry with --registry.`,
    );
  const store = createFileStore(join(stateDir, 'store'));
  const records = await Promise.all(
    chain.promotions.map(({ evidence }) => store.getJson<RoundRecordInput>({ sha256: evidence.record! })),
  );
  const edits = records.reduce((sum, { verdict }) => sum + verdict.members.length, 0);
  return { contract: await store.getJson<Contract>({ sha256: chain.contract }), edits };
}

function estimateLine({ split, gate }: Contract, edits: number, prune: boolean): string {
  const tasks = split.heldIn.length + split.heldOut.length;
  const { min, max } = estimateAblation({ gate: gate.kind, settings: gate.settings }, { tasks, edits });
  const passes = prune && edits > 1 ? '; with --prune again for those that are idle together' : '';
  return `estimate: ${formatCount(min)} to ${formatCount(max)} trials for ${plural(edits, 'edit')}${passes}`;
}

type Client = Awaited<ReturnType<typeof connect>>['client'];

function follow(client: Client, name: string, options: Options): Promise<AblationResult> {
  const prune = options.prune ? ' --prune' : '';
  const rollCall = createRollCall(client, options.state);
  let last = '';
  return untilInterrupted(
    typed(`ablate ${name}${prune}`, options.state),
    ablationResult(client, name),
    async () => {
      const progress = await client.withDeadline(Date.now() + ANSWER_MS, () =>
        ablationProgress(client, name),
      );
      await rollCall(progress !== null);
      if (!progress || progress.total === 0) return;
      const { purpose, done, total } = progress;
      const place = `${purpose} ${total} ${Math.floor((done / total) * 4)}`;
      if (place !== last) say(`${purpose}: ${done} of ${total} trials`);
      last = place;
    },
  );
}

function resultLines(result: AblationResult): string[] {
  const changed = result.harness !== result.final;
  return [
    `evolution ${result.name}: ${result.status}. Gains without each edit, with 95 % intervals over tasks:`,
    ...result.edits.flatMap(({ id, surface, summary, decision, pruned, reason, heldIn, heldOut }) => [
      `${id}  ${pruned ? 'pruned' : decision}  ${surface}: ${summary}`,
      `    heldIn ${formatDifference(heldIn)}, heldOut ${formatDifference(heldOut)}`,
      `    ${reason}`,
    ]),
    changed ? `champion is now ${result.harness.slice(0, 12)}` : 'the champion stays as it is',
    `spent: ${formatSpend(result.spend)}`,
  ];
}
