import { join } from 'node:path';
import type { Harness } from '../harness/schema.js';
import { createFileStore } from '../store/file.js';
import type { EvolutionResult } from '../workflows/types.js';

/** The harnesses that an evolution began and ended with, from the store of its state folder. */
export async function loadVersions(
  stateDir: string,
  result: Pick<EvolutionResult, 'seedHarness' | 'champion'>,
): Promise<{ seed: Harness; champion: Harness }> {
  const store = createFileStore(join(stateDir, 'store'));
  const [seed, champion] = await Promise.all([
    store.getJson<Harness>({ sha256: result.seedHarness }),
    store.getJson<Harness>({ sha256: result.champion }),
  ]);
  return { seed, champion };
}
