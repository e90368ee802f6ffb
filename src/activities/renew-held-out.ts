import { splitTasks } from '../contract/tasks.js';
import type { Contract } from '../contract/types.js';
import { harnessDigest } from '../harness/digest.js';
import { entriesOfOthers, usesOf } from '../registry/entry.js';
import { drawTasks } from '../suite/split.js';
import type { Suite } from '../suite/types.js';
import { plural } from '../validation/words.js';
import type { Renewal, RenewInput } from '../workflows/types.js';
import { putCanonical } from './artifacts.js';
import type { WorkerContext } from './context.js';
import { runActivity } from './run.js';

/** As many tasks of the reserve in the place of a worn heldOut: seeded, so a retry draws the same. */
export function createRenewHeldOut(context: WorkerContext) {
  return (input: RenewInput): Promise<Renewal> =>
    runActivity(async () => {
      const { contract, suite } = await context.contract(input.contract);
      const { wear } = input;
      const ledger = entriesOfOthers(await context.registry(input.registry).ledger(), input);
      const needed = contract.split.heldOut.length;
      for (let renewals = 1; ; renewals++) {
        const { drawn, reserve } = drawOf(contract, suite, renewals);
        if (drawn === null) return { reserve, needed };
        if (renewals <= wear.renewals) continue;
        const digest = await putCanonical(context.store, splitTasks(contract, drawn));
        // Another evolution of this registry may have worn that one as well.
        const uses = usesOf(ledger, { split: 'heldOut', digest });
        if (uses >= wear.max) continue;
        await record(context, input, { digest, renewals, tasks: drawn.length });
        return { heldOut: drawn, wear: { ...wear, digest, uses, renewals } };
      }
    });
}

/** The so-manieth heldOut drawn from the reserve, none of whose tasks an earlier one had; null: it has too few left. */
function drawOf(
  contract: Contract,
  suite: Suite,
  renewals: number,
): { drawn: string[] | null; reserve: number } {
  const count = contract.split.heldOut.length;
  const reserve = new Set(contract.split.reserve);
  let left = suite.tasks.filter((task) => reserve.has(task.name) && task.environment.unsupported === null);
  for (let renewal = 1; ; renewal++) {
    if (left.length < count) return { drawn: null, reserve: left.length };
    const drawn = drawTasks(left, count, contract.seed + renewal);
    if (renewal === renewals) return { drawn, reserve: left.length };
    left = left.filter(({ name }) => !drawn.includes(name));
  }
}

async function record(
  context: WorkerContext,
  { name, contract, registry, incumbent, round, wear }: RenewInput,
  drawn: { digest: string; renewals: number; tasks: number },
): Promise<void> {
  const harness = await context.harness(incumbent);
  await context.registry(registry).putVersion(harness);
  await context.registry(registry).record({
    id: `held-out/${name}/${contract}/${drawn.renewals}`,
    at: new Date().toISOString(),
    actor: `evolution ${name}`,
    action: 'held-out-renewed',
    harness: harnessDigest(harness),
    parent: null,
    ref: null,
    reason: `heldOut ${wear.digest.slice(0, 12)} was used by ${plural(wear.uses, 'decision')} (heldOutUses.max ${wear.max}): from round ${round} on ${drawn.tasks} tasks of the reserve take its place`,
    evidence: { contract, heldOutBefore: wear.digest, heldOut: drawn.digest },
    evolution: name,
    round,
  });
}
