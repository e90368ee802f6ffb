/** What a trial is called, and where its result lies: the same trial is never run, or paid for, twice. */
import { digestOf } from '../harness/digest.js';
import type { ArtifactStore } from '../store/types.js';
import type { TrialResult, TrialSpec } from './types.js';

/** Results that count, and results of trials that the infrastructure broke. */
export const TRIALS = 'trials';
/**
 * Kept apart, because a key takes one value for ever: once what was broken is mended, the same trial can be run again
 * and its result stored.
 */
export const INVALID_TRIALS = 'invalid-trials';

/**
 * SHA-256 (hex) of the RFC 8785 canonical JSON of what identifies a trial. The task's content digest stands for the
 * task, so that the same name with other content is another trial.
 */
export function trialKey(spec: TrialSpec, taskDigest: string): string {
  const { contract, harness, purpose, attempt } = spec;
  return digestOf({ contract, harness, task: taskDigest, purpose, attempt });
}

/** Base of the seeds that a trial sends to the model: 31 bits of its key, 0 to 2^31 - 1. */
export function trialSeed(key: string): number {
  return Number.parseInt(key.slice(0, 8), 16) & 0x7fffffff;
}

/** The stored result of a trial; one that counts goes before an invalid one. */
export async function storedTrial(store: ArtifactStore, key: string): Promise<TrialResult | undefined> {
  return (await store.getKeyed<TrialResult>(TRIALS, key)) ?? store.getKeyed<TrialResult>(INVALID_TRIALS, key);
}
