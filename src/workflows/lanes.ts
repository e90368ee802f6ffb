import type { Steering } from './steering.js';

/**
 * Runs `work` for 0 to `count` - 1, in order, at most `width` at once, none while paused or stopping. After a failure
 * nothing more begins, and what is under way comes to its end before the failure is thrown: nothing done is lost.
 */
export async function inLanes(
  steering: Steering,
  count: number,
  width: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failure: { error: unknown } | null = null;
  const lane = async () => {
    while (next < count) {
      await steering.clear();
      if (steering.stopping || next >= count) return;
      await work(next++);
    }
  };
  const settled = async () => {
    try {
      await lane();
    } catch (error) {
      failure ??= { error };
      steering.stop();
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, settled));
  if (failure) throw (failure as { error: unknown }).error;
}
