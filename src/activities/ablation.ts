/** Leave one out: what was promoted, harnesses without one of the edits, and what came of it. */
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { nameSchema } from '../contract/config.js';
import { problemsOf } from '../contract/parse.js';
import { splitDigest } from '../contract/tasks.js';
import type { Contract } from '../contract/types.js';
import { leaveOut, type PromotionStep, stepsProblem } from '../harness/leave-out.js';
import type { Harness } from '../harness/schema.js';
import type { Proposal } from '../proposal/types.js';
import { promotionChain } from '../registry/promotions.js';
import type { LedgerEntry, Registry } from '../registry/types.js';
import type {
  AblateInput,
  AblationPlan,
  AblationRecordInput,
  LeaveOutInput,
  LeaveOutReport,
  PromotedEdit,
} from '../workflows/ablation-types.js';
import type { RoundRecordInput } from '../workflows/types.js';
import { putCanonical } from './artifacts.js';
import type { WorkerContext } from './context.js';
import { badInput } from './failures.js';
import { trialSeconds } from './prepare.js';
import { runActivity } from './run.js';

const SOURCE = 'workflow input';

const inputSchema = z.strictObject({
  name: nameSchema,
  registry: z.string().max(1000).optional(),
  prune: z.boolean().default(false),
  concurrency: z.number().int().min(1).max(500).default(8),
  allowance: z
    .strictObject({
      trials: z.number().min(0).optional(),
      tokens: z.number().min(0).optional(),
      usd: z.number().min(0).optional(),
      until: z.number().min(0).optional(),
    })
    .prefault({}),
});

/** The promotions of an evolution, as they are made again. */
interface Steps {
  start: Harness;
  steps: PromotionStep[];
}

export function createPrepareAblation(context: WorkerContext) {
  return (input: AblateInput): Promise<AblationPlan> =>
    runActivity(async () => {
      const parsed = inputSchema.safeParse(input);
      if (!parsed.success) throw badInput(problemsOf(parsed.error, input, SOURCE, inputSchema));
      const { name, prune, concurrency, allowance } = parsed.data;
      const registryDir = parsed.data.registry
        ? resolve(parsed.data.registry)
        : join(context.stateDir, 'registry');
      const registry = context.registry(registryDir);
      const ledger = await registry.ledger();
      const chain = promotionChain(ledger, name);
      if (!chain) throw unfit(name, 'promoted nothing', 'an evolution with promoted edits');
      const { contract, suite } = await context.contract(chain.contract);
      const rounds = await Promise.all(chain.promotions.map((entry) => promotedEdits(context, entry)));
      const start = await registry.getVersion(chain.start);
      const steps = rounds.map((edits) => edits.map(({ id, edit }) => ({ id, edit })));
      const problem = stepsProblem(start, steps, chain.final);
      if (problem) throw unfit(name, problem, 'promotions whose edits lead to the promoted harness');
      const removed = chain.pruned ? await prunedBefore(context, chain.pruned) : [];
      const kept = leaveOut(start, steps, removed);
      if (!kept.ok) throw unfit(name, kept.reason, 'prunings that can be made again');
      return {
        name,
        contract: chain.contract,
        registry: registryDir,
        heldIn: contract.split.heldIn,
        heldOut: await heldOutInUse(context, ledger, chain.contract, contract.split.heldOut),
        gate: contract.gate,
        seed: contract.seed,
        concurrency,
        trialSeconds: trialSeconds(contract.limits, suite),
        prune,
        allowance,
        final: await putCanonical(context.store, kept.harness),
        edits: rounds.flat().map(({ edit: _edit, ...line }) => line),
        removed,
        steps: (await context.store.putJson({ start, steps } satisfies Steps)).sha256,
      };
    });
}

