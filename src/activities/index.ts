import { createLeaveOut, createPrepareAblation, createRecordAblation } from './ablation.js';
import { createAssessCalibration } from './assess-calibration.js';
import { createAttributeTrial } from './attribute-trial.js';
import { createClusterFailures } from './cluster-failures.js';
import type { WorkerContext } from './context.js';
import { createDrawEdits, createPlanControls, createScoreControls } from './controls.js';
import { createGiveUpTrial } from './give-up-trial.js';
import { createMergeCandidates } from './merge-candidates.js';
import { createOpenSealed } from './open-sealed.js';
import { createPrepareEvolution, createPrepareMeasurement } from './prepare.js';
import { createProposeEdit } from './propose-edit.js';
import { createRecordRound } from './record-round.js';
import { createRenewHeldOut } from './renew-held-out.js';
import { createRunTrial } from './run-trial.js';

export function createActivities(context: WorkerContext) {
  return {
    prepareEvolution: createPrepareEvolution(context),
    prepareMeasurement: createPrepareMeasurement(context),
    runTrial: createRunTrial(context),
    giveUpTrial: createGiveUpTrial(context),
    attributeTrial: createAttributeTrial(context),
    clusterFailures: createClusterFailures(context),
    proposeEdit: createProposeEdit(context),
    mergeCandidates: createMergeCandidates(context),
    recordRound: createRecordRound(context),
    renewHeldOut: createRenewHeldOut(context),
    openSealed: createOpenSealed(context),
    prepareAblation: createPrepareAblation(context),
    leaveOut: createLeaveOut(context),
    recordAblation: createRecordAblation(context),
    planControls: createPlanControls(context),
    drawEdits: createDrawEdits(context),
    scoreControls: createScoreControls(context),
    assessCalibration: createAssessCalibration(context),
  };
}

/** What workflows import, as a type only. */
export type Activities = ReturnType<typeof createActivities>;
