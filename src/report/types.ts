/** What a report is made of, and the report as data: what `--json` prints. */
import type { Contract } from '../contract/types.js';
import type { Harness } from '../harness/schema.js';
import type { Edit } from '../harness/types.js';
import type { Proposal } from '../proposal/types.js';
import type { LedgerEntry } from '../registry/types.js';
import type { Outcome } from '../trial/types.js';
import type { Calibration } from '../validation/calibration.js';
import type { FalsePromotions } from '../validation/false-promotions.js';
import type { Comparison, Interval } from '../validation/types.js';
import type { AblationLine, AblationRecordInput } from '../workflows/ablation-types.js';
import type { ControlsResult } from '../workflows/control-types.js';
import type {
  FinalMeasurement,
  RoundRecordInput,
  RoundResult,
  RoundView,
  Spend,
} from '../workflows/types.js';

/** A round as the workflow tells it, with what the store holds of it; null: the store does not have it (any more). */
export interface RoundSource {
  result: RoundResult;
  record: Omit<RoundRecordInput, 'prepared'> | null;
  incumbent: Harness | null;
  /** What was seen in the failed trials of each weakness, by its id. */
  details: Record<string, string>;
  /** By the proposal's id. */
  proposals: Record<string, { proposal: Proposal; harness: Harness; targets: string[] }>;
}

export interface ReportSource {
  name: string;
  /** running, paused, finished, stopped, budget-stopped; or how Temporal says that it ended without a result. */
  status: string;
  /** What it does or did last, or why it is paused; null: it came to its end. */
  doing: string | null;
  contract: Contract;
  contractDigest: string;
  seedHarness: { digest: string; harness: Harness };
  champion: { digest: string; harness: Harness };
  rounds: RoundSource[];
  underWay: RoundView | null;
  final: FinalMeasurement | null;
  spend: Spend;
  /** Of the seed against itself; null: none was made. */
  calibration: Calibration | null;
  /** null: none were asked for, or they did not come to their end. */
  controls: ControlsResult | null;
  /** The latest leave-one-out; null: none came to its end. */
  ablation: AblationRecordInput | null;
  /** Entries of this evolution. */
  ledger: LedgerEntry[];
  invalid: InvalidTrialLine[];
}

/** A trial that the infrastructure broke. */
export interface InvalidTrialLine {
  task: string;
  harness: string;
  /** Round and stage: `mine/r2/confirm`. */
  purpose: string;
  attempt: number;
  reason: string;
  /** What it came to when it was run again later; null: it stayed invalid. */
  again: Outcome | null;
}

export interface ReportProposal {
  id: string;
  weakness: string;
  surface: string | null;
  summary: string;
  decision: string;
  reason: string;
  mechanism: string | null;
  expectedEffect: string | null;
  regressionRisk: string | null;
  /** The edit as it was proposed; null: there is none, or the store does not have it. */
  edit: Edit | null;
  /** What it changes, to read. */
  diff: string | null;
}

export interface ReportRound {
  round: number;
  decision: string;
  reason: string;
  /** Of a worn heldOut, or one that was drawn anew. */
  notes: string[];
  observed: Interval | null;
  /** detail: what was seen in the failed trials; null: the store does not have it. */
  weaknesses: { id: string; support: number; mendable: boolean; detail: string | null }[];
  proposals: ReportProposal[];
  comparison: Comparison | null;
  spend: Spend;
}

export interface ReportMeasurement {
  split: string;
  before: Interval | null;
  after: Interval | null;
  gain: Interval | null;
}

/** The smallest true gain that would be found four times out of five; see `smallestGain`. */
export interface SmallestGain {
  /** 0-1; null: nothing was compared, or too few tasks. */
  gain: number | null;
  from: string;
}

export interface Report {
  name: string;
  status: string;
  doing: string | null;
  contract: {
    digest: string;
    model: string;
    /** null: the model itself. */
    proposer: string | null;
    suite: { name: string; digest: string };
    /** Tasks by split. */
    splits: Record<string, number>;
    gate: Contract['gate'];
    limits: Contract['limits'];
    sandbox: Contract['sandbox'];
    runtime: string;
    seed: number;
    /** Tasks that no split holds, and why. */
    quarantine: Contract['quarantine'];
  };
  calibration: Calibration | null;
  rounds: ReportRound[];
  underWay: RoundView | null;
  /** Seed and champion on fresh attempts; null: not measured (yet). */
  final: ReportMeasurement[] | null;
  /** null: there is no final measurement (yet). */
  sealed: { openings: number; note: string } | null;
  /** The evolved harness beside what the same money comes to otherwise; null: not asked for, or not done (yet). */
  controls: ControlsResult | null;
  /** Each promoted edit left out in turn; differences: without it minus with it. null: not done. */
  ablation: { final: string; harness: string; pruned: string[]; edits: AblationLine[] } | null;
  heldOut: {
    /** Decisions of this evolution that used it, by the ledger. */
    decisions: number;
    /** Those of them that left edits out. */
    ablations: number;
    rounds: { round: number; looks: number }[];
    /** With the last of them: decisions of all evolutions of the registry that had used the same tasks. null: there is none. */
    uses: number | null;
  };
  /** null: no round had a candidate. */
  falsePromotions: FalsePromotions | null;
  smallestGain: SmallestGain;
  invalid: InvalidTrialLine[];
  spend: Spend;
  seedHarness: string;
  champion: string;
  /** What the champion has and the seed has not, to read; empty: nothing. */
  championDiff: string;
  ledger: Pick<LedgerEntry, 'sequence' | 'at' | 'action' | 'actor' | 'harness' | 'round' | 'reason'>[];
}
