/** `calibrateHarness`: the calibration of an evolution, alone. */
import { setCurrentDetails } from '@temporalio/workflow';
import type { EvolutionConfigInput } from '../contract/config.js';
import type { Calibration } from '../validation/calibration.js';
import { CalibrationStage } from './calibration.js';
import { calibrationDetails } from './details.js';
import { type Forecast, forecastOf } from './forecast.js';
import { isDocument } from './inputs.js';
import { light } from './proxies.js';
import { Purse } from './purse.js';
import { allowanceFor } from './spend.js';
import { createSteering } from './steering.js';
import type { Spend } from './types.js';

export interface CalibrationResult {
  name: string;
  status: 'finished' | 'stopped' | 'budget-stopped';
  contract: string;
  harness: string;
  calibration: Calibration | null;
  /** What an evolution would ask before its first round; null: nothing. */
  question: string | null;
  spend: Spend;
  /** What the whole evolution would cost, this included; null: no trial to tell by. */
  forecast: Forecast | null;
  /** Reasons of invalid trials. */
  problems: string[];
}

/**
 * @param config as in `evolution.yaml`. An evolution of the same configuration and name takes over its trials.
 */
export async function calibrateHarness(config: EvolutionConfigInput): Promise<CalibrationResult> {
  const prepared = await light.prepareEvolution(switchedOn(config));
  const steering = createSteering();
  const allowance = allowanceFor(prepared, Date.now());
  const purse = new Purse({ allowance, lanes: prepared.concurrency }, steering);
  const stage = new CalibrationStage(prepared, prepared.calibration!, purse, steering, () => {});
  const { calibration, problems, question, ended } = await stage.run();
  if (calibration) setCurrentDetails(calibrationDetails(calibration));
  const { spend } = purse.bill;
  const standing = { prepared, phase: 'calibrating' as const, rounds: [], calibration, spend };
  return {
    name: prepared.name,
    status: ended ?? 'finished',
    contract: prepared.contract,
    harness: prepared.seedHarness,
    calibration,
    question,
    spend,
    forecast: calibration && forecastOf({ ...standing, final: null, controls: null }),
    problems,
  };
}

/** Whoever asks for it by name means it. What is no document is refused by the first activity. */
function switchedOn(config: EvolutionConfigInput): EvolutionConfigInput {
  if (!isDocument(config)) return config;
  const { calibration = {} } = config;
  return isDocument(calibration) ? { ...config, calibration: { ...calibration, enabled: true } } : config;
}
