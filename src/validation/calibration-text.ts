/** A calibration in sentences, for progress, summary, the Web UI and whoever is asked. Figures of both splits: never for a proposer. */
import type { Calibration } from './calibration.js';
import type { Power } from './power.js';
import { percent, plural, points, probability } from './words.js';

/** Below this p, both arms being the same harness would be a rare accident. */
const BEYOND_CHANCE = 0.05;

export function calibrationLines(calibration: Calibration): string[] {
  const { difference, floor, tasks, p, flaky, largestMove, withinShare, power } = calibration;
  const noise =
    floor === null || difference === null
      ? 'noise floor: insufficient data'
      : `noise floor ±${size(floor)}: against itself the incumbent differed by ${points(difference.value)} over ${plural(tasks, 'task')}`;
  const moved =
    largestMove && largestMove.difference !== 0
      ? `, at most by ${size(Math.abs(largestMove.difference))} on one task`
      : '';
  return [
    noise + moved,
    ...(p !== null && p < BEYOND_CHANCE
      ? [
          `warning: it differed from itself beyond chance (p = ${probability(p)}): look for load, drift, shared state`,
        ]
      : []),
    power === null ? 'what this experiment sees: insufficient data' : seesLine(power),
    flakyLine(flaky),
    ...(withinShare === null
      ? []
      : [
          `${percent(withinShare)} of the variance of a trial is within tasks: only that part shrinks with more attempts`,
        ]),
  ];
}

function seesLine(power: Power): string {
  const budget =
    power.roundTrials === null ? '' : ` within the ${power.roundTrials} trials that its budget leaves`;
  const level = `${Math.round(power.level * 100)} % power`;
  return power.detectable === null
    ? `this experiment sees no gain that its tasks have room for with ${level}${budget}`
    : `this experiment sees gains of ${size(power.detectable)} or more with ${level}${budget}`;
}

function flakyLine({ count, tasks }: Calibration['flaky']): string {
  if (count === 0) return 'flaky tasks: none seen';
  const more = count > tasks.length ? ` and ${count - tasks.length} more` : '';
  return `flaky tasks (${count}): ${tasks.join(', ')}${more}`;
}

/**
 * Why a person should say whether to go on: the wanted gain is below what a round can see. Short enough for a reason of a
 * pause. @returns null: it can be seen.
 */
export function cannotSee({ power, trials, invalid }: Calibration): string | null {
  if (power === null) {
    return `nothing can be said of what this experiment sees: ${trials} of ${trials + invalid} trials of the calibration are valid`;
  }
  const { wanted, wantedGain, level } = power;
  if (wanted === null) return `the tasks leave no room for the wanted gain of ${size(wantedGain)}`;
  if (wanted.value >= level - 1e-9) return null;
  const seen =
    power.detectable === null
      ? 'sees no larger one that the tasks have room for'
      : `sees ${size(power.detectable)} or more`;
  const within = power.roundTrials === null ? '' : ` within ${power.roundTrials} trials`;
  return `a round${within} finds the wanted gain of ${size(wantedGain)} in ${percent(wanted.value)} of cases, not ${percent(level)}; it ${seen}. ${remedy(power)}`;
}

function remedy({ wouldTake, wouldTakeTasks }: Power): string {
  if (wouldTake?.factor === 1)
    return `It would take a budget that leaves a round ${wouldTake.trials} trials.`;
  if (wouldTake)
    return `It would take ${wouldTake.attempts} attempts per task (${wouldTake.factor} times the gate's), so ${wouldTake.trials} trials a round.`;
  if (wouldTakeTasks !== null)
    return `More attempts do not suffice; it would take about ${wouldTakeTasks} tasks.`;
  return 'More attempts do not suffice; it would take more tasks or a larger wanted gain.';
}

/** `4.2 points` */
function size(share: number): string {
  return `${Number((share * 100).toFixed(1))} points`;
}
