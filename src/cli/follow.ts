import type { BatchProgress } from '../workflows/types.js';
import { say } from './output.js';
import { untilInterrupted } from './watch.js';

const PARTS = 10;

/** The result of a batch of trials, with a line for each tenth of it that is done. @param comeBack what to type after ^C */
export function followTrials<T>(
  comeBack: string,
  result: Promise<T>,
  progressOf: () => Promise<BatchProgress | null>,
  line = ({ done, total, passed }: BatchProgress) => `${done} of ${total} trials, ${passed} passed`,
): Promise<T> {
  let last = -1;
  return untilInterrupted(comeBack, result, async () => {
    const progress = await progressOf();
    if (!progress || progress.total === 0) return;
    const part = Math.floor((progress.done / progress.total) * PARTS);
    if (part !== last) say(line(progress));
    last = part;
  });
}
