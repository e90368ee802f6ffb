/** What kept answers of a model cost: kept beside them, so that their money is told once, whatever dies in between. */
import type { ArtifactStore } from '../store/types.js';
import type { TrialSpec } from '../trial/types.js';
import { addSpend, NO_SPEND } from '../workflows/spend.js';
import type { Bill, Spend } from '../workflows/types.js';
import type { ActivityRun } from './run.js';

/** An evolution under one contract: what shares its trials, and its budget. */
export interface Payer {
  contract: string;
  evolution: string;
}

/** The purpose of a trial begins with the name of its evolution. */
export function payerOf({ contract, purpose }: Pick<TrialSpec, 'contract' | 'purpose'>): Payer {
  return { contract, evolution: purpose.split('/', 1)[0]! };
}

interface KeptCost extends Payer {
  /** The workflow run that paid. */
  run: string;
  spend: Spend;
}

/** Costs of what lies under `key` in an area of the store. */
export function costsOf(store: ArtifactStore, area: string, key: string, { run }: Pick<ActivityRun, 'run'>) {
  const costs = areaOf(area);
  return {
    /** Before the answer itself is kept. */
    keep: (spend: Spend, { contract, evolution }: Payer): Promise<KeptCost> =>
      store.putKeyed<KeptCost>(costs, key, { run, contract, evolution, spend }),
    /** Of an answer that was found. */
    async bill(): Promise<Bill> {
      const kept = await store.getKeyed<KeptCost>(costs, key);
      if (!kept) return { spend: NO_SPEND };
      return kept.run === run ? { spend: kept.spend } : { spend: kept.spend, before: kept.spend };
    },
  };
}

/** All that a payer's kept answers in these areas cost. */
export async function costsBy(
  store: ArtifactStore,
  areas: readonly string[],
  { contract, evolution }: Payer,
): Promise<Spend> {
  let sum = NO_SPEND;
  for (const area of areas.map(areaOf)) {
    for await (const key of store.listKeyed(area)) {
      const kept = await store.getKeyed<KeptCost>(area, key);
      if (kept?.contract === contract && kept.evolution === evolution) sum = addSpend(sum, kept.spend);
    }
  }
  return sum;
}

function areaOf(area: string): string {
  return `${area}-costs`;
}
