/** What activities are given and answer, but for whole trials. Small plain JSON, as all that crosses Temporal. */
import type { Assignment, ProposalResult } from '../proposal/types.js';
import type { TrialSpec } from '../trial/types.js';
import type { CalibrationPlan } from '../validation/calibration.js';
import type { Arm, GateVerdict, Interval } from '../validation/types.js';
import type { Allowance, Bill, HeldOutWear, Prepared, TrialBatch } from './types.js';

/** A trial whose activity ended without a result: workers died under it again and again, or its time was up. */
export interface GiveUpInput {
  spec: TrialSpec;
  reason: string;
  /** The latest heartbeat's, where the server handed it over. */
  details: unknown;
}

/** The observation's trials, but for the task. */
export interface Observation {
  contract: string;
  harness: string;
  purpose: string;
  attempt: number;
}

/** A calibration whose trials are done: where they are, and the experiment that they are for. */
export interface CalibrationInput {
  contract: string;
  harness: string;
  purpose: string;
  heldIn: string[];
  heldOut: string[];
  plan: CalibrationPlan;
  gate: Prepared['gate'];
  width: number;
  concurrency: number;
  seed: number;
  /** What the calibration leaves. */
  allowance: Allowance;
}

export interface ClusterInput {
  observation: Observation;
  /** heldIn tasks. */
  tasks: string[];
  round: number;
  history: string | null;
  width: number;
  seed: number;
}

export interface ProposeInput {
  contract: string;
  /** Name of the evolution. */
  evolution: string;
  round: number;
  incumbent: string;
  evidence: string;
  history: string | null;
  assignment: Assignment;
}

export interface MergeInput {
  incumbent: string;
  /** Strongest evidence first; `proposal` is a digest in the store. */
  proposals: { arm: string; proposal: string }[];
}

export interface RoundRecord {
  /** Artifact with the full record of the round. */
  record: string;
  /** Artifact with all attempts so far. */
  history: string;
  /** Which use of its heldOut the decision was; null: none. */
  heldOutUses: number | null;
  /** What a person should look at before trusting the promotion. */
  flags: string[];
}

/** `stopped`: its money was used up before it came to its end. */
export interface AttributeReport extends Bill {
  stopped?: boolean;
}

export interface MeasurePlan {
  batch: TrialBatch;
  harness: string;
}

/** `result` null: its money was used up before it came to its end. `failed`: the endpoint refuses this call. */
export type ProposeReport = Bill & ({ result: ProposalResult | null } | { failed: string });

export interface MineReport {
  evidence: string;
  weaknesses: { id: string; support: number; mendable: boolean; tasks: string[] }[];
  /** One for each slot, and as many again at most, for slots that come to nothing. */
  assignments: Assignment[];
}

export interface MergeReport {
  arm: string;
  harness: string;
  members: string[];
  dropped: { arm: string; reason: string }[];
}

/** A proposal without what its artifact and the evidence hold. */
export type RecordedProposal =
  | Omit<Extract<ProposalResult, { kind: 'proposed' }>, 'surface' | 'summary' | 'targets'>
  | Extract<ProposalResult, { kind: 'declined' | 'refused' }>;

/** A trial that stayed invalid, in the record of its round. */
export interface InvalidLine {
  task: string;
  arm: Arm;
  harness: string;
  purpose: string;
  attempt: number;
  reason: string;
}

/** The record as it lies in the store. */
export type StoredRound = Omit<RoundRecordInput, 'prepared'> & {
  prepared: Pick<Prepared, 'name' | 'contract'>;
  invalid: InvalidLine[];
};

export interface RoundRecordInput {
  prepared: Pick<Prepared, 'name' | 'contract' | 'registry'>;
  round: number;
  /** The heldOut that the gate had: an artifact with its tasks. */
  heldOut: { digest: string; tasks: number; renewals: number };
  incumbent: string;
  history: string | null;
  verdict: GateVerdict;
  proposals: RecordedProposal[];
  /** Digest of the harness that is promoted; null: none. */
  promoted: string | null;
  evidence: string | null;
  observed: Interval | null;
}

/** What `openSealed` answers once the opening is in the ledger, or why it is not. */
export type SealOpening =
  | {
      tasks: string[];
      /** Times that these tasks have been opened now. */
      openings: number;
      attempts: number;
      concurrency: number;
      trialSeconds: number;
    }
  | { refused: string };

export interface RenewInput {
  name: string;
  contract: string;
  registry: string;
  /** Digest of the incumbent harness. */
  incumbent: string;
  round: number;
  wear: HeldOutWear;
}

export type Renewal =
  | { heldOut: string[]; wear: HeldOutWear }
  /** The reserve cannot replace it. */
  | { reserve: number; needed: number };
