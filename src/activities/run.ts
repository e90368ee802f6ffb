/** What every activity has around it: heartbeats from start to end, cancellation, errors classified. */
import { Context } from '@temporalio/activity';
import { toFailure } from './failures.js';

export interface ActivityRun {
  signal: AbortSignal;
  /** Attempt of this activity, from 1. */
  attempt: number;
  /** Names this attempt of this activity among all that ever were. */
  id: string;
  /** Names the workflow run that asks, in every `id` of its attempts. */
  run: string;
  /** Shown in heartbeat details: where it stands. The next attempt finds the latest under `before`. */
  note(details: unknown): void;
  /** What the attempts before this one noted last; undefined: nothing. */
  before: unknown;
}

const BEATS_PER_TIMEOUT = 3;

/** Runs `work` with a steady heartbeat, so that a dead worker is noticed within the heartbeat timeout. */
export async function runActivity<T>(work: (run: ActivityRun) => Promise<T>): Promise<T> {
  const context = Context.current();
  const { heartbeatTimeoutMs, attempt, heartbeatDetails: before, activityId } = context.info;
  let details: unknown = before ?? null;
  const beat = () => context.heartbeat(details);
  const timer = heartbeatTimeoutMs ? setInterval(beat, heartbeatTimeoutMs / BEATS_PER_TIMEOUT) : undefined;
  const asking = context.info.workflowExecution?.runId ?? '';
  const run: ActivityRun = {
    signal: context.cancellationSignal,
    attempt,
    id: `${asking}/${activityId}/${attempt}`,
    run: `${asking}/`,
    before,
    note(next) {
      details = next;
    },
  };
  try {
    return await work(run);
  } catch (error) {
    // Its rejection carries the kind of cancellation that Temporal expects back.
    if (context.cancellationSignal.aborted) await context.cancelled;
    // The details of the latest heartbeat go with the failure to the next attempt.
    if (heartbeatTimeoutMs) beat();
    throw toFailure(error);
  } finally {
    clearInterval(timer);
  }
}
