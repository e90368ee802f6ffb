/** Reads what the trials of a calibration came to, and plays rounds with it: seconds of CPU, in slices. */
import { setImmediate as breathe } from 'node:timers/promises';
import { taskDigestOf } from '../contract/tasks.js';
import { storedTrial, trialKey } from '../trial/key.js';
import { type Assessment, assess, type CalibrationTrials, type Experiment } from '../validation/assess.js';
import { type Calibration, calibrationRequests } from '../validation/calibration.js';
import type { CalibrationInput } from '../workflows/types.js';
import type { WorkerContext } from './context.js';
import { runActivity } from './run.js';

export function createAssessCalibration(context: WorkerContext) {
  return (input: CalibrationInput): Promise<Calibration> =>
    runActivity(async ({ signal }) => {
      const trials = await readTrials(context, input);
      const { perTask, ...calibration } = await inSlices(assess(trials, experimentOf(input)), signal);
      const { sha256 } = await context.store.putJson({ ...calibration, perTask });
      return { ...calibration, record: sha256 };
    });
}

async function readTrials(context: WorkerContext, input: CalibrationInput): Promise<CalibrationTrials> {
  const { contract } = await context.contract(input.contract);
  const { harness, purpose, plan } = input;
  const scores: CalibrationTrials['scores'][number][] = [];
  const costs: CalibrationTrials['costs'][number][] = [];
  for (const request of calibrationRequests(input, plan.attempts)) {
    const { task, attempt } = request;
    const spec = { contract: input.contract, harness, purpose, task, attempt };
    const result = await storedTrial(context.store, trialKey(spec, taskDigestOf(contract, task)));
    const valid = result !== undefined && result.outcome !== 'invalid' && result.outcome !== 'budget-stopped';
    scores.push({ ...request, passed: valid ? result.outcome === 'passed' : null });
    if (!valid) continue;
    const { promptTokens, completionTokens, costUsd, seconds } = result;
    costs.push({ tokens: promptTokens + completionTokens, usd: costUsd, seconds });
  }
  return { scores, costs };
}

function experimentOf({
  plan,
  gate,
  width,
  heldIn,
  concurrency,
  seed,
  allowance,
}: CalibrationInput): Experiment {
  const { trials, tokens, usd, until } = allowance;
  const seconds = until === undefined ? undefined : Math.max(0, (until - Date.now()) / 1000) * concurrency;
  return {
    gate: gate.kind,
    settings: gate.settings,
    width,
    wantedGain: plan.wantedGain,
    seed,
    left: { trials, tokens, usd, seconds },
    observation: heldIn.length,
  };
}

/** A worker has heartbeats to send and trials to look after meanwhile. */
async function inSlices(work: Generator<void, Assessment>, signal: AbortSignal): Promise<Assessment> {
  for (;;) {
    const slice = work.next();
    if (slice.done) return slice.value;
    signal.throwIfAborted();
    await breathe();
  }
}
