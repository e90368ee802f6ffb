import type { Harness } from '../harness/schema.js';

export type LedgerAction =
  | 'seed'
  | 'promotion'
  | 'rejection'
  /** Each promoted edit was left out in turn: none went, or those that no longer helped. */
  | 'ablation'
  | 'prune'
  | 'rollback'
  | 'approval'
  | 'set-ref'
  /** Trials on the sealed split may begin; written before any of them does. */
  | 'seal-opened'
  /** Tasks of the reserve took the place of a worn heldOut. */
  | 'held-out-renewed';

/** That a decision saw scores of heldOut, or that the sealed split was opened: each use wears the tasks out a little. */
export interface SplitUse {
  split: 'heldOut' | 'sealed';
  /** Digest of the tasks' names and digests: the same tasks are the same split, in whichever evolution. */
  digest: string;
  tasks: number;
  /** Which use it is in this registry: 1 for the first. */
  count: number;
}

/** One decision. Who, when, why, on what evidence; hash-chained. */
export interface LedgerEntry {
  /** 1, 2, 3 ... */
  sequence: number;
  /** SHA-256 of the canonical JSON of the previous entry; 64 zeros for the first. */
  previous: string;
  at: string;
  actor: string;
  action: LedgerAction;
  /** Harness digest that the decision is about. */
  harness: string;
  parent: string | null;
  /** Ref that was moved, with where it stood. */
  ref: string | null;
  refBefore: string | null;
  reason: string;
  /** Digests of evidence in the store, by name. */
  evidence: Record<string, string>;
  /** Makes the append idempotent: an entry with the same id is never written twice. */
  id: string;
  /** Evolution and round it came from. */
  evolution: string | null;
  round: number | null;
  /** Left out where no split was used. */
  splitUse?: SplitUse;
}

/** An entry before it has its place in the chain. */
export type NewEntry = Omit<LedgerEntry, 'sequence' | 'previous' | 'refBefore' | 'splitUse'> & {
  splitUse?: Omit<SplitUse, 'count'>;
};

export interface Registry {
  /** Stores an immutable version; returns its digest. */
  putVersion(harness: Harness): Promise<string>;
  getVersion(digest: string): Promise<Harness>;
  /** Digest from a ref name, a full digest or a unique prefix of at least 6. @throws {RegistryError} */
  resolve(nameOrDigest: string): Promise<string>;
  refs(): Promise<Record<string, string>>;
  /**
   * Appends to the ledger and moves the entry's ref to its harness, as one step; idempotent by `id`.
   *
   * @param options.expectedRef where the ref must stand (null: nowhere yet) for the entry to be taken; left out: anywhere.
   * @throws {RegistryError} `conflict` when it stands elsewhere, so that of two promotions of one parent only one wins;
   *   `needs-reason` when a sealed split is opened once more without one.
   */
  record(entry: NewEntry, options?: { expectedRef?: string | null }): Promise<LedgerEntry>;
  ledger(): Promise<LedgerEntry[]>;
  /** Named checks: versions hash to their names, chain unbroken, refs are what the ledger says. */
  verify(): Promise<{ check: string; ok: boolean; problem: string | null }[]>;
}