export function createLeaveOut(context: WorkerContext) {
  return (input: LeaveOutInput): Promise<LeaveOutReport> =>
    runActivity(async () => {
      const { start, steps } = await context.store.getJson<Steps>({ sha256: input.steps });
      const report: LeaveOutReport = { arms: [], skipped: [] };
      for (const id of input.edits) {
        const left = leaveOut(start, steps, [...input.removed, id]);
        if (!left.ok) report.skipped.push({ id, reason: left.reason });
        else if (left.digest === input.final)
          report.skipped.push({ id, reason: 'leaving it out changes nothing: later edits replaced it' });
        else report.arms.push({ id, harness: await putCanonical(context.store, left.harness) });
      }
      return report;
    });
}

/** The record to the store, the outcome to the ledger; a pruned harness becomes champion. Returns the record's digest. */
export function createRecordAblation(context: WorkerContext) {
  return (input: AblationRecordInput): Promise<string> =>
    runActivity(async () => {
      const { name, contract, registry: dir, final } = input.plan;
      const record = (await context.store.putJson(input)).sha256;
      const registry = context.registry(dir);
      const harness = await registry.putVersion(await context.harness(input.harness));
      const pruned = input.pruned.length > 0;
      const entry = {
        id: `ablation/${name}/${contract}/${record.slice(0, 16)}`,
        at: new Date().toISOString(),
        actor: `evolution ${name}`,
        action: pruned ? 'prune' : 'ablation',
        harness,
        parent: pruned ? final : null,
        ref: pruned ? 'champion' : null,
        reason: input.reason,
        evidence: { contract, ablation: record },
        evolution: name,
        round: null,
        ...(await useOfHeldOut(context, input)),
      } as const;
      await registry.record(entry, pruned ? { expectedRef: await expectedChampion(registry, entry) } : {});
      return record;
    });
}

/** Someone else may have moved the champion meanwhile: then a person decides. */
async function expectedChampion(
  registry: Registry,
  { harness, parent }: { harness: string; parent: string | null },
): Promise<string | null> {
  const { champion } = await registry.refs();
  return champion === harness ? champion : parent;
}

/** The evolution's own, or the tasks of the reserve that took its place. */
async function heldOutInUse(
  { store }: WorkerContext,
  ledger: readonly LedgerEntry[],
  contract: string,
  first: string[],
): Promise<string[]> {
  const renewed = ledger.findLast(
    ({ action, evidence }) => action === 'held-out-renewed' && evidence.contract === contract,
  );
  if (!renewed) return first;
  const tasks = await store.getJson<{ name: string }[]>({ sha256: renewed.evidence.heldOut! });
  return tasks.map((task) => task.name);
}

async function useOfHeldOut({ store }: WorkerContext, { plan, passes }: AblationRecordInput) {
  const used = passes.some(({ verdicts }) =>
    verdicts.some(({ comparison }) => comparison.heldOut.trials > 0),
  );
  if (!used) return {};
  const contract = await store.getJson<Contract>({ sha256: plan.contract });
  const digest = splitDigest(contract, plan.heldOut);
  return { splitUse: { split: 'heldOut', digest, tasks: plan.heldOut.length } as const };
}

async function promotedEdits(
  { store }: WorkerContext,
  entry: LedgerEntry,
): Promise<(PromotedEdit & { edit: Proposal['edit'] })[]> {
  const record = await store.getJson<RoundRecordInput>({ sha256: entry.evidence.record! });
  return Promise.all(
    record.verdict.members.map(async (id) => {
      const line = record.proposals.find((proposal) => proposal.id === id);
      if (line?.kind !== 'proposed')
        throw unfit(entry.evolution!, `no proposal ${id}`, 'the record of each promotion');
      const { edit, summary } = await store.getJson<Proposal>(line.proposal);
      return { id, round: record.round, surface: edit.surface, summary: summary.slice(0, 200), edit };
    }),
  );
}

async function prunedBefore({ store }: WorkerContext, entry: LedgerEntry): Promise<string[]> {
  return (await store.getJson<AblationRecordInput>({ sha256: entry.evidence.ablation! })).removed;
}

function unfit(evolution: string, found: string, expected: string): Error {
  return badInput([{ file: SOURCE, field: 'name', found: `${evolution}: ${found}`, expected }]);
}
