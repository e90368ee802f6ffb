/** What the store and the registry know beside a result. */
import { join } from 'node:path';
import { splitDigest } from '../contract/tasks.js';
import type { Contract } from '../contract/types.js';
import type { Harness } from '../harness/schema.js';
import { usesOf } from '../registry/entry.js';
import { createFileRegistry } from '../registry/file.js';
import { createFileStore } from '../store/file.js';
import type { Quarantine } from '../suite/types.js';
import type { EvolutionResult } from '../workflows/types.js';
import { type CategoryRow, finalByCategory } from './categories.js';

/** What an evolution's result names by digest, from the store of its state folder. */
export interface Named {
  seed: Harness;
  champion: Harness;
  quarantine: Quarantine;
  /** The final measurement by category; [] without one. */
  categories: CategoryRow[];
}

export async function loadNamed(stateDir: string, result: EvolutionResult): Promise<Named> {
  const store = createFileStore(join(stateDir, 'store'));
  const [seed, champion, contract] = await Promise.all([
    store.getJson<Harness>({ sha256: result.seedHarness }),
    store.getJson<Harness>({ sha256: result.champion }),
    store.getJson<Contract>({ sha256: result.contract }),
  ]);
  const categories = await finalByCategory(store, contract, result);
  return { seed, champion, quarantine: contract.quarantine, categories };
}

/**
 * The result with the openings of its sealed split as the ledger counts them by now: a figure stays marked by what came
 * after it. Where store or registry are not on this machine, as it was counted then.
 */
export async function withOpenings(stateDir: string, result: EvolutionResult): Promise<EvolutionResult> {
  const { final } = result;
  if (!final) return result;
  try {
    const contract = await createFileStore(join(stateDir, 'store')).getJson<Contract>({
      sha256: result.contract,
    });
    const digest = splitDigest(contract, contract.split.sealed);
    const counted = usesOf(await createFileRegistry(result.registry).ledger(), { split: 'sealed', digest });
    return { ...result, final: { ...final, sealedOpenings: Math.max(counted, final.sealedOpenings) } };
  } catch {
    return result;
  }
}
