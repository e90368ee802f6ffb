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
  /** Of the agent's own time: what was lost to others is not in it. */
  elapsedSeconds(): number;
  /** Never below 0. */
  remainingSeconds(): number;
  /**
   * Awaits `work`, but no longer than the run may last; its signal is aborted at the end of the run. Each piece of work has
   * a signal of its own, because who is handed one may leave listeners on it.
   * @throws {DeadlineReached} at the limit; the caller's abort reason when the caller aborts; what `work` throws.
   */
  guard<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Takes time off the clock that the agent did not use: an endpoint failed and was asked again. */
  lose(milliseconds: number): void;
  /** Frees the timer; call it when the run is over. */
  close(): void;
}

export function openDeadline(seconds: number, now: () => number, outer?: AbortSignal): Deadline {
  const start = now();
  const atWork = new Set<AbortController>();
  let ended: { reason: unknown } | null = null;
  const end = (reason: unknown) => {
    ended ??= { reason };
    for (const controller of atWork) controller.abort(reason);
  };
  const onOuterAbort = () => end(outer?.reason);
  if (outer?.aborted) onOuterAbort();
  else outer?.addEventListener('abort', onOuterAbort, { once: true });
  let lost = 0;
  const elapsedSeconds = () => (now() - start - lost) / 1000;
  const remainingSeconds = () => Math.max(0, seconds - elapsedSeconds());
  const inSeconds = (left: number) =>
    setTimeout(() => end(new DeadlineReached()), Math.min(left * 1000, 2 ** 31 - 1));
  let timer = inSeconds(seconds);
  const throwIfEnded = () => {
    if (ended) throw ended.reason;
  };

  return {
    elapsedSeconds,
    remainingSeconds,
    async guard(work) {
      throwIfEnded();
      if (remainingSeconds() <= 0) throw new DeadlineReached();
      const controller = new AbortController();
      const aborted = new Promise<never>((_, reject) => {
        controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
      });
      atWork.add(controller);
      try {
        const running = work(controller.signal);
        // Whoever loses the race may still fail later, and nobody listens then.
        running.catch(() => undefined);
        return await Promise.race([running, aborted]);
      } catch (error) {
        // Work that was aborted fails in its own words; the reason is ours.
        throwIfEnded();
        throw error;
      } finally {
        atWork.delete(controller);
      }
    },
    lose(milliseconds) {
      lost += milliseconds;
      if (ended) return;
      clearTimeout(timer);
      timer = inSeconds(remainingSeconds());
    },
    close() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onOuterAbort);
    },
  };
}
