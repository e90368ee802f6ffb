import type { TrialView } from '../calls.js';
import { artifactDeleted, artifactNeverWritten } from './artifacts.js';
import { missingDependencyNotChecked } from './dependencies.js';
import {
  finishedWithFailingCheck,
  finishedWithoutChecking,
  ignoredToolError,
  stoppedEarly,
} from './ending.js';
import { environmentLost } from './environment.js';
import { endlessExploration } from './exploration.js';
import type { Detector, Finding } from './finding.js';
import { repeatedFailingCommand } from './repetition.js';
import { serviceNotLeftRunning } from './service.js';
import { lostContext, malformedToolCalls } from './tool-calls.js';
import { unboundedComputation, unboundedDownload } from './unbounded.js';

/** Most specific first: the order decides between findings of equal strength. */
const DETECTORS: Detector[] = [
  artifactDeleted,
  environmentLost,
  serviceNotLeftRunning,
  unboundedDownload,
  unboundedComputation,
  malformedToolCalls,
  repeatedFailingCommand,
  finishedWithFailingCheck,
  endlessExploration,
  missingDependencyNotChecked,
  ignoredToolError,
  stoppedEarly,
  artifactNeverWritten,
  lostContext,
  finishedWithoutChecking,
];

/** Everything that the detectors see in a trial, strongest first. */
export function detect(view: TrialView): Finding[] {
  return DETECTORS.flatMap((detector) => detector(view) ?? []).sort((a, b) => b.strength - a.strength);
}
