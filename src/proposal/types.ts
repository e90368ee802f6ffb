import type { Surface } from '../harness/schema.js';
import type { Edit } from '../harness/types.js';
import type { Ref } from '../store/types.js';

export type { Edit, PatchOperation } from '../harness/types.js';

/** An edit with its audit record. */
export interface Proposal {
  /** `r<round>-p<slot>`. */
  id: string;
  slot: number;
  weakness: string;
  edit: Edit;
  /** One line for people. */
  summary: string;
  mechanism: string;
  expectedEffect: string;
  regressionRisk: string;
}

/** What slot k of a round is asked to do: distinct by construction. */
export interface Assignment {
  slot: number;
  weakness: string;
  /** Surfaces it may choose from; the first is preferred. */
  surfaces: Surface[];
}

/** What came of one slot, as it crosses Temporal. */
export type ProposalResult =
  | {
      kind: 'proposed';
      id: string;
      slot: number;
      weakness: string;
      surface: Surface;
      summary: string;
      /** Digest of the candidate harness in the store. */
      harness: string;
      proposal: Ref;
      /** Held-in tasks of the weakness: what the screen runs. */
      targets: string[];
    }
  | { kind: 'declined' | 'refused'; id: string; slot: number; weakness: string; reason: string };
