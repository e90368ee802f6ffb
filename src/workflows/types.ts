/**
 * What crosses Temporal: small plain JSON. Harnesses, traces and evidence travel as digests of artifacts in the store.
 */
import type { EvolutionConfig, EvolutionConfigInput } from '../contract/config.js';
import type { Outcome } from '../trial/types.js';
import type { Calibration, CalibrationPlan } from '../validation/calibration.js';
import type { Comparison, GateSettings, Interval } from '../validation/types.js';
import type { AblationResult } from './ablation-types.js';
import type { ControlsResult } from './control-types.js';
import type { CostHistory, Costs } from './costs.js';
import type { Allowance, Amount, Bill, CallBound, Spend } from './money-types.js';

export type * from './activity-types.js';
export type * from './money-types.js';
export type * from './view-types.js';

export const TASK_QUEUE = 'self-harness';
export const MODELS_QUEUE = 'self-harness-models';
export const SANDBOXES_QUEUE = 'self-harness-sandboxes';

/** What an evolution runs with, after `prepareEvolution` validated and froze it. */
export interface Prepared {
  name: string;
  /** Digest of the contract in the store. */
  contract: string;
  /** Digest of the harness that it starts from. */
  seedHarness: string;
  model: string;
  suite: string;
  /** Another model proposes: the evolution is labelled meta. */
  proposer: 'self' | 'meta';
  heldIn: string[];
  heldOut: string[];
  /** How many tasks are sealed; their names are told by the activity that opens them. */
  sealed: number;
  /** How many tasks are quarantined, in no split; the contract has their reasons. */
  quarantined: number;
  unseal: 'at-end' | 'on-request';
  wear: HeldOutWear;
  rounds: number;
  width: number;
  gate: { kind: 'paper' | 'confirmed'; settings: GateSettings };
  finalAttempts: number;
  /** Leave one out, after the last round. */
  ablation: EvolutionConfig['ablation'];
  /** After the final measurement. Left out: none. */
  controls?: EvolutionConfig['controls'];
  /** null: switched off. */
  calibration: CalibrationPlan | null;
  concurrency: number;
  trialSeconds: number;
  budget: { usd?: number; tokens?: number; trials?: number; hours?: number };
  /** What was paid for it before this workflow run, which counts against the budget. */
  earlier: Spend;
  calls: { agent: CallBound; analyst: CallBound };
  /** Folder of the registry on the workers' machines. */
  registry: string;
  seed: number;
  searchAttributes: boolean;
}

/** How worn the heldOut in use is. */
export interface HeldOutWear {
  /** Digest of its tasks, under which uses are counted; also the artifact that lists them. */
  digest: string;
  /** Decisions of this registry that used it so far. */
  uses: number;
  /** Uses from which it is worn, and what is done then. */
  max: number;
  past: 'warn' | 'renew';
  /** Times that it was drawn anew from the reserve. */
  renewals: number;
}

/** One trial of a batch: indexes into the batch's arms and tasks. */
export interface BatchItem {
  arm: number;
  task: number;
  attempt: number;
}

/** Trials of one or more arms over one purpose. */
export interface TrialBatch {
  contract: string;
  /** Stage and round: `r2/confirm`. */
  purpose: string;
  tasks: string[];
  /** Names and harness digests, same order. */
  arms: { name: string; harness: string }[];
  /** `arm.task.attempt`, separated by blanks, in the order they are started. */
  items: string;
  /** Trials in flight at once. */
  concurrency: number;
  /** Longest that one trial may take, verification and start included. */
  trialSeconds: number;
  /** What may still be spent. */
  allowance: Allowance;
  /** What is known of the cost of its trials before it begins. */
  known?: { call: Amount; costs: Costs };
  /** Its trials note what files the agents left. Left out: they do not. */
  noteFiles?: boolean;
}

export interface BatchResult extends Bill {
  /** One letter per item: see `OUTCOME_LETTERS`. */
  outcomes: string;
  /** Seconds per item, one decimal; 0 where it did not run. */
  seconds: number[];
  costs: Costs;
  /** Distinct reasons of invalid trials, bounded. */
  problems: string[];
}

export const OUTCOME_LETTERS: Record<Outcome, string> = {
  passed: 'P',
  failed: 'F',
  'agent-timeout': 'T',
  invalid: 'I',
  'budget-stopped': 'B',
};

/** Input of `runTrials` when people start it: measures one harness on a suite. */
export interface MeasureInput {
  /** As in the configuration of an evolution. */
  config: EvolutionConfigInput;
  /** Attempts per task. */
  attempts?: number;
  /** heldIn, heldOut, or all tasks of the suite but the sealed ones. */
  split?: 'heldIn' | 'heldOut' | 'all';
}

export type RunTrialsInput = MeasureInput | TrialBatch;

/** What `runTrials` answers when people started it. */
export interface Measurement extends BatchResult {
  contract: string;
  harness: string;
  purpose: string;
  tasks: string[];
  items: string;
  passRate: Interval | null;
}

/** What one trial activity returns. */
export interface TrialReport {
  outcome: Outcome;
  reason?: string;
  promptTokens: number;
  cachedTokens: number;
  completionTokens: number;
  costUsd: number | null;
  /** Whether a part of the tokens was counted here, the endpoint having left it out. */
  usageEstimated?: boolean;
  /** The part of it that was done and paid by another workflow run. */
  before?: {
    trials: 0 | 1;
    promptTokens: number;
    cachedTokens: number;
    completionTokens: number;
    costUsd: number | null;
    usageEstimated: boolean;
  };
  seconds: number;
}

