/**
 * Validation is pure: (plan, events so far) -> the next step. The workflow drives it with real trials and
 * `bench/gate` with simulated ones. No clock, no I/O, no global randomness: it runs inside a workflow.
 */
import type { Split } from '../suite/types.js';

/** `incumbent`, a proposal's id, or `merge`. */
export type Arm = string;
export const INCUMBENT: Arm = 'incumbent';
export const MERGE: Arm = 'merge';

export interface GatePlan {
  gate: 'paper' | 'confirmed';
  settings: GateSettings;
  /** Names by split; the gate never sees anything else of a task. */
  heldIn: string[];
  heldOut: string[];
  candidates: { arm: Arm; targets: string[] }[];
  seed: number;
}

/** Every number of both gates; `docs/protocol.md` says where each comes from. */
export interface GateSettings {
  /** paper: attempts per task and arm. */
  attempts: number;
  screen: {
    /**
     * Least mean paired difference (-1 to 1) that a candidate must show on its targets after its first, second, ...
     * attempt on each to go on; as many attempts as numbers.
     */
    minDifferences: number[];
    maxTargets: number;
  };
  confirm: {
    /** Attempts per task and arm at each look, cumulative: [1, 2, 3, 4, 6]. */
    looks: number[];
    /** One-sided level spent at each look; same length. */
    alphas: number[];
    /** Mean paired difference (-1 to 1) at or below which a look stops for futility. */
    futility: number;
    /** The tasks that the arm was made for: there the evidence is densest. */
    targets: {
      /** Attempts per arm that the first look gives them beyond its own; later looks keep the lead. */
      extraAttempts: number;
      /** Weight of a target's difference in the test; another task's is 1. */
      weight: number;
      /** Mean paired difference on them at or below which a look stops for futility. */
      futility: number;
    };
    /** Non-inferiority margin on each split (0-1). */
    margin: number;
    /** From the second look on: probability with which a task on which both arms agreed wholly so far runs again. */
    agreedShare: number;
    /** Factor on the alphas when the best single survivor is confirmed after a merge failed. */
    fallbackFactor: number;
  };
  /** Share of requested trials that must be valid (0-1); below it the gate refuses to decide. */
  minValidShare: number;
  permutations: number;
}

/** What a gate decides on. A score of the sealed split fits into no gate. */
export type GateSplit = 'heldIn' | 'heldOut';

export interface TrialRequest<S extends Split = GateSplit> {
  arm: Arm;
  task: string;
  split: S;
  /** Stage of this attempt, such as `screen`, `confirm`, `confirm-single`, `paper`, `paper-merge`. */
  stage: string;
  attempt: number;
}

export interface TrialScore<S extends Split = GateSplit> extends TrialRequest<S> {
  /** null: invalid or not run; never scored. */
  passed: boolean | null;
}

export type GateEvent =
  | { kind: 'scores'; scores: TrialScore[] }
  /** The driver's answer to a `merge` step. `arm` is MERGE, or the only member where merging came down to one. */
  | { kind: 'merged'; arm: Arm; members: Arm[]; dropped: { arm: Arm; reason: string }[] };

export type GateStep =
  | { kind: 'trials'; stage: string; requests: TrialRequest[] }
  /** Merge these arms' edits, strongest evidence first. */
  | { kind: 'merge'; arms: Arm[] }
  | { kind: 'verdict'; verdict: GateVerdict };

export interface GateVerdict {
  decision: 'promoted' | 'rejected' | 'undecided';
  /** The arm that is promoted; null otherwise. */
  arm: Arm | null;
  members: Arm[];
  /** One sentence with the numbers that decided. */
  reason: string;
  candidates: CandidateVerdict[];
  comparison: Comparison | null;
}

export interface CandidateVerdict {
  arm: Arm;
  decision: 'promoted' | 'rejected' | 'undecided';
  /** Stage that decided it. */
  stage: string;
  /** Shown to proposers in later rounds: carries no figure of heldOut. */
  reason: string;
  /** Mean paired difference on its targets or, under `paper`, on heldIn; null: insufficient. */
  heldInDelta: HeldInFigure | null;
}

declare const heldInOnly: unique symbol;
/** A figure that a proposer may see: `heldInDifference` alone makes one, so none of heldOut or sealed fits in its place. */
export type HeldInFigure = number & { readonly [heldInOnly]: true };

/** The promoted (or last compared) arm against the incumbent, paired by task. */
export interface Comparison {
  arm: Arm;
  heldIn: SplitComparison;
  heldOut: SplitComparison;
  /** One-sided p of the last look; null: insufficient or gate `paper`. */
  p: number | null;
  looks: number;
}

export interface SplitComparison {
  /** Tasks with an attempt that is valid in both arms, and the trials of both arms behind them. */
  tasks: number;
  trials: number;
  /** Mean over tasks of the pass share, 0-1; null: no valid trial. */
  incumbent: Interval | null;
  candidate: Interval | null;
  /** Mean paired difference over tasks; null: fewer than two tasks. */
  difference: Interval | null;
}

/** A figure with its 95 % interval. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}
