/** What an evolution may cost, said before anything is spent. */
import type { EvolutionConfig } from '../contract/config.js';
import { estimateTrials } from '../validation/estimate.js';
import { formatCount } from './format.js';

/** Lines with the trials as an interval; dollars only where a price is configured and a token cap bounds a trial. */
export async function estimateLines(config: EvolutionConfig): Promise<string[]> {
  const sizes = 'file' in config.split ? null : config.split;
  if (!sizes) return [`estimate: ${config.rounds} rounds; sizes come from ${'file' in config.split ? config.split.file : ''}`];
  const { heldIn, heldOut } = sizes;
  const round = estimateTrials({ heldIn, heldOut, width: config.width, gate: config.gate });
  const final = 2 * config.finalAttempts * (heldIn + heldOut);
  const total = (perRound: number) => config.rounds * (perRound + heldIn) + final;
  const caps = Object.entries(config.budget).map(([name, value]) => `${name} ${value}`);
  return [
    `estimate: ${formatCount(total(round.min))} to ${formatCount(total(round.max))} trials, likely ${formatCount(total(round.likely))}, on ${heldIn} heldIn and ${heldOut} heldOut tasks`,
    caps.length > 0 ? `budget: ${caps.join(', ')}` : 'budget: none set (budget in the configuration, or `self-harness budget NAME`)',
  ];
}
