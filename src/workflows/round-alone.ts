/** A round that people start by itself. */
import { isDocument, refuse } from './inputs.js';
import { light, PREPARING } from './proxies.js';
import { allowanceFor } from './spend.js';
import type { RoundInput, RoundStart } from './types.js';

export async function prepareAlone(start: RoundStart): Promise<RoundInput> {
  if (!isDocument(start)) throw refuse('(document): expected {config, round}');
  const { config: _config, round = 1, ...unknown } = start;
  const [stray] = Object.keys(unknown);
  if (stray !== undefined) throw refuse(`${stray}: unknown; expected config, round`);
  if (!Number.isInteger(round) || round < 1) throw refuse('round: expected a whole number above 0');
  const prepared = await light.prepareEvolution.executeWithOptions(PREPARING, [start.config]);
  return {
    prepared,
    round,
    incumbent: prepared.seedHarness,
    history: null,
    allowance: allowanceFor(prepared, Date.now()),
  };
}
