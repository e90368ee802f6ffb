import type { ProposalResult } from './types.js';

/** Two slots that came to the same harness are one candidate: the later is refused as a repeat. */
export function dedupe(results: readonly ProposalResult[]): ProposalResult[] {
  const first = new Map<string, string>();
  return results.map((result) => {
    if (result.kind !== 'proposed') return result;
    const earlier = first.get(result.harness);
    if (earlier === undefined) {
      first.set(result.harness, result.id);
      return result;
    }
    const { id, slot, weakness } = result;
    return { kind: 'refused', id, slot, weakness, reason: `a repeat: the same harness as ${earlier}` };
  });
}
