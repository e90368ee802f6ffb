/** Money, as it crosses Temporal: what was spent, what may be. */
import type { Role } from './roles.js';

/** What was used up, metered. Adds up over trials, mining and proposing. */
export interface Spend {
  trials: number;
  invalid: number;
  promptTokens: number;
  cachedTokens: number;
  completionTokens: number;
  /** null: no price is known. */
  usd: number | null;
  /** Sum of the trials' wall times. */
  seconds: number;
  /** Tokens of trials and calls in which the endpoint left out its own numbers, so that they were counted here. */
  estimatedTokens: number;
  /** The same money, by who spent it. */
  roles: Record<Role, { tokens: number; usd: number | null }>;
}

/** What something costs in all, and the part of it that another workflow run has paid. */
export interface Bill {
  spend: Spend;
  before?: Spend;
}

/** Of tokens and dollars. */
export interface Amount {
  tokens: number;
  /** 0 where no price is known. */
  usd: number;
}

/** How far a piece of work may go; undefined: no limit. */
export interface Ceiling {
  tokens?: number;
  usd?: number;
}

/** What a piece of work may spend: its number within its workflow, which it asks for more under, and its ceiling. */
export interface Grant extends Ceiling {
  id: number;
}

/** What one call of a model can cost at most. `priced`: whether dollars are counted at all. */
export interface CallBound extends Amount {
  priced: boolean;
}

/** What is left of the budget; undefined: unlimited. */
export interface Allowance {
  trials?: number;
  tokens?: number;
  usd?: number;
  /** Milliseconds since the epoch at which time is up. */
  until?: number;
}