export interface RoundInput {
  prepared: Prepared;
  round: number;
  /** Digest of the harness that the round starts from. */
  incumbent: string;
  /** Artifact with the earlier attempts; null in the first round. */
  history: string | null;
  allowance: Allowance;
  /** What pieces of work cost so far. */
  costs?: CostHistory;
}

/** Input of `runRound` when people start it alone. */
export interface RoundStart {
  config: EvolutionConfigInput;
  round?: number;
}

/** What a round came to. */
export interface RoundResult {
  round: number;
  decision: 'promoted' | 'rejected' | 'undecided' | 'budget-stopped' | 'stopped';
  reason: string;
  /** Incumbent of the next round. */
  harness: string;
  /** heldIn pass rate of the incumbent in the observation, never used again as a bar. */
  observed: Interval | null;
  comparison: Comparison | null;
  /** Which use of its heldOut by a decision this was, in this registry; null: it decided nothing on heldOut. */
  heldOutUses: number | null;
  /** What people should know of the round: a worn heldOut, or one that was drawn anew. */
  notes: string[];
  proposals: ProposalLine[];
  weaknesses: { id: string; support: number; mendable: boolean }[];
  /** Artifact with the full record, for reports and the next rounds' proposers. */
  record: string;
  history: string | null;
  spend: Spend;
  /** Distinct reasons of its invalid trials, bounded; the record lists them all. */
  problems: string[];
}

/** What a round answers to its evolution. */
export interface RoundReport extends RoundResult, Bill {
  costs: CostHistory;
}

/** One proposal in a round's result. */
export interface ProposalLine {
  id: string;
  weakness: string;
  surface: string | null;
  summary: string;
  decision: 'promoted' | 'rejected' | 'undecided' | 'refused' | 'declined';
  reason: string;
}

/** Seed and champion on the sealed split. */
export interface SealedFigures {
  sealedBefore: Interval | null;
  sealedAfter: Interval | null;
  sealedGain: Interval | null;
  /** Times that these tasks were opened in this registry, this time included; 0: they stayed sealed. */
  sealedOpenings: number;
  /** Why there are no figures; '': there are. */
  sealedNote: string;
}

export interface FinalMeasurement extends SealedFigures {
  heldInBefore: Interval | null;
  heldInAfter: Interval | null;
  heldOutBefore: Interval | null;
  heldOutAfter: Interval | null;
  heldInGain: Interval | null;
  heldOutGain: Interval | null;
}

export type EvolutionPhase =
  | 'preparing'
  | 'calibrating'
  | 'observing'
  | 'mining'
  | 'proposing'
  | 'screening'
  | 'confirming'
  | 'validating'
  | 'promoting'
  | 'ablating'
  | 'measuring'
  | 'controlling'
  | 'unsealing'
  | 'paused'
  | 'finished'
  | 'stopped'
  | 'budget-stopped';

/** State of an evolution: what the query `state` answers and what continues as new. */
export interface EvolutionState {
  prepared: Prepared | null;
  phase: EvolutionPhase;
  round: number;
  incumbent: string | null;
  history: string | null;
  rounds: RoundResult[];
  spend: Spend;
  costs: CostHistory;
  /** Why it is paused; null: it is not. */
  paused: string | null;
  /** What a person is asked while it is paused: resume says yes, stop says no. null: nothing. */
  question: string | null;
  /** null: switched off, or not done yet. */
  calibration: Calibration | null;
  stopRequested: boolean;
  startedAt: number;
  ablation: AblationResult | null;
  final: FinalMeasurement | null;
  /** null: none were asked for, or they have not come to their end. */
  controls: ControlsResult | null;
  /** Distinct reasons of invalid trials so far, bounded. */
  problems: string[];
  /** Workflow id of the batch of trials under way. */
  batch: string | null;
}

export interface EvolutionResult {
  name: string;
  status: 'finished' | 'stopped' | 'budget-stopped';
  contract: string;
  seedHarness: string;
  champion: string;
  /** Folder of the registry on the workers' machines. */
  registry: string;
  calibration: Calibration | null;
  rounds: RoundResult[];
  ablation: AblationResult | null;
  final: FinalMeasurement | null;
  /** The evolved harness beside what the same money comes to otherwise; null: not asked for, or not come to its end. */
  controls: ControlsResult | null;
  spend: Spend;
  /** Distinct reasons of invalid trials, bounded. */
  problems: string[];
}

/** Input of `unseal`: runs seed and champion of an evolution on its sealed split. All but the last four come from its result. */
export interface UnsealInput {
  name: string;
  contract: string;
  seedHarness: string;
  champion: string;
  registry: string;
  /** Attempts per task and harness. */
  attempts?: number;
  concurrency?: number;
  /** Needed when these tasks were opened before, and marked in the ledger. */
  reason?: string;
  /** Who says so. */
  actor?: string;
}

export interface Unsealed extends SealedFigures {
  name: string;
  contract: string;
  seedHarness: string;
  champion: string;
  reason: string;
  spend: Spend;
  /** Distinct reasons of invalid trials, bounded. */
  problems: string[];
}
