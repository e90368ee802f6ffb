import type { Call, TrialView } from '../calls.js';
import type { CausalStatus, Mechanism } from '../types.js';

/** One behaviour that a detector saw in a trace. */
export interface Finding {
  mechanism: Mechanism;
  /** 0-1: how sure the trace makes it that this is what went wrong. From `STRONG` on it outweighs a model's reading. */
  strength: number;
  status: CausalStatus;
  /** One sentence with the counts; no text of the trace beyond names. */
  detail: string;
  /** The calls that show it, most telling first. */
  calls: Call[];
}

/** Looks for one mechanism. Deterministic, linear in the trace but for small bounded scans. */
export type Detector = (view: TrialView) => Finding | null;

export const STRONG = 0.7;

/** A finding whose status follows from its strength. */
export function finding(mechanism: Mechanism, strength: number, detail: string, calls: Call[]): Finding {
  const status = strength >= STRONG ? 'root-cause' : 'contributor';
  return { mechanism, strength, status, detail, calls };
}

/** The same behaviour, but the agent got over it: seen, hardly the cause. */
export function recovered(found: Finding): Finding {
  return { ...found, strength: Math.min(found.strength, 0.3), status: 'recovered-friction' };
}

/** `3 calls`, `1 call`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
