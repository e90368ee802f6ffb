/** The first activities: validate plain JSON from anyone, freeze the contract, answer with small references. */
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { TrialLimits } from '../agent/types.js';
import type { EvolutionConfig, ModelConfig } from '../contract/config.js';
import { parseConfig, problemsOf } from '../contract/parse.js';
import { type PreparedContract, prepareContract } from '../contract/prepare.js';
import { RUNTIME_VERSION } from '../contract/runtime.js';
import { splitTasks } from '../contract/tasks.js';
import { checkEndpoint } from '../model/check.js';
import { callBound } from '../model/price.js';
import { entriesOfOthers, usesOf } from '../registry/entry.js';
import { withoutQuarantined } from '../suite/quarantine.js';
import type { Suite } from '../suite/types.js';
import { formatItems } from '../workflows/items.js';
import { allowanceOf } from '../workflows/spend.js';
import type { BatchItem, CallBound, MeasureInput, MeasurePlan, Prepared } from '../workflows/types.js';
import { putCanonical } from './artifacts.js';
import type { WorkerContext } from './context.js';
import { paidEarlier } from './earlier.js';
import { badInput, needsPerson } from './failures.js';
import { runActivity } from './run.js';

const SOURCE = 'workflow input';
/** Seconds beside agent and verifier: start of the sandbox, uploads, endpoints that answer late. */
const TRIAL_MARGIN_SECONDS = 900;

const measureSchema = z.strictObject({
  config: z.unknown(),
  attempts: z.number().int().min(1).max(100).default(1),
  split: z.enum(['heldIn', 'heldOut', 'all']).default('all'),
});

export function createPrepareEvolution(context: WorkerContext) {
  return (input: unknown): Promise<Prepared> =>
    runActivity(async () => {
      const config = validate(input, SOURCE);
      const { prepared, contract: frozen } = await prepare(context, config);
      const payer = { contract: prepared.contract, evolution: prepared.name };
      return { ...prepared, earlier: await paidEarlier(context.store, frozen.contract, payer) };
    });
}

export function createPrepareMeasurement(context: WorkerContext) {
  return (input: MeasureInput): Promise<MeasurePlan> =>
    runActivity(async () => {
      const parsed = measureSchema.safeParse(input);
      if (!parsed.success) throw badInput(problemsOf(parsed.error, input, SOURCE, measureSchema));
      const { attempts, split } = parsed.data;
      const config = validate(parsed.data.config, `${SOURCE}: config`);
      const { prepared, contract } = await prepare(context, config);
      const { quarantine, split: splits } = contract.contract;
      const supported = withoutQuarantined(contract.suite, quarantine).tasks.filter(
        (task) => task.environment.unsupported === null,
      );
      // Sealed tasks are measured once they are opened, and not by the way.
      const open = supported.map(({ name }) => name).filter((name) => !splits.sealed.includes(name));
      const tasks = split === 'all' ? open : splits[split];
      const items = Array.from({ length: attempts }, (_, i) =>
        tasks.map((_, task): BatchItem => ({ arm: 0, task, attempt: i + 1 })),
      ).flat();
      return {
        harness: prepared.seedHarness,
        batch: {
          contract: prepared.contract,
          purpose: `${prepared.name}/measure`,
          tasks,
          arms: [{ name: contract.harness.name, harness: prepared.seedHarness }],
          items: formatItems(items),
          concurrency: prepared.concurrency,
          trialSeconds: prepared.trialSeconds,
          allowance: allowanceOf(prepared.budget, Date.now()),
          known: { call: prepared.calls.agent, costs: {} },
        },
      };
    });
}

function validate(input: unknown, source: string): EvolutionConfig {
  const parsed = parseConfig(input, source);
  if (!parsed.ok) throw badInput(parsed.problems);
  return parsed.config;
}

