/** Leave one out, as it crosses Temporal. */
import type { AblationVerdict } from '../validation/ablation.js';
import type { Interval } from '../validation/types.js';
import type { Allowance, Bill, Prepared, Spend } from './types.js';

/** Input of `ablateHarness`, by people or by an evolution that ends. */
export interface AblateInput {
  /** Name of the evolution. */
  name: string;
  /** Folder of the registry; default: `registry` in the worker's state folder. */
  registry?: string;
  /** Promote the harness without the edits that no longer help; default false. */
  prune?: boolean;
  /** Trials in flight at once; default 8. */
  concurrency?: number;
  allowance?: Allowance;
}

/** One edit that was promoted. */
export interface PromotedEdit {
  /** Of its proposal: `r1-p2`. */
  id: string;
  round: number;
  surface: string;
  summary: string;
}

/** What `prepareAblation` found in ledger and store. */
export type AblationPlan = Pick<
  Prepared,
  'name' | 'contract' | 'registry' | 'heldIn' | 'heldOut' | 'gate' | 'seed' | 'concurrency' | 'trialSeconds'
> & {
  prune: boolean;
  allowance: Allowance;
  /** Digest of the harness with all edits that are still in it. */
  final: string;
  edits: PromotedEdit[];
  /** Edits that were pruned before. */
  removed: string[];
  /** Artifact with the promotions, to make them again. */
  steps: string;
};

export interface LeaveOutInput {
  steps: string;
  final: string;
  /** Edits that are out already. */
  removed: string[];
  /** Edits to leave out, each by itself, besides those. */
  edits: string[];
}

export interface LeaveOutReport {
  arms: { id: string; harness: string }[];
  /** Edits that cannot be left out by themselves, with the reason. */
  skipped: { id: string; reason: string }[];
}

/** One time through the edits: each left out besides those that were out already. */
export interface AblationPass {
  removed: string[];
  arms: LeaveOutReport['arms'];
  skipped: LeaveOutReport['skipped'];
  verdicts: AblationVerdict[];
}

export interface AblationRecordInput {
  plan: Pick<AblationPlan, 'name' | 'contract' | 'registry' | 'final' | 'edits' | 'heldOut'>;
  passes: AblationPass[];
  /** Edits that are pruned now. */
  pruned: string[];
  /** All edits that are out. */
  removed: string[];
  /** Digest of the harness without them. */
  harness: string;
  reason: string;
}

/** One edit in the result. Differences: without it minus with it. */
export interface AblationLine extends PromotedEdit {
  decision: AblationVerdict['decision'] | 'skipped';
  reason: string;
  heldIn: Interval | null;
  heldOut: Interval | null;
  pruned: boolean;
}

export interface AblationResult extends Bill {
  status: 'finished' | 'stopped' | 'budget-stopped';
  name: string;
  contract: string;
  /** Digest of the harness that edits were left out of. */
  final: string;
  /** Digest of the harness that is champion now: `final`, or without what was pruned. */
  harness: string;
  edits: AblationLine[];
  /** Artifact with the full record; null: it did not come to its end. */
  record: string | null;
}

/** Answer of the query `ablation`. */
export interface AblationView {
  pass: number;
  /** Workflow id of the batch of trials under way. */
  batch: string | null;
  paused: string | null;
  spend: Spend;
}
