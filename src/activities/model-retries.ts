import type { RetryOptions } from '../model/retries.js';

/** How long each call of a model is retried within one activity, and all of them together: less than a trial's margin. */
export const MODEL_RETRIES: RetryOptions = { maxElapsedMs: 120_000, maxLostMs: 600_000 };
