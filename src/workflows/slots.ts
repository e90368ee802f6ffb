/** What came of single calls and single proposals of a round. */
import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { ProposalResult } from '../proposal/types.js';
import type { GateVerdict } from '../validation/types.js';
import type { ProposalLine, RecordedProposal } from './types.js';

const REASON_MAX = 200;

/**
 * A call that the endpoint refuses, or that came to no end in all its time, is lost by itself: the others go on.
 * @throws everything else
 */
export function onlyThisCall(error: unknown): { failed: string } {
  if (!(error instanceof ActivityFailure)) throw error;
  const { cause, retryState } = error;
  const refused = cause instanceof ApplicationFailure && cause.type?.startsWith('Model.');
  if (!refused && retryState !== 'TIMEOUT') throw error;
  return { failed: (cause?.message ?? error.message).slice(0, REASON_MAX) };
}

/** A proposal with what the verdict says of it; null: there is none yet. */
export function proposalLine(proposal: ProposalResult, verdict: GateVerdict | null): ProposalLine {
  const { id, weakness } = proposal;
  if (proposal.kind !== 'proposed') {
    const reason = proposal.reason.slice(0, REASON_MAX);
    return { id, weakness, surface: null, summary: '', decision: proposal.kind, reason };
  }
  const decided = verdict?.candidates.find(({ arm }) => arm === id);
  return {
    id,
    weakness,
    surface: proposal.surface,
    summary: proposal.summary.slice(0, REASON_MAX),
    decision: decided?.decision ?? 'undecided',
    reason: (decided?.reason ?? verdict?.reason ?? '').slice(0, REASON_MAX),
  };
}

export function recordedProposal(proposal: ProposalResult): RecordedProposal {
  if (proposal.kind !== 'proposed') return proposal;
  const { surface: _surface, summary: _summary, targets: _targets, ...recorded } = proposal;
  return recorded;
}
