/**
 * The wall-clock limit of a trial and the caller's wish to cancel, as one signal: whatever the agent waits for is
 * waited for through `guard`, so neither a hanging endpoint nor a hanging command outlives the limit.
 */

/** The contract's time for the agent is used up. Ends a run as `time-limit`; never leaves the agent. */
export class DeadlineReached extends Error {
  override readonly name = 'DeadlineReached';
  constructor() {
    super('the time limit of the run was reached');
  }
}

export interface Deadline {
  /** Aborted at the deadline and when the caller aborts. */
  readonly signal: AbortSignal;
  elapsedSeconds(): number;
  /** Never below 0. */
  remainingSeconds(): number;
  /**
   * Awaits `work`, but no longer than the run may last.
   * @throws {DeadlineReached} at the limit; the caller's abort reason when the caller aborts; what `work` throws.
   */
  guard<T>(work: () => Promise<T>): Promise<T>;
  /** Frees the timer; call it when the run is over. */
  close(): void;
}

export function openDeadline(seconds: number, now: () => number, outer?: AbortSignal): Deadline {
  const start = now();
  const controller = new AbortController();
  const { signal } = controller;
  const onOuterAbort = () => controller.abort(outer?.reason);
  if (outer?.aborted) onOuterAbort();
  else outer?.addEventListener('abort', onOuterAbort, { once: true });
  const timer = setTimeout(
    () => controller.abort(new DeadlineReached()),
    Math.min(seconds * 1000, 2 ** 31 - 1),
  );
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => undefined);

  const elapsedSeconds = () => (now() - start) / 1000;
  const remainingSeconds = () => Math.max(0, seconds - elapsedSeconds());

  return {
    signal,
    elapsedSeconds,
    remainingSeconds,
    async guard(work) {
      signal.throwIfAborted();
      if (remainingSeconds() <= 0) throw new DeadlineReached();
      const running = work();
      // Whoever loses the race may still fail later, and nobody listens then.
      running.catch(() => undefined);
      try {
        return await Promise.race([running, aborted]);
      } catch (error) {
        // An aborted call fails in its own words; the reason is ours.
        signal.throwIfAborted();
        throw error;
      }
    },
    close() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onOuterAbort);
    },
  };
}
