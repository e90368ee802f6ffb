/** What an evolution may cost, said before anything is spent. */
import type { EvolutionConfig } from '../contract/config.js';
import { formatCount } from '../report/format.js';
import { SEALED_DEFAULT } from '../suite/split.js';
import { estimateAblation } from '../validation/ablation.js';
import { estimateTrials } from '../validation/estimate.js';

/** Share of heldIn tasks assumed to fail in the observation and so to be screened. */
const ASSUMED_TARGETS = 0.25;

/** Lines with the trials as an interval, and the caps that are set. */
export function estimateLines(config: EvolutionConfig): string[] {
  const caps = Object.entries(config.budget).map(([name, value]) => `${name} ${value}`);
  const budget =
    caps.length > 0
      ? `budget: ${caps.join(', ')}`
      : 'budget: none set (`budget` in the configuration, or `self-harness budget NAME`)';
  if ('file' in config.split) return [`estimate: none, the sizes come from ${config.split.file}`, budget];
  const { heldIn, heldOut } = config.split;
  const sealed = config.unseal === 'at-end' ? (config.split.sealed ?? SEALED_DEFAULT) : 0;
  const tasks = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
  const inside = tasks('in', heldIn);
  const targets = inside.slice(0, Math.ceil(heldIn * ASSUMED_TARGETS));
  const { kind, ...settings } = config.gate;
  const round = estimateTrials({
    gate: kind,
    settings,
    heldIn: inside,
    heldOut: tasks('out', heldOut),
    candidates: Array.from({ length: config.width }, (_, i) => ({ arm: `p${i + 1}`, targets })),
    seed: config.seed,
  });
  const plan = { gate: kind, settings };
  const ablation = estimateAblation(plan, { tasks: heldIn + heldOut, edits: 1 });
  const leaving =
    config.ablation === 'off'
      ? ''
      : `; leaving one edit out takes ${formatCount(ablation.min)} to ${formatCount(ablation.max)} more`;
  const final = 2 * config.finalAttempts * (heldIn + heldOut + sealed);
  const rounds = config.rounds === 1 ? '1 round' : `${config.rounds} rounds`;
  const { enabled, attempts } = config.calibration;
  const calibration = enabled ? 2 * attempts * (heldIn + heldOut) : 0;
  const evolving = (perRound: number) => calibration + config.rounds * (perRound + heldIn);
  const controlled = (perRound: number) =>
    controlTrials(config, evolving(perRound), config.finalAttempts * (heldIn + heldOut));
  const total = (perRound: number) => formatCount(evolving(perRound) + final + controlled(perRound));
  const parts = [
    `estimate: ${total(round.min)} to ${total(round.max)} trials, likely ${total(round.likely)}`,
    ...(enabled ? [`${calibration} of them for the calibration`] : []),
    `for ${rounds} on ${heldIn} heldIn and ${heldOut} heldOut tasks`,
    ...(config.controls.length > 0 ? [`with the control arms ${config.controls.join(', ')}`] : []),
    ...(sealed > 0 ? [`then up to ${sealed} sealed ones`] : []),
  ];
  return [`${parts.join(', ')}${leaving}`, budget];
}

/** At equal trials: what dollars buy beyond that is not known before there are prices of trials. */
function controlTrials({ controls }: EvolutionConfig, evolving: number, measurement: number): number {
  const each = { 'no-op': measurement, 'best-of-n': evolving, 'random-edit': evolving + measurement };
  return controls.reduce((sum, kind) => sum + each[kind], 0);
}
