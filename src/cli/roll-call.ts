/** A workflow that no worker takes up waits without a word: whoever waits for it is told. */
import type { Client } from '@temporalio/client';
import { workerPolls } from '../client/workers.js';
import { TASK_QUEUE } from '../workflows/types.js';
import { say } from './output.js';
import { typed } from './typed.js';

/**
 * To be called with whether something was heard of what is waited for; says once for each silence that no worker is
 * there. Returns whether it said so.
 * @param state the state folder as it was typed
 */
export function createRollCall(client: Client, state: string): (heard: boolean) => Promise<boolean> {
  let told = false;
  return async (heard) => {
    if (heard) told = false;
    // A server that does not answer is told elsewhere.
    if (heard || told || (await workerPolls(client).catch(() => true))) return false;
    told = true;
    say(
      `no worker polls the task queue ${TASK_QUEUE}: nothing goes on until one does. Start one with: ${typed('worker', state)}`,
    );
    return true;
  };
}
