import type { StopReason } from '../agent/types.js';
import type { Ref } from '../store/types.js';
import type { Split } from '../suite/types.js';

export type Outcome =
  | 'passed'
  | 'failed'
  /** Ran out of its limits; verified all the same; counts as failed when the verifier says so. */
  | 'agent-timeout'
  /** Infrastructure broke: never scored. */
  | 'invalid'
  /** Not run for lack of budget: never scored. */
  | 'budget-stopped';

/** What a trial is, as it crosses Temporal: names and digests only. */
export interface TrialSpec {
  /** SHA-256 of the contract, also its name in the store. */
  contract: string;
  /** SHA-256 of the harness, also its name in the store. */
  harness: string;
  task: string;
  /** Stage and round that this attempt is for: keeps fresh attempts fresh. Such as `r2/screen`. */
  purpose: string;
  attempt: number;
  /** Note what files the agent leaves, see `fingerprint.ts`. Not part of the trial's identity. */
  noteFiles?: boolean;
}

/** What a trial came to, as it crosses Temporal and lies in the store: at most 2 KB. */
export interface TrialResult {
  /** Identity: digest of contract, harness, task digest, purpose, attempt. */
  key: string;
  /** The try that came to this result. What broken tries spent is not in the figures below: see `tries.ts`. */
  tryId: string;
  task: string;
  split: Split;
  harness: string;
  purpose: string;
  attempt: number;
  outcome: Outcome;
  /** In words, bounded: why it is invalid, or how it ended. */
  reason: string;
  /** From the verifier; null when there is none. */
  reward: number | null;
  stopReason: StopReason | null;
  turns: number;
  toolCalls: number;
  promptTokens: number;
  cachedTokens: number;
  completionTokens: number;
  /** null: the contract has no price for the model. */
  costUsd: number | null;
  usageEstimated: boolean;
  seconds: number;
  /** The ATIF trajectory. */
  trace: Ref | null;
  /** What the verifier printed. */
  verifierOutput: Ref | null;
  startedAt: string;
  /**
   * SHA-256 of the files in the working directory when the agent had ended; null: it could not be told. Left out where
   * nobody asked. Made among the agent's own processes: good for a vote among attempts, and for nothing else.
   */
  fingerprint?: string | null;
}
