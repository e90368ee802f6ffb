/** How a harness came to be, as the ledger tells it. */
import type { LedgerEntry } from './types.js';

export interface PromotionChain {
  contract: string;
  /** Digest of the harness before the first promotion. */
  start: string;
  /** Oldest first. */
  promotions: LedgerEntry[];
  /** Digest of the harness after the last one. */
  final: string;
  /** The latest pruning since then; null: none. */
  pruned: LedgerEntry | null;
}

/**
 * The promotions of an evolution that led, one from the other, to the last one. An evolution that was run again may have
 * others: those that no later one started from are not in it. null: it promoted nothing.
 */
export function promotionChain(ledger: readonly LedgerEntry[], evolution: string): PromotionChain | null {
  const own = ledger.filter((entry) => entry.evolution === evolution);
  const promotions = own.filter(({ action }) => action === 'promotion');
  const last = promotions.at(-1);
  if (!last) return null;
  const { contract = '' } = last.evidence;
  const chain = [last];
  for (;;) {
    const [first] = chain;
    const before = promotions.findLast(
      ({ sequence, harness, evidence }) =>
        sequence < first!.sequence && harness === first!.parent && evidence.contract === contract,
    );
    if (!before) break;
    chain.unshift(before);
  }
  const pruned = own.findLast(({ action, sequence }) => action === 'prune' && sequence > last.sequence);
  return {
    contract,
    start: chain[0]!.parent!,
    promotions: chain,
    final: last.harness,
    pruned: pruned ?? null,
  };
}
