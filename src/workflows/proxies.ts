/** Every activity that workflows call, grouped by what it costs to run one again. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { MODELS_QUEUE, SANDBOXES_QUEUE, TASK_QUEUE } from './types.js';

/** Reads and writes of the store and the registry: quick, idempotent, tried until they succeed or are refused. */
export const light = proxyActivities<
  Pick<
    Activities,
    | 'prepareEvolution'
    | 'prepareMeasurement'
    | 'giveUpTrial'
    | 'assessCalibration'
    | 'clusterFailures'
    | 'mergeCandidates'
    | 'recordRound'
    | 'renewHeldOut'
    | 'openSealed'
    | 'prepareAblation'
    | 'leaveOut'
    | 'recordAblation'
    | 'planControls'
    | 'drawEdits'
    | 'scoreControls'
  >
>({
  taskQueue: TASK_QUEUE,
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/** What the Web UI shows beside the first activity of each workflow. */
export const PREPARING = { summary: 'validates the configuration, freezes the contract' };

/** One or two answers of a model. The server's own delay comes with the failure. */
export const models = proxyActivities<Pick<Activities, 'attributeTrial' | 'proposeEdit'>>({
  taskQueue: MODELS_QUEUE,
  startToCloseTimeout: '40 minutes',
  scheduleToCloseTimeout: '12 hours',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '2 minutes' },
});

/**
 * A whole trial. Its result is kept under the trial's key, so running it again after a crash costs nothing once it
 * is done. The activity turns what stays broken into an `invalid` result itself; the attempts beyond are for
 * workers that die under it.
 */
export const sandboxes = proxyActivities<Pick<Activities, 'runTrial'>>({
  taskQueue: SANDBOXES_QUEUE,
  startToCloseTimeout: '24 hours',
  heartbeatTimeout: '10 seconds',
  // A cancelled batch has ended only when its sandboxes are gone.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 10 },
});
