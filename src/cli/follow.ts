import type { Client } from '@temporalio/client';
import type { BatchProgress } from '../workflows/types.js';
import { say } from './output.js';
import { createRollCall } from './roll-call.js';
import { ANSWER_MS, untilInterrupted } from './watch.js';

const PARTS = 10;

/** What is waited for, and from where. */
export interface Following<T> {
  client: Client;
  /** The state folder as it was typed. */
  state: string;
  /** What to type after ^C. */
  comeBack: string;
  result: Promise<T>;
  /** null: no trials are under way yet, or no worker answers. */
  progress: () => Promise<BatchProgress | null>;
  line?: (progress: BatchProgress) => string;
}

/** The result of a batch of trials, with a line for each tenth of it that is done. */
export function followTrials<T>({ client, state, comeBack, result, ...following }: Following<T>): Promise<T> {
  const { progress: ask, line = tenth } = following;
  const rollCall = createRollCall(client, state);
  let last = -1;
  return untilInterrupted(comeBack, result, async () => {
    const progress = await client.withDeadline(Date.now() + ANSWER_MS, ask);
    await rollCall(progress !== null);
    if (!progress || progress.total === 0) return;
    const part = Math.floor((progress.done / progress.total) * PARTS);
    if (part !== last) say(line(progress));
    last = part;
  });
}

function tenth({ done, total, passed }: BatchProgress): string {
  return `${done} of ${total} trials, ${passed} passed`;
}
