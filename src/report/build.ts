/** From what is known of an evolution to its report, as data. Pure. */
import { diffHarness, formatDiff } from '../harness/diff.js';
import { smallestGain } from '../validation/detectable.js';
import { expectedFalsePromotions } from '../validation/false-promotions.js';
import { ablationLines } from '../workflows/ablation-lines.js';
import type { AblationRecordInput } from '../workflows/ablation-types.js';
import type { FinalMeasurement } from '../workflows/types.js';
import type {
  Report,
  ReportMeasurement,
  ReportProposal,
  ReportRound,
  ReportSource,
  RoundSource,
  SmallestGain,
} from './types.js';

/** Made-up rounds behind the expected number of false promotions: some seconds. */
const SIMULATIONS = 240;

export function buildReport(source: ReportSource): Report {
  const { contract, contractDigest, rounds, final } = source;
  return {
    name: source.name,
    status: source.status,
    doing: source.doing,
    contract: {
      digest: contractDigest,
      model: contract.model.name,
      proposer: contract.proposer?.name ?? null,
      suite: { name: contract.suite.name, digest: contract.suite.digest },
      splits: Object.fromEntries(
        Object.entries(contract.split).map(([split, tasks]: [string, string[]]) => [split, tasks.length]),
      ),
      gate: contract.gate,
      limits: contract.limits,
      sandbox: contract.sandbox,
      runtime: contract.runtime,
      seed: contract.seed,
      quarantine: contract.quarantine,
    },
    calibration: source.calibration,
    rounds: rounds.map(roundOf),
    underWay: source.underWay,
    final: final && measurements(final),
    sealed: final && { openings: final.sealedOpenings, note: final.sealedNote },
    controls: source.controls,
    ablation: source.ablation && ablationOf(source.ablation),
    heldOut: heldOutUses(source),
    falsePromotions: expectedFalsePromotions(
      rounds.map((round) => ({
        gate: contract.gate.kind,
        settings: contract.gate.settings,
        heldIn: contract.split.heldIn,
        heldOut: contract.split.heldOut,
        candidates: Object.entries(round.proposals).map(([arm, { targets }]) => ({ arm, targets })),
      })),
      { simulations: SIMULATIONS, seed: contract.seed },
    ),
    smallestGain: blindSpot(source),
    invalid: source.invalid,
    spend: source.spend,
    seedHarness: source.seedHarness.digest,
    champion: source.champion.digest,
    championDiff: formatDiff(diffHarness(source.seedHarness.harness, source.champion.harness)),
    ledger: source.ledger.map(({ sequence, at, action, actor, harness, round, reason }) => ({
      sequence,
      at,
      action,
      actor,
      harness,
      round,
      reason,
    })),
  };
}

function roundOf(source: RoundSource): ReportRound {
  const { round, decision, reason, notes, observed, comparison, spend } = source.result;
  const weaknesses = source.result.weaknesses.map((weakness) => ({
    ...weakness,
    detail: source.details[weakness.id] ?? null,
  }));
  const proposals = source.result.proposals.map((line): ReportProposal => {
    const known = source.proposals[line.id];
    return {
      ...line,
      mechanism: known?.proposal.mechanism ?? null,
      expectedEffect: known?.proposal.expectedEffect ?? null,
      regressionRisk: known?.proposal.regressionRisk ?? null,
      edit: known?.proposal.edit ?? null,
      diff: known && source.incumbent ? formatDiff(diffHarness(source.incumbent, known.harness)) : null,
    };
  });
  return { round, decision, reason, notes, observed, weaknesses, proposals, comparison, spend };
}

function ablationOf({ plan, passes, pruned, harness }: AblationRecordInput): Report['ablation'] {
  const before = passes[0]?.removed ?? [];
  return { final: plan.final, harness, pruned, edits: ablationLines(plan.edits, before, passes, pruned) };
}

/** Whatever splits were measured: `<split>Before`, `<split>After`, `<split>Gain`. */
function measurements(final: FinalMeasurement): ReportMeasurement[] {
  const fields = final as unknown as Record<string, ReportMeasurement['gain']>;
  return Object.keys(fields)
    .filter((field) => field.endsWith('Before'))
    .map((field) => field.slice(0, -'Before'.length))
    .filter((split) => split !== 'sealed' || final.sealedNote === '')
    .map((split) => ({
      split,
      before: fields[`${split}Before`] ?? null,
      after: fields[`${split}After`] ?? null,
      gain: fields[`${split}Gain`] ?? null,
    }));
}

/** How often the ledger says that heldOut was used, with how often each round looked at it. */
function heldOutUses({ ledger, contractDigest, rounds }: ReportSource): Report['heldOut'] {
  const uses = ledger.filter(
    ({ evidence, splitUse }) => evidence.contract === contractDigest && splitUse?.split === 'heldOut',
  );
  return {
    decisions: uses.length,
    ablations: uses.filter(({ action }) => action === 'ablation' || action === 'prune').length,
    rounds: rounds.flatMap(({ result: { round, comparison } }) =>
      comparison && comparison.heldOut.trials > 0 ? [{ round, looks: comparison.looks }] : [],
    ),
    uses: uses.at(-1)?.splitUse?.count ?? null,
  };
}

/** From the calibration, else from the last comparison that a decision rested on, else from the final measurement. */
function blindSpot({ rounds, final, contract, calibration }: ReportSource): SmallestGain {
  if (calibration?.power)
    return { gain: calibration.power.detectable, from: 'the calibration: a round of this gate, simulated' };
  const compared = rounds.filter(({ result }) => result.comparison !== null).at(-1)?.result;
  if (compared?.comparison) {
    const { heldIn, heldOut } = compared.comparison;
    return { gain: smallestGain([heldIn, heldOut]), from: `the last comparison, in round ${compared.round}` };
  }
  if (!final) return { gain: null, from: 'nothing has been compared' };
  const splits = (['heldIn', 'heldOut'] as const).map((split) => ({
    difference: final[`${split}Gain`],
    tasks: contract.split[split].length,
  }));
  return { gain: smallestGain(splits), from: 'the final measurement' };
}
