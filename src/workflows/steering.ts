/** Pausing, resuming and stopping, the same in every workflow; passed on to the child that is under way. */
import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  condition,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { NEEDS_PERSON } from '../activities/types.js';
import type { BatchProgress } from './types.js';

export const pauseSignal = defineSignal<[string]>('pause');
export const resumeSignal = defineSignal('resume');
export const stopSignal = defineSignal('stop');
/** From a child to its parent: it has paused by itself, with the reason. */
export const pausedBelowSignal = defineSignal<[string]>('pausedBelow');
export const progressQuery = defineQuery<BatchProgress>('progress');

interface ChildHandle {
  signal(definition: typeof pauseSignal, reason: string): Promise<void>;
  signal(definition: typeof resumeSignal | typeof stopSignal): Promise<void>;
}

export interface Steering {
  /** Why it is paused; null: it runs. */
  readonly paused: string | null;
  readonly stopping: boolean;
  pause(reason: string): void;
  resume(): void;
  stop(): void;
  /** The child that commands are passed on to. */
  follow(child: ChildHandle | null): void;
  /** Resolves as soon as it is not paused, or is stopping. */
  clear(): Promise<void>;
  /** Runs `attempt`; when it fails for want of a person, pauses and runs it again after `resume`. */
  persist<T>(attempt: () => Promise<T>): Promise<T>;
}

export function createSteering(onChange: () => void = () => {}): Steering {
  let paused: string | null = null;
  let stopping = false;
  let child: ChildHandle | null = null;

  const pass = (send: (to: ChildHandle) => Promise<void>) => {
    // A child that has just ended cannot be signalled, and need not be.
    if (child) send(child).catch(() => {});
  };
  const steering: Steering = {
    get paused() {
      return paused;
    },
    get stopping() {
      return stopping;
    },
    pause(reason) {
      paused = reason;
      pass((to) => to.signal(pauseSignal, reason));
      onChange();
    },
    resume() {
      paused = null;
      pass((to) => to.signal(resumeSignal));
      onChange();
    },
    stop() {
      stopping = true;
      paused = null;
      pass((to) => to.signal(stopSignal));
      onChange();
    },
    follow(next) {
      child = next;
    },
    clear: () => condition(() => paused === null || stopping),
    async persist(attempt) {
      for (;;) {
        await steering.clear();
        try {
          return await attempt();
        } catch (error) {
          const reason = needsPerson(error);
          if (reason === null || stopping) throw error;
          paused = reason;
          onChange();
          await tellParent(reason);
        }
      }
    },
  };
  setHandler(pauseSignal, (reason) => steering.pause(reason));
  setHandler(resumeSignal, () => steering.resume());
  setHandler(stopSignal, () => steering.stop());
  setHandler(pausedBelowSignal, (reason) => {
    paused = reason;
    onChange();
    return tellParent(reason);
  });
  return steering;
}

/** Waits for a child while commands are passed on to it. */
export async function followChild<T>(
  steering: Steering,
  child: ChildHandle & { result(): Promise<T> },
): Promise<T> {
  steering.follow(child);
  try {
    return await child.result();
  } finally {
    steering.follow(null);
  }
}

async function tellParent(reason: string): Promise<void> {
  const parent = workflowInfo().parent;
  if (parent)
    await getExternalWorkflowHandle(parent.workflowId)
      .signal(pausedBelowSignal, reason)
      .catch(() => {});
}

function needsPerson(error: unknown): string | null {
  const cause =
    error instanceof ActivityFailure || error instanceof ChildWorkflowFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.type === NEEDS_PERSON ? cause.message : null;
}
