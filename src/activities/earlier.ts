/** What an evolution has cost before the workflow run that asks: its caps hold for all of its runs together. */
import type { Contract } from '../contract/types.js';
import type { Usage } from '../model/types.js';
import type { ArtifactStore } from '../store/types.js';
import { invalidTrials, resultsOf } from '../trial/invalid.js';
import { TRIALS } from '../trial/key.js';
import { BROKEN_TRIES, type BrokenTry } from '../trial/tries.js';
import type { Role } from '../workflows/roles.js';
import { addSpend, NO_SPEND } from '../workflows/spend.js';
import type { Spend } from '../workflows/types.js';
import { costsBy, isSame, type Payer, payerOf, usageSpend } from './costs.js';
import { ATTRIBUTIONS } from './observed.js';
import { PROPOSALS } from './propose-edit.js';

/** Attempts that people measured by themselves: no evolution takes them over. */
const measuredBy = ({ evolution }: Payer) => `${evolution}/measure`;

/**
 * By what lies in the store: trials with a result, tries that broke, readings and proposals of this name under this
 * contract, whichever workflow run paid for them. For one that runs for the first time: nothing.
 */
export async function paidEarlier(store: ArtifactStore, contract: Contract, payer: Payer): Promise<Spend> {
  const price = (usage: Usage, role: Role = 'agent'): Spend =>
    usageSpend(role, role === 'agent' ? contract.model : (contract.proposer ?? contract.model), usage);
  const known = { digest: payer.contract, tasks: contract.tasks };
  const purpose = `${payer.evolution}/`;
  let sum = await costsBy(store, [ATTRIBUTIONS, PROPOSALS], payer);
  for await (const result of resultsOf(store, TRIALS, known, purpose)) {
    if (result.purpose === measuredBy(payer)) continue;
    const { seconds, usageEstimated: estimated } = result;
    sum = addSpend(sum, { ...price({ ...result, estimated }), trials: 1, seconds });
  }
  // What an invalid trial spent is noted with its tries; mended and run again, it counts once.
  for (const { result, again } of await invalidTrials(store, known, purpose)) {
    if (again || result.purpose === measuredBy(payer)) continue;
    sum = addSpend(sum, { ...NO_SPEND, trials: 1, invalid: 1, seconds: result.seconds });
  }
  for await (const key of store.listKeyed(BROKEN_TRIES)) {
    const broken = await store.getKeyed<BrokenTry>(BROKEN_TRIES, key);
    if (broken && isOf(broken, payer)) sum = addSpend(sum, price(broken.usage, broken.role));
  }
  return sum;
}

function isOf(broken: BrokenTry, payer: Payer): boolean {
  return isSame(payerOf(broken), payer) && broken.purpose !== measuredBy(payer);
}
