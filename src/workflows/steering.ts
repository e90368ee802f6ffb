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

const REASON_MAX = 300;

interface ChildHandle<T> {
  signal(definition: typeof pauseSignal, reason: string): Promise<void>;
  signal(definition: typeof resumeSignal | typeof stopSignal): Promise<void>;
  result(): Promise<T>;
}

/** People said stop while something waited for them: not an error, what is under way ends where it is. */
export class StopRequested extends Error {
  override readonly name = 'StopRequested';
}

export interface Steering {
  /** Why it is paused; null: it runs. */
  readonly paused: string | null;
  readonly stopping: boolean;
  pause(reason: unknown): void;
  resume(): void;
  stop(): void;
  /** Waits for a child; what is commanded meanwhile, or was while it started, is passed on to it. */
  follow<T>(child: ChildHandle<T>): Promise<T>;
  /** Resolves as soon as it is not paused, or is stopping. */
  clear(): Promise<void>;
  /**
   * Runs `attempt`; when it fails for want of a person, pauses and runs it again after `resume`.
   * @throws {StopRequested} when it is told to stop instead
   */
  persist<T>(attempt: () => Promise<T>): Promise<T>;
  /** The same for what has to be done before a stop: then it is tried once more, and its failure is thrown. */
  persistToEnd<T>(attempt: () => Promise<T>): Promise<T>;
}

type Command = 'run' | 'pause' | 'stop';

export function createSteering(onChange: () => void = () => {}): Steering {
  let paused: string | null = null;
  let stopping = false;
  /** Whether the child is what is paused, rather than this workflow. */
  let pausedBelow = false;
  let resumes = 0;
  let child: ChildHandle<unknown> | null = null;
  /** What the child was told last, or has said of itself. */
  let told: Command = 'run';
  let passing = false;

  const wanted = (): Command => {
    if (stopping) return 'stop';
    return paused === null ? 'run' : 'pause';
  };
  /** One command after the other, so that they arrive in order; a newer one replaces those not yet sent. */
  const passOn = async () => {
    if (passing) return;
    passing = true;
    while (child && told !== wanted()) {
      told = wanted();
      await command(child, told, paused);
    }
    passing = false;
  };
  const change = (next: { paused: string | null; below?: boolean }) => {
    paused = next.paused;
    pausedBelow = next.below ?? false;
    void passOn();
    onChange();
  };
  const pauseItself = (reason: string) => {
    change({ paused: reason });
    void tellParent(reason);
  };
  const attemptUntilDone = async <T>(
    attempt: () => Promise<T>,
    whenStopping: 'leave' | 'try',
  ): Promise<T> => {
    for (;;) {
      await steering.clear();
      if (stopping && whenStopping === 'leave') throw new StopRequested('stopped on request');
      const resumesBefore = resumes;
      try {
        return await attempt();
      } catch (error) {
        const reason = needsPerson(error);
        if (reason === null) throw error;
        if (stopping && whenStopping === 'try') throw error;
        // One that began before the latest resume says nothing of what was mended since.
        if (!stopping && paused === null && resumes === resumesBefore) pauseItself(reason);
      }
    }
  };
  const steering: Steering = {
    get paused() {
      return paused;
    },
    get stopping() {
      return stopping;
    },
    pause(reason) {
      if (!stopping) change({ paused: asReason(reason) });
    },
    resume() {
      resumes += 1;
      change({ paused: null });
    },
    stop() {
      stopping = true;
      change({ paused: null });
    },
    async follow(next) {
      child = next;
      told = pausedBelow ? 'pause' : 'run';
      void passOn();
      try {
        return await next.result();
      } finally {
        child = null;
        // A child that has ended is not paused, whatever it said before.
        if (pausedBelow) change({ paused: null });
      }
    },
    clear: () => condition(() => paused === null || stopping),
    persist: (attempt) => attemptUntilDone(attempt, 'leave'),
    persistToEnd: (attempt) => attemptUntilDone(attempt, 'try'),
  };
  setHandler(pauseSignal, (reason) => steering.pause(reason));
  setHandler(resumeSignal, () => steering.resume());
  setHandler(stopSignal, () => steering.stop());
  setHandler(pausedBelowSignal, (reason) => {
    if (stopping) return;
    told = 'pause';
    change({ paused: asReason(reason), below: true });
    void tellParent(asReason(reason));
  });
  return steering;
}

/** Never fails: a child that has just ended cannot be signalled, and need not be. */
async function command(child: ChildHandle<unknown>, what: Command, reason: string | null): Promise<void> {
  try {
    if (what === 'pause') await child.signal(pauseSignal, reason ?? '');
    else await child.signal(what === 'stop' ? stopSignal : resumeSignal);
  } catch {}
}

async function tellParent(reason: string): Promise<void> {
  const parent = workflowInfo().parent;
  if (parent)
    await getExternalWorkflowHandle(parent.workflowId)
      .signal(pausedBelowSignal, reason)
      .catch(() => {});
}

/** People send signals with the Temporal CLI: what comes with one is not to be relied on. */
function asReason(given: unknown): string {
  return typeof given === 'string' && given !== '' ? given.slice(0, REASON_MAX) : 'on request';
}

function needsPerson(error: unknown): string | null {
  const cause =
    error instanceof ActivityFailure || error instanceof ChildWorkflowFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.type === NEEDS_PERSON ? cause.message : null;
}
