/** What batches and rounds answer to people who ask where they stand. */
import type { EvolutionPhase, ProposalLine, Spend } from './types.js';

/** Answer of the query `progress` of a batch. */
export interface BatchProgress {
  purpose: string;
  total: number;
  done: number;
  passed: number;
  running: number;
  paused: string | null;
  spend: Spend;
  /** Workflow id of the part under way, where the batch runs in parts; its own progress is not in these figures. */
  chunk: string | null;
}

/** Answer of the query `round` of a round. */
export interface RoundView {
  round: number;
  phase: EvolutionPhase;
  /** Workflow id of the batch of trials under way. */
  batch: string | null;
  paused: string | null;
  spend: Spend;
  weaknesses: { id: string; support: number; mendable: boolean }[];
  proposals: ProposalLine[];
}
