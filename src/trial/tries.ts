/**
 * Tries of a trial that came to no result: the infrastructure broke them, a person had to act, a worker went away. They
 * are never scored, but what they spent is spent. Kept in the store beside the trial, one entry a try.
 */
import { digestOf } from '../harness/digest.js';
import { addUsage, noUsage } from '../model/price.js';
import type { Usage } from '../model/types.js';
import type { ArtifactStore } from '../store/types.js';

export const BROKEN_TRIES = 'broken-tries';

/** A try that is under way or was broken: small plain JSON, it travels in heartbeats. */
export interface Try {
  /** No two tries have the same; noted again under it, it counts once. */
  id: string;
  usage: Usage;
}

export interface BrokenTry extends Try {
  /** Whose money it was: see `TrialSpec`. */
  contract: string;
  purpose: string;
  /** Who spent it; left out: the agent. */
  role?: 'miner' | 'proposer';
  /** In words, free of secrets. */
  reason: string;
}

/** Adds a try to those of the trial `key`, unless it is there already. */
export async function noteBrokenTry(store: ArtifactStore, key: string, broken: BrokenTry): Promise<void> {
  for (let place = 0; ; place++) {
    const kept = await store.putKeyed(BROKEN_TRIES, placeKey(key, place), broken);
    if (kept.id === broken.id) return;
  }
}

/** The broken tries of a trial, in the order in which they were noted. */
export async function brokenTries(store: ArtifactStore, key: string): Promise<BrokenTry[]> {
  const tries: BrokenTry[] = [];
  for (;;) {
    const next = await store.getKeyed<BrokenTry>(BROKEN_TRIES, placeKey(key, tries.length));
    if (!next) return tries;
    tries.push(next);
  }
}

export function usageOf(tries: readonly Try[]): Usage {
  return tries.reduce((sum, { usage }) => addUsage(sum, usage), noUsage);
}

/** A key takes one value for ever, so a list is one key for each of its places. */
function placeKey(trial: string, place: number): string {
  return digestOf({ trial, place });
}
