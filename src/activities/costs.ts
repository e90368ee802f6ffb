/** What kept answers of a model cost: kept beside them, so that their money is told once, whatever dies in between. */
import type { ArtifactStore } from '../store/types.js';
import { NO_SPEND } from '../workflows/spend.js';
import type { Bill, Spend } from '../workflows/types.js';
import type { ActivityRun } from './run.js';

interface KeptCost {
  /** The workflow run that paid. */
  run: string;
  spend: Spend;
}

/** Costs of what lies under `key` in an area of the store. */
export function costsOf(store: ArtifactStore, area: string, key: string, { run }: Pick<ActivityRun, 'run'>) {
  const costs = `${area}-costs`;
  return {
    /** Before the answer itself is kept. */
    keep: (spend: Spend): Promise<KeptCost> => store.putKeyed<KeptCost>(costs, key, { run, spend }),
    /** Of an answer that was found. */
    async bill(): Promise<Bill> {
      const kept = await store.getKeyed<KeptCost>(costs, key);
      if (!kept) return { spend: NO_SPEND };
      return kept.run === run ? { spend: kept.spend } : { spend: kept.spend, before: kept.spend };
    },
  };
}
