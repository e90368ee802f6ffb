/** What an evolution came to, for people: edits, rates, what was rejected and why, spend. */
import pc from 'picocolors';
import { diffHarness, formatDiff } from '../harness/diff.js';
import type { Harness } from '../harness/schema.js';
import { formatDifference, formatRate, formatSpend } from '../report/format.js';
import type { EvolutionResult } from '../workflows/types.js';

export function formatSummary(result: EvolutionResult, seed: Harness, champion: Harness): string {
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
    pc.bold('decisions'),
    ...result.rounds.flatMap((round) => [
      `round ${round.round}: ${round.decision}. ${round.reason}`,
      ...round.proposals
        .filter((proposal) => proposal.decision !== 'promoted')
        .map(
          (proposal) =>
            `  ${proposal.id} ${proposal.decision}: ${proposal.summary || proposal.weakness} (${proposal.reason})`,
        ),
    ]),
    '',
    `spent: ${formatSpend(result.spend)}`,
  ];
  return lines.join('\n');
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
    '',
  ];
}
