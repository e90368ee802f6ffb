import { join } from 'node:path';
import type { Contract } from '../contract/types.js';
import type { Harness } from '../harness/schema.js';
import { createFileStore } from '../store/file.js';
import type { Quarantine } from '../suite/types.js';
import type { EvolutionResult } from '../workflows/types.js';

/** What an evolution's result names by digest, from the store of its state folder. */
export interface Named {
  seed: Harness;
  champion: Harness;
  quarantine: Quarantine;
}

export async function loadNamed(
  stateDir: string,
  result: Pick<EvolutionResult, 'seedHarness' | 'champion' | 'contract'>,
): Promise<Named> {
  const store = createFileStore(join(stateDir, 'store'));
  const [seed, champion, { quarantine }] = await Promise.all([
    store.getJson<Harness>({ sha256: result.seedHarness }),
    store.getJson<Harness>({ sha256: result.champion }),
    store.getJson<Contract>({ sha256: result.contract }),
  ]);
  return { seed, champion, quarantine };
}