async function prepare(
  context: WorkerContext,
  config: EvolutionConfig,
): Promise<{ prepared: Omit<Prepared, 'earlier'>; contract: PreparedContract }> {
  const { kind, allowHost, baseRoot } = config.sandbox;
  const provider = await context.sandbox({ kind, allowHost, baseRoot: baseRoot ?? null });
  const registryDir = registryPath(context, config);
  const registry = context.registry(registryDir);
  const frozen = await prepareContract(config, {
    registry,
    sandbox: { kind: provider.kind, fingerprint: await provider.fingerprint() },
    runtime: RUNTIME_VERSION,
    source: SOURCE,
  });
  if (!frozen.ok) throw badInput(frozen.problems);
  await checkModels(context, config);
  const contract = await putCanonical(context.store, frozen.contract);
  const harness = await putCanonical(context.store, frozen.harness);
  await beginLedger(context, registryDir, config, contract, frozen);
  const heldOut = await putCanonical(
    context.store,
    splitTasks(frozen.contract, frozen.contract.split.heldOut),
  );
  const ledger = entriesOfOthers(await registry.ledger(), { name: config.name, contract });
  const uses = usesOf(ledger, { split: 'heldOut', digest: heldOut });
  const wear = { ...config.heldOutUses, digest: heldOut, uses, renewals: 0 };
  const named = { contract, harness, registry: registryDir, wear };
  const prepared = preparedOf(context, config, frozen, named);
  return { contract: frozen, prepared };
}

function preparedOf(
  context: WorkerContext,
  config: EvolutionConfig,
  frozen: PreparedContract,
  named: Pick<Prepared, 'contract' | 'registry' | 'wear'> & { harness: string },
): Omit<Prepared, 'earlier'> {
  return {
    name: config.name,
    contract: named.contract,
    seedHarness: named.harness,
    model: config.model.name,
    suite: frozen.suite.name,
    proposer: config.proposer ? 'meta' : 'self',
    heldIn: frozen.contract.split.heldIn,
    heldOut: frozen.contract.split.heldOut,
    sealed: frozen.contract.split.sealed.length,
    quarantined: Object.keys(frozen.contract.quarantine).length,
    unseal: config.unseal,
    wear: named.wear,
    rounds: config.rounds,
    width: config.width,
    gate: frozen.contract.gate,
    finalAttempts: config.finalAttempts,
    ablation: config.ablation,
    controls: config.controls,
    calibration: calibrationPlan(config),
    concurrency: config.concurrency,
    trialSeconds: trialSeconds(config.limits, frozen.suite),
    budget: config.budget,
    calls: { agent: boundOf(config.model), analyst: boundOf(config.proposer ?? config.model) },
    registry: named.registry,
    seed: config.seed,
    searchAttributes: context.searchAttributes,
  };
}

/** Longest that one trial may take, verification and start included. */
export function trialSeconds(limits: TrialLimits, suite: Suite): number {
  const slowest = Math.max(...suite.tasks.map((task) => task.verifierTimeoutSeconds));
  return limits.agentSeconds + slowest + TRIAL_MARGIN_SECONDS;
}

function calibrationPlan({ calibration }: EvolutionConfig): Prepared['calibration'] {
  const { enabled, ...plan } = calibration;
  return enabled ? plan : null;
}

function boundOf(model: ModelConfig): CallBound {
  const { tokens, usd } = callBound(model);
  return { tokens, usd: usd ?? 0, priced: usd !== null };
}

async function checkModels(context: WorkerContext, config: EvolutionConfig): Promise<void> {
  for (const model of config.proposer ? [config.model, config.proposer] : [config.model]) {
    const check = await checkEndpoint(model, context.env);
    if (!check.ok) throw needsPerson(check.message);
  }
}

/** The ledger says which harness an evolution began with; idempotent by evolution and contract. */
async function beginLedger(
  context: WorkerContext,
  registryDir: string,
  config: EvolutionConfig,
  contract: string,
  frozen: PreparedContract,
): Promise<void> {
  const registry = context.registry(registryDir);
  const digest = await registry.putVersion(frozen.harness);
  const { champion } = await registry.refs();
  if (champion === digest) return;
  await registry.record({
    id: `seed/${config.name}/${contract}`,
    at: new Date().toISOString(),
    actor: `evolution ${config.name}`,
    action: 'seed',
    harness: digest,
    parent: null,
    ref: 'champion',
    reason: `evolution ${config.name} starts from ${config.harness}`,
    evidence: { contract },
    evolution: config.name,
    round: null,
  });
}

function registryPath(context: WorkerContext, config: EvolutionConfig): string {
  return config.registry ? resolve(config.registry) : join(context.stateDir, 'registry');
}
