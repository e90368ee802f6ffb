/** Markdown that the Temporal Web UI shows as current details. */

import type { Calibration } from '../validation/calibration.js';
import { calibrationLines } from '../validation/calibration-text.js';
import { controlLabel } from '../validation/controls-text.js';
import type { Interval } from '../validation/types.js';
import { openedTimes, quarantinedTasks } from '../validation/words.js';
import type { ControlsResult } from './control-types.js';
import { ENDED, forecastOf } from './forecast.js';
import { formatForecast, formatRoles, formatSpend } from './money-text.js';
import { isNothing } from './spend.js';
import type {
  BatchProgress,
  EvolutionState,
  FinalMeasurement,
  RoundView,
  SealedFigures,
  Spend,
} from './types.js';

export function evolutionDetails(state: EvolutionState): string {
  const prepared = state.prepared;
  if (!prepared) return 'preparing: validating the configuration, freezing the contract';
  const head = `**${prepared.name}**: ${prepared.model} on ${prepared.suite}, round ${Math.max(state.round, 1)} of ${prepared.rounds}, ${state.phase}`;
  const rows = state.rounds.map(
    (round) =>
      `| ${round.round} | ${round.decision} | ${figure(round.comparison?.heldIn.difference)} | ${figure(round.comparison?.heldOut.difference)} | ${round.heldOutUses ?? ''} | ${round.spend.trials} | ${cell([round.reason, ...round.notes].join(' '))} |`,
  );
  const table = [
    '| round | decision | heldIn gain, points | heldOut gain, points | use of heldOut | trials | reason |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ];
  const calibrated = state.calibration ? ['', calibrationDetails(state.calibration)] : [];
  // An evolution that an earlier version prepared does not say.
  const quarantined = quarantinedTasks(prepared.quarantined ?? 0, `\`self-harness report ${prepared.name}\``);
  return [
    head,
    paused(state.paused),
    ...(quarantined ? ['', quarantined] : []),
    ...calibrated,
    '',
    ...(rows.length ? table : []),
    ...finalTable(state.final),
    ...controlsTable(state.controls),
    '',
    spent(state.spend),
    ...earlier(prepared.earlier),
    ...forecast(state),
  ].join('\n');
}

function finalTable(final: FinalMeasurement | null): string[] {
  if (!final) return [];
  const row = (split: 'heldIn' | 'heldOut') =>
    `| ${split} | ${rate(final[`${split}Before`])} | ${rate(final[`${split}After`])} | ${figure(final[`${split}Gain`])} | |`;
  return [
    '',
    '| final measurement | before, % | after, % | gain, points | |',
    '|---|---|---|---|---|',
    row('heldIn'),
    row('heldOut'),
    sealedRow(final),
  ];
}

function controlsTable(controls: ControlsResult | null): string[] {
  if (!controls) return [];
  const rows = controls.rows.map((row) => {
    const [inside, outside] = [row.heldIn, row.heldOut];
    return `| ${controlLabel(row, controls.money)} | ${rate(inside.rate)} | ${figure(inside.lead)} | ${rate(outside.rate)} | ${figure(outside.lead)} |`;
  });
  return [
    '',
    '| the same money without evolving | heldIn, % | evolved ahead, points | heldOut, % | evolved ahead, points |',
    '|---|---|---|---|---|',
    ...rows,
  ];
}

function sealedRow(figures: SealedFigures): string {
  const { sealedBefore, sealedAfter, sealedGain, sealedOpenings, sealedNote } = figures;
  const what = [openedTimes(sealedOpenings), sealedNote].filter(Boolean).join(': ');
  return `| sealed | ${rate(sealedBefore)} | ${rate(sealedAfter)} | ${figure(sealedGain)} | ${cell(what)} |`;
}

/** What `unseal` came to. */
export function sealedDetails(figures: SealedFigures): string {
  return ['| | before, % | after, % | gain, points | |', '|---|---|---|---|---|', sealedRow(figures)].join(
    '\n',
  );
}

export function calibrationDetails(calibration: Calibration): string {
  return calibrationLines(calibration)
    .map((line) => `- ${cell(line)}`)
    .join('\n');
}

export function roundDetails(view: RoundView): string {
  const weaknesses = view.weaknesses.map((w) => `| ${w.id} | ${w.support} | ${w.mendable ? 'yes' : 'no'} |`);
  const proposals = view.proposals.map(
    (p) => `| ${p.id} | ${p.surface ?? p.decision} | ${cell(p.summary || p.reason)} |`,
  );
  return [
    `round ${view.round}: ${view.phase}`,
    paused(view.paused),
    ...(weaknesses.length
      ? ['', '| weakness | failed trials | mendable |', '|---|---|---|', ...weaknesses]
      : []),
    ...(proposals.length ? ['', '| proposal | surface | summary |', '|---|---|---|', ...proposals] : []),
    '',
    spent(view.spend),
  ].join('\n');
}

export function batchDetails(progress: BatchProgress): string {
  const { purpose, done, total, passed, spend } = progress;
  return `${purpose}: ${done} of ${total} trials, ${passed} passed, ${spend.invalid} invalid${paused(progress.paused)}`;
}

function paused(reason: string | null): string {
  return reason === null ? '' : `\n\n**paused**: ${cell(reason)}`;
}

function spent(spend: Spend): string {
  return [formatSpend(spend), formatRoles(spend)].filter(Boolean).join(': ');
}

function earlier(spend: Spend): string[] {
  return isNothing(spend) ? [] : ['', `before this run, in the budget as well: ${spent(spend)}`];
}

/** What it will have cost at its end, as of the end of its last part. */
function forecast(state: EvolutionState): string[] {
  const ahead = ENDED.has(state.phase) ? null : forecastOf(state);
  return ahead ? ['', `forecast for the whole: ${formatForecast(ahead, state.prepared!.budget)}`] : [];
}

function rate(interval: Interval | null): string {
  return interval ? (interval.value * 100).toFixed(1) : '';
}

function figure(interval: Interval | null | undefined): string {
  if (!interval) return '';
  const points = (share: number) => (share * 100).toFixed(1);
  return `${interval.value >= 0 ? '+' : ''}${points(interval.value)} (${points(interval.low)} to ${points(interval.high)})`;
}

/** Text of a model must not break out of its cell. */
function cell(text: string): string {
  return text.replace(/[|\n\r<>[\]`]/g, ' ').slice(0, 300);
}
