/** A report as Markdown. Whatever models or tasks wrote is put in so that it cannot act as markup. */
import { calibrationLines } from '../validation/calibration-text.js';
import { controlLabel, controlNotes, outlayText } from '../validation/controls-text.js';
import type { Interval } from '../validation/types.js';
import { openedTimes } from '../validation/words.js';
import { ROLES } from '../workflows/roles.js';
import type { Spend } from '../workflows/types.js';
import { formatDifference, formatRate, formatSpend } from './format.js';
import { code, fenced, inline, tableOf } from './text.js';
import type { InvalidTrialLine, Report, ReportProposal, ReportRound } from './types.js';

export function formatReport(report: Report): string {
  const parts = [
    `# Evolution ${report.name}: ${report.status}`,
    report.doing === null ? '' : `Where it stands: ${inline(report.doing)}.`,
    ...finalPart(report),
    ...controlsPart(report),
    ...contractPart(report),
    ...calibrationPart(report),
    ...report.rounds.flatMap(roundPart),
    ...underWayPart(report),
    ...ablationPart(report),
    ...trustPart(report),
    ...invalidPart(report.invalid),
    ...championPart(report),
    ...ledgerPart(report),
    ...spendPart(report.spend),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function spendPart(spend: Spend): string[] {
  const rows = ROLES.map((role) => {
    const { tokens, usd } = spend.roles[role];
    return [role, String(tokens), usd === null ? 'no price configured' : `$${usd.toFixed(4)}`];
  });
  const { estimatedTokens } = spend;
  return [
    '## Spend',
    `${formatSpend(spend)}. What invalid trials and tries that broke took is in it.`,
    tableOf(['role', 'tokens', 'dollars'], rows),
    estimatedTokens === 0
      ? "All by the endpoint's own numbers."
      : `Estimated: ${estimatedTokens} tokens belong to trials and calls in which the endpoint left out its usage, at least in part, so that it was counted here.`,
  ];
}

function finalPart({ final, sealed, seedHarness, champion }: Report): string[] {
  if (!final) return ['## Result', 'The final measurement has not been made.'];
  const same = seedHarness === champion;
  const rows = final.map(({ split, before, after, gain }) => [
    split,
    formatRate(before),
    formatRate(after),
    same ? 'same harness' : formatDifference(gain),
  ]);
  return [
    '## Result',
    'Pass rates of the seed and of the champion on fresh attempts that no decision rested on, with 95 % intervals over tasks.',
    tableOf(['split', 'before', 'after', 'gain'], rows),
    sealed
      ? `The sealed split: ${[openedTimes(sealed.openings), inline(sealed.note)].filter(Boolean).join(': ')}.`
      : '',
  ];
}

function controlsPart({ controls }: Report): string[] {
  if (!controls) return [];
  const { rows, money } = controls;
  const table = (split: 'heldIn' | 'heldOut') =>
    tableOf(
      [split, 'spent', 'passes', 'against the seed', 'the evolved harness is ahead by'],
      rows.map((row) => {
        const { rate, gain, lead } = row[split];
        const evolved = row.arm === 'evolved';
        return [
          controlLabel(row, money),
          row.outlay === null ? 'cannot be told' : outlayText(row.outlay, money),
          formatRate(rate),
          evolved && gain === null ? 'same harness' : formatDifference(gain),
          evolved ? '' : formatDifference(lead),
        ];
      }),
    );
  return ['## The same money without evolving', table('heldIn'), table('heldOut'), ...controlNotes(controls)];
}

function contractPart({ contract }: Report): string[] {
  const splits = Object.entries(contract.splits).map(([split, tasks]) => `${split} ${tasks}`);
  const rows = [
    ['contract', code(contract.digest)],
    ['model', inline(contract.model)],
    ['proposer', contract.proposer === null ? 'the model itself' : `${inline(contract.proposer)} (meta)`],
    ['suite', `${inline(contract.suite.name)}, ${code(contract.suite.digest)}`],
    ['tasks', splits.join(', ')],
    ['gate', `${contract.gate.kind}, ${code(JSON.stringify(contract.gate.settings))}`],
    ['limits of a trial', code(JSON.stringify(contract.limits))],
    ['sandbox', contract.sandbox.kind],
    ['runtime', inline(contract.runtime)],
    ['seed', String(contract.seed)],
  ];
  return ['## What was held fixed', tableOf(['', ''], rows), ...quarantinePart(contract.quarantine)];
}

function quarantinePart(quarantine: Report['contract']['quarantine']): string[] {
  const tasks = Object.entries(quarantine).map(([task, reason]) => `- ${inline(task)}: ${inline(reason)}`);
  if (tasks.length === 0) return [];
  return [`Quarantined, and so in no split: ${tasks.length} of the suite's tasks.`, tasks.join('\n')];
}

function calibrationPart({ calibration }: Report): string[] {
  if (!calibration) return [];
  return [
    '## Calibration',
    calibrationLines(calibration)
      .map((line) => `- ${inline(line)}`)
      .join('\n'),
  ];
}

function roundPart(round: ReportRound): string[] {
  const weaknesses = round.weaknesses.map(({ id, support, mendable, detail }) => [
    inline(id),
    String(support),
    mendable ? 'yes' : 'no',
    inline(detail ?? ''),
  ]);
  return [
    `## Round ${round.round}: ${round.decision}`,
    inline(round.reason),
    ...round.notes.map(inline),
    `Observed on heldIn before: ${formatRate(round.observed)}. Spent: ${formatSpend(round.spend)}.`,
    ...(weaknesses.length > 0
      ? [tableOf(['weakness', 'failed trials', 'mendable', 'what was seen'], weaknesses)]
      : []),
    ...comparisonPart(round),
    ...round.proposals.flatMap(proposalPart),
  ];
}

function comparisonPart({ comparison }: ReportRound): string[] {
  if (!comparison) return [];
  const rows = (['heldIn', 'heldOut'] as const).map((split) => {
    const { tasks, trials, incumbent, candidate, difference } = comparison[split];
    return [
      split,
      `${tasks} tasks, ${trials} trials`,
      formatRate(incumbent),
      formatRate(candidate),
      formatDifference(difference),
    ];
  });
  const p = comparison.p === null ? '' : `, p = ${comparison.p.toFixed(4)} at look ${comparison.looks}`;
  return [
    `${inline(comparison.arm)} against the incumbent, paired by task${p}:`,
    tableOf(['split', 'on', 'incumbent', 'candidate', 'difference'], rows),
  ];
}

function proposalPart(proposal: ReportProposal): string[] {
  const { id, decision, reason, summary, weakness, surface } = proposal;
  const audit = [
    ['against', weakness],
    ['surface', surface],
    ['mechanism', proposal.mechanism],
    ['expected effect', proposal.expectedEffect],
    ['risk', proposal.regressionRisk],
    ['decision', `${decision}. ${reason}`],
  ].flatMap(([what, text]) => (text ? [`- ${what}: ${inline(text)}`] : []));
  return [
    `### ${id}: ${decision}`,
    inline(summary),
    audit.join('\n'),
    proposal.diff === null ? '' : fenced(proposal.diff, 'diff'),
  ];
}

function underWayPart({ underWay }: Report): string[] {
  if (!underWay) return [];
  const lines = underWay.proposals.map(
    ({ id, surface, decision, summary, reason }) =>
      `- ${id} (${surface ?? decision}): ${inline(summary || reason)}`,
  );
  return [`## Round ${underWay.round}: under way, ${underWay.phase}`, lines.join('\n')];
}

function ablationPart({ ablation }: Report): string[] {
  if (!ablation) return [];
  const rows = ablation.edits.map(({ id, surface, summary, decision, pruned, heldIn, heldOut, reason }) => [
    id,
    `${surface}: ${inline(summary)}`,
    pruned ? 'pruned' : decision,
    formatDifference(heldIn),
    formatDifference(heldOut),
    inline(reason),
  ]);
  return [
    '## Leave one out',
    `Each promoted edit left out of ${code(ablation.final)} in turn, against that harness, on fresh attempts; differences are without the edit minus with it.`,
    tableOf(['edit', 'what', 'decision', 'heldIn', 'heldOut', 'reason'], rows),
    ablation.pruned.length > 0
      ? `Pruned: ${ablation.pruned.join(', ')}. The harness without them is ${code(ablation.harness)}.`
      : '',
  ];
}

function trustPart({ heldOut, falsePromotions, smallestGain }: Report): string[] {
  const looks = heldOut.rounds.map(({ round, looks }) => `round ${round}: ${looks}`).join(', ');
  const details = [
    ...(looks ? [`looks: ${looks}`] : []),
    ...(heldOut.ablations > 0 ? [`leaving edits out: ${heldOut.ablations}`] : []),
  ].join('; ');
  const lines = [
    `- heldOut was used by ${heldOut.decisions} decision(s)${details ? ` (${details})` : ''}. Each use wears it out a little.${heldOut.uses === null ? '' : ` With the last of them its tasks had been used ${heldOut.uses} time(s), over all evolutions of this registry.`}`,
    falsePromotions === null
      ? '- No round had a candidate, so none could be promoted falsely.'
      : `- Had no edit changed anything, this gate would have promoted ${count(falsePromotions.expected)} time(s) over these rounds, by ${falsePromotions.simulated} simulated rounds of this size.`,
    smallestGain.gain === null
      ? `- How small a gain could have been seen cannot be told (from ${smallestGain.from}).`
      : `- A true gain of less than about ${(smallestGain.gain * 100).toFixed(1)} points would have been missed at least one time in five (from ${smallestGain.from}).`,
  ];
  return ['## How far to trust this', lines.join('\n')];
}

function invalidPart(invalid: readonly InvalidTrialLine[]): string[] {
  if (invalid.length === 0) return ['## Invalid trials', 'None.'];
  const rows = invalid.map(({ task, purpose, attempt, harness, reason, again }) => [
    inline(task),
    inline(purpose),
    String(attempt),
    code(harness.slice(0, 12)),
    inline(reason),
    again ?? 'stayed invalid',
  ]);
  return [
    '## Invalid trials',
    'The infrastructure broke these. None of them is scored; those that were run again count once, by what they came to then.',
    tableOf(['task', 'for', 'attempt', 'harness', 'reason', 'run again'], rows),
  ];
}

function championPart({ championDiff, seedHarness, champion }: Report): string[] {
  if (seedHarness === champion) return ['## Champion', 'The seed: nothing was promoted.'];
  return [
    '## Champion',
    `${code(champion)}, from the seed ${code(seedHarness)}:`,
    fenced(championDiff, 'diff'),
  ];
}

function ledgerPart({ ledger }: Report): string[] {
  if (ledger.length === 0) return [];
  const rows = ledger.map(({ sequence, at, action, actor, harness, reason }) => [
    String(sequence),
    at.slice(0, 16).replace('T', ' '),
    action,
    inline(actor),
    code(harness.slice(0, 12)),
    inline(reason),
  ]);
  return ['## Ledger', tableOf(['entry', 'when (UTC)', 'what', 'who', 'harness', 'why'], rows)];
}

function count({ value, low, high }: Interval): string {
  return `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}
