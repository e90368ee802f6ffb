import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { sleep } from '@temporalio/workflow';

const TRIES = 60;

/**
 * Starts a child; where one of its id still runs, waits for the end of that one: the children of an evolution that was
 * terminated end a moment after it, and people start it again at once.
 */
export async function onceFree<T>(start: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError) || tries === TRIES) throw error;
      await sleep('1 second', { summary: 'waits for the end of an earlier child of this id' });
    }
  }
}
