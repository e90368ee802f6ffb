/** The updates that people steer with, where a workflow takes them. */
import { setHandler } from '@temporalio/workflow';
import { pauseUpdate, resumeUpdate, stopUpdate } from './messages.js';
import type { Steering } from './steering.js';

/** @param onStop told before the stop takes hold */
export function handleSteering(steering: Steering, onStop: () => void = () => {}): void {
  setHandler(
    pauseUpdate,
    (reason) => {
      steering.pause(reason);
      return 'paused: trials under way come to their end, no new ones start';
    },
    { description: 'Starts no further trial until resume.' },
  );
  setHandler(
    resumeUpdate,
    () => {
      steering.resume();
      return 'resumed';
    },
    {
      description: 'Goes on after a pause.',
      validator: () => {
        if (steering.paused === null) throw new Error('it is not paused');
      },
    },
  );
  setHandler(
    stopUpdate,
    () => {
      onStop();
      steering.stop();
      return 'stopping: trials under way come to their end';
    },
    { description: 'Ends it; what was promoted stays.' },
  );
}
