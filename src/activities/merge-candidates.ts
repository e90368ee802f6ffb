import { mergeEdits } from '../harness/merge.js';
import type { Proposal } from '../proposal/types.js';
import { MERGE } from '../validation/types.js';
import type { MergeInput, MergeReport } from '../workflows/types.js';
import { putCanonical } from './artifacts.js';
import type { WorkerContext } from './context.js';
import { runActivity } from './run.js';

/** Merges the survivors' edits into one candidate; where one member is left, the candidate is that member. */
export function createMergeCandidates(context: WorkerContext) {
  return (input: MergeInput): Promise<MergeReport> =>
    runActivity(async () => {
      const edits = await Promise.all(
        input.proposals.map(async ({ arm, proposal }) => {
          const { edit } = await context.store.getJson<Proposal>({ sha256: proposal });
          return { arm, edit };
        }),
      );
      const merged = mergeEdits(await context.harness(input.incumbent), edits);
      const [only] = merged.members;
      return {
        arm: merged.members.length === 1 && only ? only : MERGE,
        harness: await putCanonical(context.store, merged.harness),
        members: merged.members,
        dropped: merged.dropped,
      };
    });
}
