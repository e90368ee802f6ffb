/** Retries inside one trial, bounded in time: past the bound the caller makes the trial invalid. */
import { setTimeout as delay } from 'node:timers/promises';
import { type ChatModel, ModelError } from './types.js';

/** Time and chance, injectable. */
export interface RetryClock {
  /** Milliseconds since some start. */
  now(): number;
  /** Rejects when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** 0 to 1, for jitter. */
  random(): number;
}

export interface RetryOptions {
  /** Milliseconds from the first call until no further one is made. */
  maxElapsedMs: number;
  /** Milliseconds that may be lost to failures and waits over all calls together; default: no bound. */
  maxLostMs?: number;
  /** Wait after the first failure; doubles with each. */
  firstDelayMs?: number;
  maxDelayMs?: number;
  clock?: RetryClock;
}

const systemClock: RetryClock = {
  now: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
  random: Math.random,
};

/**
 * Calls again on retryable errors, after the server's own delay or one that doubles. An error that outlives
 * `maxElapsedMs` or `maxLostMs`, or whose delay would, is thrown as it is; an abort ends the wait with `cancelled`.
 */
export function withRetries(model: ChatModel, options: RetryOptions): ChatModel {
  const { maxElapsedMs, maxLostMs = Number.POSITIVE_INFINITY } = options;
  const { firstDelayMs = 500, maxDelayMs = 30_000, clock = systemClock } = options;
  let lostMs = 0;
  return {
    async complete(request, callOptions = {}) {
      const start = clock.now();
      let since = start;
      const lose = () => {
        const now = clock.now();
        lostMs += now - since;
        callOptions.onLost?.(now - since);
        since = now;
      };
      for (let failures = 0; ; failures++) {
        try {
          return await model.complete(request, callOptions);
        } catch (error) {
          if (!(error instanceof ModelError) || !error.retryable) throw error;
          const backoff = Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(failures, 20));
          // Half of the wait is chance, so that clients that failed together do not come back together.
          const wait = error.retryAfterMs ?? backoff * (0.5 + clock.random() / 2);
          lose();
          if (since - start + wait > maxElapsedMs || lostMs + wait > maxLostMs) throw error;
          await clock.sleep(wait, callOptions.signal).catch((cause) => {
            throw new ModelError('The call was cancelled.', 'cancelled', { cause });
          });
          callOptions.onProgress?.();
          lose();
        }
      }
    },
  };
}
