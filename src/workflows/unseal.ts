/** `unseal`: opens the sealed split of an evolution on a person's word. */
import { ApplicationFailure, setCurrentDetails } from '@temporalio/workflow';
import { sealedDetails } from './details.js';
import { isDocument, refuse } from './inputs.js';
import { Purse } from './purse.js';
import { measureSealed } from './sealed.js';
import { createSteering } from './steering.js';
import type { Unsealed, UnsealInput } from './types.js';

/**
 * Seed and champion on the sealed tasks. The ledger says so before any trial runs; an opening that died midway goes on
 * when it is started again with the same input, and is still one opening.
 */
export async function unseal(input: UnsealInput): Promise<Unsealed> {
  if (!isDocument(input))
    throw refuse('(document): expected {name, contract, seedHarness, champion, registry}');
  const steering = createSteering();
  setCurrentDetails('opening the sealed split');
  const purse = new Purse({ allowance: {}, lanes: 1 }, steering);
  const { figures, problems, complete, refused } = await measureSealed(input, {
    steering,
    purse,
    call: { tokens: 0, usd: 0 },
    onBatch: () => {},
  });
  if (refused !== null) throw ApplicationFailure.nonRetryable(refused, 'StaysSealed');
  if (!complete) throw ApplicationFailure.nonRetryable(figures.sealedNote, 'Stopped');
  setCurrentDetails(sealedDetails(figures));
  const { name, contract, seedHarness, champion, reason = '' } = input;
  return { name, contract, seedHarness, champion, reason, ...figures, spend: purse.bill.spend, problems };
}
