import type { Contract } from '../contract/types.js';
import { harnessDigest } from '../harness/digest.js';
import type { EarlierAttempt } from '../mining/types.js';
import type { Proposal } from '../proposal/types.js';
import type { LedgerEntry } from '../registry/types.js';
import { invalidTrials } from '../trial/invalid.js';
import { type GateVerdict, INCUMBENT, MERGE } from '../validation/types.js';
import type { InvalidLine, RecordedProposal, RoundRecord, RoundRecordInput } from '../workflows/types.js';
import type { WorkerContext } from './context.js';
import { promotionFlags } from './flags.js';
import { loadHistory } from './history.js';
import { runActivity } from './run.js';

/** Writes the round down: full record and history to the store, the decision to the ledger. Idempotent. */
export function createRecordRound(context: WorkerContext) {
  return (input: RoundRecordInput): Promise<RoundRecord> =>
    runActivity(async () => {
      const { store } = context;
      const history = await loadHistory(store, input.history);
      const attempts = await Promise.all(
        input.proposals.map((proposal) => attemptOf(context, input.round, proposal, input.verdict)),
      );
      const candidates = input.proposals.flatMap((proposal) =>
        proposal.kind === 'proposed' ? [proposal.harness] : [],
      );
      const nextHistory = await store.putJson({
        attempts: [...history.attempts, ...attempts],
        digests: [...history.digests, ...candidates],
      });
      const { name, contract } = input.prepared;
      const invalid = await invalidLines(context, input);
      const flags = await promotionFlags(context, input);
      const record = await store.putJson({ ...input, prepared: { name, contract }, invalid, flags });
      const reason = [input.verdict.reason, ...flags.map((flag) => `For a person: ${flag}`)].join(' ');
      const entry = await enterLedger(context, input, { record: record.sha256, reason });
      return {
        record: record.sha256,
        history: nextHistory.sha256,
        heldOutUses: entry.splitUse?.count ?? null,
        flags,
      };
    });
}

/** Every trial of the round that stayed invalid: the record has them all, whatever crosses Temporal. */
async function invalidLines(context: WorkerContext, input: RoundRecordInput): Promise<InvalidLine[]> {
  const { prepared, round, incumbent, proposals } = input;
  const { tasks } = await context.store.getJson<Contract>({ sha256: prepared.contract });
  const arms = new Map([[incumbent, INCUMBENT]]);
  for (const proposal of proposals) if (proposal.kind === 'proposed') arms.set(proposal.harness, proposal.id);
  const found = await invalidTrials(
    context.store,
    { digest: prepared.contract, tasks },
    `${prepared.name}/r${round}/`,
  );
  return found
    .filter(({ again }) => again === null)
    .map(({ result: { task, harness, purpose, attempt, reason } }) => {
      return { task, arm: arms.get(harness) ?? MERGE, harness, purpose, attempt, reason };
    });
}

async function attemptOf(
  context: WorkerContext,
  round: number,
  proposal: RecordedProposal,
  verdict: GateVerdict,
): Promise<EarlierAttempt> {
  const { weakness } = proposal;
  if (proposal.kind !== 'proposed') {
    const { reason } = proposal;
    return { round, surface: null, weakness, summary: '', verdict: proposal.kind, reason, heldInDelta: null };
  }
  const { edit, summary } = await context.store.getJson<Proposal>(proposal.proposal);
  const decided = verdict.candidates.find(({ arm }) => arm === proposal.id);
  return {
    round,
    surface: edit.surface,
    weakness,
    summary,
    verdict: decided?.decision ?? 'undecided',
    // The verdict's own sentence has figures of heldOut in it, and proposers read this.
    reason: decided?.reason ?? '',
    heldInDelta: decided?.heldInDelta ?? null,
  };
}

async function enterLedger(
  context: WorkerContext,
  input: RoundRecordInput,
  { record, reason }: { record: string; reason: string },
): Promise<LedgerEntry> {
  const { prepared, round, verdict, heldOut } = input;
  const usedHeldOut = verdict.comparison !== null && verdict.comparison.heldOut.trials > 0;
  const registry = context.registry(prepared.registry);
  const incumbent = await context.harness(input.incumbent);
  const harness = input.promoted === null ? incumbent : await context.harness(input.promoted);
  await registry.putVersion(harness);
  const entry = {
    // Run again after a failure or with a larger budget, a round may come to another decision.
    id: `round/${prepared.name}/${prepared.contract}/${round}/${record.slice(0, 16)}`,
    at: new Date().toISOString(),
    actor: `evolution ${prepared.name}`,
    action: input.promoted === null ? 'rejection' : 'promotion',
    harness: harnessDigest(harness),
    parent: input.promoted === null ? null : harnessDigest(incumbent),
    ref: input.promoted === null ? null : 'champion',
    reason,
    evidence: {
      contract: prepared.contract,
      record,
      ...(input.evidence === null ? {} : { evidence: input.evidence }),
    },
    evolution: prepared.name,
    round,
    ...(usedHeldOut
      ? { splitUse: { split: 'heldOut', digest: heldOut.digest, tasks: heldOut.tasks } as const }
      : {}),
  } as const;
  if (input.promoted === null) return registry.record(entry);
  // Someone else may have moved the champion meanwhile: then a person decides, not the later writer.
  const { champion } = await registry.refs();
  const expectedRef = champion === entry.harness ? champion : harnessDigest(incumbent);
  return registry.record(entry, { expectedRef });
}
