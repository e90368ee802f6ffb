import type { Surface } from '../harness/schema.js';
import type { Ref } from '../store/types.js';
import type { HeldInFigure } from '../validation/types.js';

/** What ended the trial badly, as verifier and limits saw it. */
export const TERMINAL_CAUSES = [
  'missing-artifact',
  'wrong-output',
  'partial-output',
  'service-not-running',
  'state-not-changed',
  'side-effect',
  'time-limit',
  'turn-limit',
  'context-overflow',
  'no-answer',
  'unknown',
] as const;
export type TerminalCause = (typeof TERMINAL_CAUSES)[number];

/** How the agent's behaviour relates to the failure. */
export const CAUSAL_STATUSES = [
  'root-cause',
  'contributor',
  'non-terminal-friction',
  'recovered-friction',
  'unknown',
] as const;
export type CausalStatus = (typeof CAUSAL_STATUSES)[number];

/** The abstract behaviour of the agent that led there. */
export const MECHANISMS = [
  'endless-exploration',
  'repeated-failing-command',
  'artifact-deleted',
  'artifact-never-written',
  'environment-lost-between-calls',
  'finished-with-failing-check',
  'finished-without-checking',
  'missing-dependency-not-checked',
  'unbounded-computation',
  'unbounded-download',
  'malformed-tool-call',
  'ignored-tool-error',
  'service-not-left-running',
  'misread-instruction',
  'lost-context',
  'stopped-early',
  'wrong-approach',
  'task-too-hard',
  'none-found',
] as const;
export type Mechanism = (typeof MECHANISMS)[number];

/** Failure signature: what clusters are equal in. */
export interface Signature {
  cause: TerminalCause;
  status: CausalStatus;
  mechanism: Mechanism;
}

/** A quotation from a trace that shows the behaviour. Data, never instruction. */
export interface Excerpt {
  /** step_id in the trajectory; 0: the verifier. */
  step: number;
  text: string;
}

/** One failed trial explained. */
export interface Attribution {
  task: string;
  trial: string;
  signature: Signature;
  /** Free text beside the closed vocabulary; bounded. */
  detail: string;
  excerpts: Excerpt[];
  /** Which reading decided the mechanism. */
  source: 'detector' | 'model' | 'both';
  /** Whether a change of the harness could plausibly mend it, and why not. */
  mendable: boolean;
  notMendableReason: string;
}

/** A cluster of failed held-in trials with one signature. */
export interface Weakness {
  /** `<mechanism>/<cause>/<status>`: stable within an evolution. */
  id: string;
  signature: Signature;
  tasks: string[];
  /** Failed trials in the cluster. */
  support: number;
  /** 0-1: how likely an edit can do something about it. */
  actionability: number;
  mendable: boolean;
  detail: string;
  excerpts: (Excerpt & { task: string })[];
}

/** An earlier attempt and what it measured, on held-in tasks only. */
export interface EarlierAttempt {
  round: number;
  /** null: no edit was made. */
  surface: Surface | null;
  weakness: string;
  summary: string;
  verdict: 'promoted' | 'rejected' | 'undecided' | 'refused' | 'declined';
  reason: string;
  /** Mean paired difference on its held-in targets; null: never measured. */
  heldInDelta: HeldInFigure | null;
}

declare const heldInOnly: unique symbol;
/**
 * What a proposer sees. The brand can only be made by `buildEvidence`, which takes attributions of held-in trials
 * and nothing else: nothing of `heldOut` or `sealed` can be put in by construction.
 */
export interface Evidence {
  readonly [heldInOnly]: true;
  round: number;
  /** Failed and valid held-in trials. */
  failed: number;
  valid: number;
  weaknesses: Weakness[];
  /** Behaviour of passing trials that an edit must not break. */
  protect: string[];
  earlier: EarlierAttempt[];
}

/** What crosses Temporal of a mining stage. */
export interface MiningSummary {
  evidence: Ref;
  weaknesses: { id: string; support: number; mendable: boolean; tasks: string[] }[];
}
