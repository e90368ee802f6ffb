import { digestOf } from '../harness/digest.js';
import { targetsOf } from '../mining/evidence.js';
import type { Evidence } from '../mining/types.js';
import { withRetries } from '../model/retries.js';
import { propose, type SlotResult } from '../proposal/propose.js';
import type { ProposalResult } from '../proposal/types.js';
import type { Grant, ProposeInput, ProposeReport } from '../workflows/types.js';
import { putCanonical } from './artifacts.js';
import type { WorkerContext } from './context.js';
import { isLost, keptBill, paidCall } from './costs.js';
import { editContext } from './edit-context.js';
import { granted, OutOfMoney } from './granted.js';
import { loadHistory } from './history.js';
import { MODEL_RETRIES } from './model-retries.js';
import { runActivity } from './run.js';

export const PROPOSALS = 'proposals';
const REASON_MAX = 200;

/** One slot: asks for one edit. What came of it is kept, so that a retry pays nothing and changes nothing. */
export function createProposeEdit(context: WorkerContext) {
  return (input: ProposeInput, grant?: Grant): Promise<ProposeReport> =>
    runActivity(async (run) => {
      const { store } = context;
      const key = digestOf(input);
      const loaded = await context.contract(input.contract);
      const { contract } = loaded;
      const config = contract.proposer ?? contract.model;
      const asked = { area: PROPOSALS, key, role: 'proposer' as const, payer: input, config };
      const kept = await store.getKeyed<ProposalResult>(PROPOSALS, key);
      if (kept) return { result: kept, ...(await keptBill(store, asked, run)) };
      const incumbent = await context.harness(input.incumbent);
      const evidence = await store.getJson<Evidence>({ sha256: input.evidence });
      const history = await loadHistory(store, input.history);
      const call = await paidCall(store, asked, context.model(config), run);
      const clear = await editContext(loaded);
      try {
        const slot = await call.spend(() =>
          propose(input.assignment, evidence, incumbent, {
            model: withRetries(granted(call, config, grant), MODEL_RETRIES),
            role: contract.proposer ? 'meta' : 'self',
            seed: contract.seed,
            context: { ...clear, earlierDigests: [input.incumbent, ...history.digests] },
            signal: run.signal,
          }),
        );
        const result = await keep(context, slot, evidence);
        await call.keep();
        return { result: await store.putKeyed(PROPOSALS, key, result), ...call.bill() };
      } catch (error) {
        if (error instanceof OutOfMoney) return { result: null, ...call.bill() };
        if (isLost(error)) return { failed: error.message.slice(0, REASON_MAX), ...call.bill() };
        throw error;
      }
    });
}

async function keep(context: WorkerContext, slot: SlotResult, evidence: Evidence): Promise<ProposalResult> {
  if (slot.kind !== 'proposed') return slot;
  const { proposal, harness } = slot;
  return {
    kind: 'proposed',
    id: proposal.id,
    slot: proposal.slot,
    weakness: proposal.weakness,
    surface: proposal.edit.surface,
    summary: proposal.summary.slice(0, 300),
    harness: await putCanonical(context.store, harness),
    proposal: await context.store.putJson(proposal),
    targets: targetsOf(evidence, proposal.weakness),
  };
}
