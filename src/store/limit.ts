/** Runs at most `max` of the given jobs at once; the rest wait their turn in order. */
export function limitConcurrency(max: number): <T>(job: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (job) => {
    if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await job();
    } finally {
      // A waiting job takes over the place of the one that ended: the count stays.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
