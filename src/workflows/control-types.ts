/** Control arms, as they cross Temporal. */
import type { Budget, ControlsFigures, Money, Outlay } from '../validation/controls.js';
import type { GateVerdict } from '../validation/types.js';
import type { CostHistory } from './costs.js';
import type { Allowance, Bill, Prepared, Spend } from './types.js';

/** Purposes of their trials, of one evolution. */
export const measurePurpose = (evolution: string): string => `${evolution}/controls/measure`;
export const bestOfPurpose = (evolution: string): string => `${evolution}/controls/best-of-n`;
export const searchPurpose = (evolution: string, round: number, stage: string): string =>
  `${evolution}/controls/random-edit/r${round}/${stage}`;

/** Incumbent after so many rounds of edits by chance; null: nobody knows how many. */
export function championOf(
  seed: string,
  rounds: readonly SearchRound[],
  count: number | null,
): string | null {
  if (count === null) return null;
  return count === 0 ? seed : rounds[count - 1]!.harness;
}

/** Input of `runControls`, by the evolution that ends. */
export interface ControlsInput {
  prepared: Prepared;
  /** Digest of the evolved harness. */
  champion: string;
  /** What rounds and ablation cost in all, whoever paid. */
  decided: Outlay;
  allowance: Allowance;
  /** What pieces of work cost so far. */
  costs: CostHistory;
}

export interface PlanControlsInput
  extends Pick<Prepared, 'name' | 'contract' | 'seedHarness' | 'heldIn' | 'heldOut' | 'finalAttempts'> {
  /** Of each arm in the calibration; 0: there was none. */
  calibrationAttempts: number;
  decided: Outlay;
}

export interface ControlsPlan {
  /** What everything before the final measurement cost. */
  evolving: Outlay;
  /** Mean of the seed's valid trials in the final measurement; null: unknown. */
  seedTrial: { tokens: number | null; usd: number | null };
}

export interface DrawEditsInput {
  contract: string;
  /** Digest of the harness that is edited. */
  harness: string;
  round: number;
  width: number;
  /** Artifact with all edits that were drawn before; null: none were. */
  drawn: string | null;
}

/** An edit that was drawn by chance, as it lies in the store. */
export interface DrawnEdit {
  id: string;
  round: number;
  surface: string;
  summary: string;
  /** Digest of the edited harness. */
  harness: string;
  /** Artifact with the edit, in the form of a proposal. */
  proposal: string;
}

export interface DrawEditsReport {
  edits: Pick<DrawnEdit, 'id' | 'harness' | 'proposal'>[];
  /** Artifact with all edits so far, these included. */
  drawn: string;
}

/** A round of edits by chance. */
export interface SearchRound {
  round: number;
  decision: GateVerdict['decision'];
  reason: string;
  /** Edits that it had as candidates. */
  edits: number;
  /** Digest of the incumbent after it. */
  harness: string;
  /** What it and all before it cost. */
  spent: Outlay;
}

export interface ScoreControlsInput
  extends Pick<Prepared, 'name' | 'contract' | 'seedHarness' | 'heldIn' | 'heldOut' | 'finalAttempts'> {
  champion: string;
  evolving: Outlay;
  money: Money;
  noOp: boolean;
  /** Attempts per task that each budget buys; null: unknown. The whole null: not asked for. */
  bestOf: Record<Budget, number | null> | null;
  /** `drawn`: artifact with all edits; `within`: how many of the rounds end within each budget, null: unknown. The whole null: not asked for. */
  search: { rounds: SearchRound[]; drawn: string | null; within: Record<Budget, number | null> } | null;
}

export interface ControlsResult extends ControlsFigures {
  /** Artifact with all of it, the rounds of random-edit included. */
  record: string;
}

/** What `runControls` answers to its evolution. `result` null: it did not come to its end. */
export interface ControlsReport extends Bill {
  status: 'finished' | 'stopped' | 'budget-stopped';
  result: ControlsResult | null;
  /** Distinct reasons of invalid trials, bounded. */
  problems: string[];
  costs: CostHistory;
}

/** Answer of the query `controls`. */
export interface ControlsView {
  /** What it is at, in words. */
  step: string;
  /** Workflow id of the batch of trials under way. */
  batch: string | null;
  paused: string | null;
  spend: Spend;
}
