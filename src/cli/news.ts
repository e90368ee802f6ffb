/** Of an evolution's progress, what is said once. */
import pc from 'picocolors';
import type { Snapshot } from '../client/evolutions.js';
import { formatDifference, formatForecast } from '../report/format.js';
import { calibrationLines } from '../validation/calibration-text.js';
import { quarantinedTasks } from '../validation/words.js';
import { forecastOf } from '../workflows/forecast.js';
import type { EvolutionState, Prepared, RoundResult } from '../workflows/types.js';

/** What is left out, and what came to an end since it was last asked: each said once. */
export function createNews(report: string): (snapshot: Snapshot) => string[] {
  let shownPrepared = false;
  let shownRounds = 0;
  let shownCalibration = '';
  return ({ state }) => {
    const quarantined = shownPrepared ? '' : quarantinedLine(state.prepared, report);
    shownPrepared ||= state.prepared !== null;
    const calibration = state.calibration ? calibrationLines(state.calibration).join('\n') : '';
    const isFresh = calibration !== '' && calibration !== shownCalibration;
    const fresh = isFresh ? [...calibration.split('\n'), ...estimateOf(state)] : [];
    const rounds = state.rounds.slice(shownRounds).flatMap(roundLines);
    shownRounds = state.rounds.length;
    shownCalibration = calibration;
    return [...(quarantined ? [quarantined] : []), ...fresh, ...rounds];
  };
}

function estimateOf(state: EvolutionState): string[] {
  const forecast = forecastOf(state);
  return forecast ? [`the whole: ${formatForecast(forecast, state.prepared!.budget)}`] : [];
}

/** '' where no task is, or nothing is known yet. */
export function quarantinedLine(prepared: Prepared | null, report: string): string {
  return quarantinedTasks(prepared?.quarantined ?? 0, report);
}

/** What a finished round came to. */
export function roundLines(round: RoundResult): string[] {
  const color = round.decision === 'promoted' ? pc.green : pc.yellow;
  const lines = [`${pc.bold(`round ${round.round}`)}  ${color(round.decision)}: ${round.reason}`];
  if (round.comparison) {
    lines.push(
      `  heldIn  ${formatDifference(round.comparison.heldIn.difference)}`,
      `  heldOut ${formatDifference(round.comparison.heldOut.difference)}${round.heldOutUses === null ? '' : `, use ${round.heldOutUses} of these tasks`}`,
    );
  }
  for (const note of round.notes) lines.push(pc.yellow(`  ${note}`));
  for (const proposal of round.proposals) {
    const what = proposal.surface ? `${proposal.surface}: ${proposal.summary}` : proposal.weakness;
    lines.push(`  ${proposal.id} ${proposal.decision.padEnd(9)} ${what}`);
  }
  return lines;
}
