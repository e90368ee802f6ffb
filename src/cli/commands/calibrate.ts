import { resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Command } from 'commander';
import { connect } from '../../client/connection.js';
import { calibrationProgress, calibrationResult, startCalibration } from '../../client/evolutions.js';
import type { EvolutionConfig } from '../../contract/config.js';
import { formatCount, formatForecast, formatSpend } from '../../report/format.js';
import type { TrialCost } from '../../validation/calibration.js';
import { calibrationLines } from '../../validation/calibration-text.js';
import type { CalibrationResult } from '../../workflows/calibrate-harness.js';
import { keysOf, readConfig } from '../config-file.js';
import { followTrials } from '../follow.js';
import { positive } from '../options.js';
import { printJson, printText, say } from '../output.js';
import { ensureServer, ensureWorker } from '../stack.js';
import { DEFAULT_STATE } from '../state.js';
import { shellWord, typed } from '../typed.js';

export function addCalibrate(program: Command): void {
  program
    .command('calibrate')
    .description(
      'measures the starting harness against itself: noise, flaky tasks, the gains an evolution could see',
    )
    .argument('[config]', 'configuration', 'evolution.yaml')
    .option('--state <dir>', 'state folder', DEFAULT_STATE)
    .option('--trials <n>', 'trials at once of the worker; default 4', positive)
    .option('--no-worker', 'start no worker: one runs elsewhere')
    .option('--json', 'JSON on stdout')
    .action(async (file: string, options) => {
      const config = await readConfig(file);
      const stateDir = resolve(options.state);
      say(estimateLine(config));
      const server = await ensureServer(stateDir, { say });
      if (options.worker)
        await ensureWorker(stateDir, server.address, { trials: options.trials, keys: keysOf(config), say });
      const temporal = await connect({ address: server.address });
      try {
        await startCalibration(temporal.client, config.name, config);
        say(`calibrating ${config.name}${server.uiUrl ? `; Web UI ${server.uiUrl}` : ''}`);
        const result = await follow(temporal.client, config.name, file, options.state);
        if (options.json) return printJson(result);
        printText(formatCalibration(result, config.budget));
      } finally {
        await temporal.close();
      }
    });
}

function estimateLine({ calibration, split }: EvolutionConfig): string {
  const attempts = 2 * calibration.attempts;
  if ('file' in split) return `estimate: ${attempts} trials of each heldIn and heldOut task`;
  const tasks = split.heldIn + split.heldOut;
  return `estimate: ${attempts * tasks} trials, ${attempts} of each of ${tasks} tasks; an evolution of this name takes them over`;
}

function follow(client: Client, name: string, file: string, state: string): Promise<CalibrationResult> {
  return followTrials({
    client,
    state,
    comeBack: typed(`calibrate ${shellWord(file)}`, state),
    result: calibrationResult(client, name),
    progress: () => calibrationProgress(client, name),
  });
}

function formatCalibration(result: CalibrationResult, budget: EvolutionConfig['budget']): string {
  const { calibration, question, spend, forecast, problems, status } = result;
  const measured = calibration
    ? [...calibrationLines(calibration), costLine(calibration.cost)]
    : [`no calibration: ${status === 'finished' ? 'it was not run' : status}`];
  return [
    ...measured,
    ...(question ? ['', `an evolution would ask: ${question}`] : []),
    `spent: ${formatSpend(spend)}`,
    ...(forecast ? [`the whole evolution: ${formatForecast(forecast, budget)}`] : []),
    ...problems.map((problem) => `invalid, never scored: ${problem}`),
  ].join('\n');
}

function costLine({ tokens, usd, seconds }: TrialCost): string {
  const parts = [
    tokens && `${formatCount(tokens.median)} tokens (${formatCount(tokens.upper)})`,
    usd && `$${usd.median.toFixed(4)} ($${usd.upper.toFixed(4)})`,
    seconds && `${seconds.median.toFixed(1)} s (${seconds.upper.toFixed(1)})`,
  ].filter((part) => part !== null);
  return parts.length === 0
    ? 'a trial: insufficient data'
    : `a trial, median (and what 9 of 10 stay below): ${parts.join(', ')}`;
}
