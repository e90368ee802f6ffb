/** heldOut wears out: each decision that saw its scores tells the next edits a little about its tasks. */
import { plural } from '../validation/words.js';
import { light } from './proxies.js';
import { type Steering, StopRequested } from './steering.js';
import type { HeldOutWear, Prepared } from './types.js';

/** What people are told when a decision was one use too many. */
export function wornNotes(uses: number | null, { max }: Pick<HeldOutWear, 'max'>): string[] {
  if (uses === null || uses <= max) return [];
  return [
    `heldOut has been used by ${uses} decisions, more than heldOutUses.max (${max}): what it says of further edits is worth less and less. Another split or \`heldOutUses.past: renew\` mends that.`,
  ];
}

/**
 * Before a round: where heldOut is worn and is to be renewed, tasks of the reserve take its place in `prepared`.
 * Returns what people should know of it.
 */
export async function renewWorn(
  prepared: Prepared,
  { incumbent, round }: { incumbent: string; round: number },
  steering: Steering,
): Promise<string[]> {
  const { name, contract, registry, wear } = prepared;
  if (wear.past !== 'renew' || wear.uses < wear.max) return [];
  try {
    const renewal = await steering.persist(() =>
      light.renewHeldOut({ name, contract, registry, incumbent, round, wear }),
    );
    if ('needed' in renewal) {
      return [
        `heldOut was used by ${plural(wear.uses, 'decision')} and is not drawn anew: the reserve has ${renewal.reserve} tasks for it, and ${renewal.needed} are needed.`,
      ];
    }
    prepared.heldOut = renewal.heldOut;
    prepared.wear = renewal.wear;
    return [
      `heldOut was used by ${plural(wear.uses, 'decision')}: ${renewal.heldOut.length} tasks of the reserve took its place.`,
    ];
  } catch (error) {
    // The round that comes next ends at once.
    if (error instanceof StopRequested) return [];
    throw error;
  }
}
