/** What an evolution may cost, said before anything is spent. */
import type { EvolutionConfig } from '../contract/config.js';
import { formatCount } from '../report/format.js';
import { SEALED_DEFAULT } from '../suite/split.js';
import { estimateEvolution } from '../validation/estimate.js';

/** Lines with the trials as an interval, and the caps that are set. Tokens and dollars follow from the first trials: `forecastOf`. */
export function estimateLines(config: EvolutionConfig): string[] {
  const caps = Object.entries(config.budget).map(([name, value]) => `${name} ${value}`);
  const budget =
    caps.length > 0
      ? `budget: ${caps.join(', ')}`
      : 'budget: none set (`budget` in the configuration, or `self-harness budget NAME`)';
  if ('file' in config.split) return [`estimate: none, the sizes come from ${config.split.file}`, budget];
  const { heldIn, heldOut } = config.split;
  const sealed = config.unseal === 'at-end' ? (config.split.sealed ?? SEALED_DEFAULT) : 0;
  const { kind, ...settings } = config.gate;
  const { enabled, attempts } = config.calibration;
  const { total, calibration, ablation } = estimateEvolution({
    ...{ gate: kind, settings, seed: config.seed, heldIn, heldOut, sealed },
    ...{ rounds: config.rounds, width: config.width, finalAttempts: config.finalAttempts },
    calibrationAttempts: enabled ? attempts : 0,
    controls: config.controls,
  });
  const leaving =
    config.ablation === 'off'
      ? ''
      : `; leaving one edit out takes ${formatCount(ablation.min)} to ${formatCount(ablation.max)} more`;
  const rounds = config.rounds === 1 ? '1 round' : `${config.rounds} rounds`;
  const parts = [
    `estimate: ${formatCount(total.min)} to ${formatCount(total.max)} trials, likely ${formatCount(total.likely)}`,
    ...(enabled ? [`${calibration} of them for the calibration`] : []),
    `for ${rounds} on ${heldIn} heldIn and ${heldOut} heldOut tasks`,
    ...(config.controls.length > 0 ? [`with the control arms ${config.controls.join(', ')}`] : []),
    ...(sealed > 0 ? [`then up to ${sealed} sealed ones`] : []),
  ];
  return [`${parts.join(', ')}${leaving}`, budget];
}
