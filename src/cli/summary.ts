/** What an evolution came to, for people: edits, rates, what was rejected and why, spend. */
import pc from 'picocolors';
import { diffHarness, formatDiff } from '../harness/diff.js';
import { formatDifference, formatRate, formatRoles, formatSpend } from '../report/format.js';
import type { Quarantine } from '../suite/types.js';
import { calibrationLines } from '../validation/calibration-text.js';
import { controlLabel, controlNotes } from '../validation/controls-text.js';
import { openedTimes } from '../validation/words.js';
import type { EvolutionResult, RoundResult, SealedFigures, Spend } from '../workflows/types.js';
import type { CategoryRow, Passes } from './categories.js';
import type { Named } from './registry.js';

export function formatSummary(
  result: EvolutionResult,
  { seed, champion, quarantine, categories }: Named,
): string {
  const changes = diffHarness(seed, champion);
  const lines = [
    pc.bold(`evolution ${result.name}: ${result.status}`),
    '',
    pc.bold('promoted edits'),
    changes.length === 0
      ? 'none: nothing held up on fresh evidence'
      : formatDiff(changes, { color: pc.isColorSupported }),
    '',
    ...finalLines(result),
    ...categoryLines(categories),
    ...controlLines(result),
    ...calibrationSection(result),
    pc.bold('decisions'),
    ...result.rounds.flatMap((round) => [
      `round ${round.round}: ${round.decision}. ${round.reason}`,
      ...(round.heldOutUses === null
        ? []
        : [`  use ${round.heldOutUses} of these heldOut tasks by a decision`]),
      ...weaknessLines(round.weaknesses),
      ...round.notes.map((note) => pc.yellow(`  ${note}`)),
      ...round.proposals
        .filter((proposal) => proposal.decision !== 'promoted')
        .map(
          (proposal) =>
            `  ${proposal.id} ${proposal.decision}: ${proposal.summary || proposal.weakness} (${proposal.reason})`,
        ),
    ]),
    '',
    ...quarantineLines(quarantine),
    ...spendLines(result.spend),
    ...result.problems.map((problem) => `invalid, never scored: ${problem}`),
  ];
  return lines.join('\n');
}

export function spendLines(spend: Spend): string[] {
  const roles = formatRoles(spend);
  return [`spent: ${formatSpend(spend)}`, ...(roles ? [`  ${roles}`] : [])];
}

/** Tasks that are left out, one a line with its reason; nothing where there are none. */
export function quarantineLines(quarantine: Quarantine): string[] {
  const tasks = Object.entries(quarantine);
  if (tasks.length === 0) return [];
  return [
    pc.bold(`quarantined: ${tasks.length} ${tasks.length === 1 ? 'task is' : 'tasks are'} in no split`),
    ...tasks.map(([task, reason]) => `  ${task}: ${reason}`),
    '',
  ];
}

const WEAKNESSES_SHOWN = 4;

/** What the round was up against: the greatest of what could be mended. */
function weaknessLines(weaknesses: RoundResult['weaknesses']): string[] {
  return weaknesses
    .filter(({ mendable }) => mendable)
    .slice(0, WEAKNESSES_SHOWN)
    .map(({ id, support }) => `  weakness ${id}: ${support} failed`);
}

/** Counts, not rates: a category has few tasks. Nothing where all tasks are of one. */
function categoryLines(rows: CategoryRow[]): string[] {
  if (rows.length < 2) return [];
  const width = Math.max(...rows.map(({ category }) => category.length));
  const count = ({ passed, attempts }: Passes) => `${passed} of ${attempts}`;
  const row = (category: string, before: string, after: string) =>
    `${category.padEnd(width)} ${before.padEnd(9)} ${after}`;
  return [
    pc.bold('the same by category, attempts that passed'),
    row('', 'before', 'after'),
    ...rows.map(({ category, before, after }) => row(category, count(before), count(after))),
    '',
  ];
}

const LABEL_WIDTH = 44;

function controlLines({ controls }: EvolutionResult): string[] {
  if (!controls) return [];
  const row = (name: string, rate: string, lead: string) =>
    `${name.padEnd(LABEL_WIDTH)} ${rate.padEnd(24)} ${lead}`.trimEnd();
  const part = (split: 'heldIn' | 'heldOut') => [
    row(split, 'passes', 'evolved harness ahead by'),
    ...controls.rows.map((line) => {
      const { rate, lead } = line[split];
      const ahead = line.arm === 'evolved' ? '' : formatDifference(lead);
      return row(`  ${controlLabel(line, controls.money)}`, formatRate(rate), ahead);
    }),
  ];
  return [
    pc.bold('control arms: the same money without evolving'),
    ...part('heldIn'),
    ...part('heldOut'),
    ...controlNotes(controls),
    '',
  ];
}

function calibrationSection({ calibration }: EvolutionResult): string[] {
  return calibration ? [pc.bold('calibration'), ...calibrationLines(calibration), ''] : [];
}

function finalLines({ final, seedHarness, champion }: EvolutionResult): string[] {
  if (!final) return [];
  const changed = seedHarness !== champion;
  const row = (split: string, before: string, after: string, gain: string) =>
    `${split.padEnd(8)} ${before.padEnd(26)} ${after.padEnd(26)} ${gain}`;
  return [
    pc.bold('pass rates, seed and champion on fresh attempts (95 % intervals over tasks)'),
    row('', 'before', 'after', 'gain'),
    row(
      'heldIn',
      formatRate(final.heldInBefore),
      formatRate(final.heldInAfter),
      changed ? formatDifference(final.heldInGain) : 'same harness',
    ),
    row(
      'heldOut',
      formatRate(final.heldOutBefore),
      formatRate(final.heldOutAfter),
      changed ? formatDifference(final.heldOutGain) : 'same harness',
    ),
    sealedLine(final, row, changed),
    '',
  ];
}

type Row = (split: string, before: string, after: string, gain: string) => string;

/** Its figures never stand without how often the split was opened. */
export function sealedLine(figures: SealedFigures, row: Row, changed: boolean): string {
  const opened = openedTimes(figures.sealedOpenings);
  if (figures.sealedNote !== '') return `sealed   ${[opened, figures.sealedNote].filter(Boolean).join(': ')}`;
  const gain = changed ? formatDifference(figures.sealedGain) : 'same harness';
  return row(
    'sealed',
    formatRate(figures.sealedBefore),
    formatRate(figures.sealedAfter),
    `${gain}, ${opened}`,
  );
}
