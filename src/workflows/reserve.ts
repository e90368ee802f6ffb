/**
 * Reservations: whether one more piece of work (a trial, a reading, a proposal) may start, and how far it may go.
 *
 * Each piece under way has a **ceiling** in tokens and dollars: it begins no call of the model that could take it past
 * (`src/activities/granted.ts` holds it to that, by what the call can cost at most). At its ceiling it asks for more. One piece at a time may be the
 * **last one**, without a ceiling: it is the one that a cap can be passed by.
 *
 * **Bound.** With a cap `C` that was set before the pieces started, the total ends at no more than `C` plus the whole cost of one piece.
 * Proof: let `S` be the cost of what has ended and `F` the sum of the ceilings of what is under way, the last one's left out.
 * (1) `admit` gives a ceiling only where `S + F` stays within `C`, and `extend` likewise. (2) A piece becomes the last one only while there is no
 * other and `S + F <= C`. (3) A piece with a ceiling `l` ends at a cost `c <= l`: `S` rises by `c`, `F` falls by `l`, so `S + F` does not
 * rise. Hence `S + F <= C` holds until a last one, of cost `d`, ends: then `S + F <= C + d`. If that is above `C`, nothing is
 * admitted or extended, and nobody becomes the last one, until `S + F <= C` holds again. So at every moment, and at the end with
 * `F = 0`, `S <= C + d` for the `d` of a single piece. The number of lanes, the order of ends and the shape of the costs do not enter;
 * nor do the figures of earlier costs: they decide only how many run side by side, and how rarely one has to ask.
 *
 * It holds of what is metered. It rests on `contextTokens` being no less than the model's window, and cannot know of
 * an answer that was billed and lost with its connection or its worker.
 */
import { tokensOf } from './spend.js';
import type { Allowance, Amount, Ceiling, Spend } from './types.js';

export interface Claim {
  /** null: the last one, without a ceiling. */
  ceiling: Ceiling | null;
  /** 1 for a trial, 0 for other calls of a model. */
  trials: 0 | 1;
}

export interface Account {
  allowance: Allowance;
  /** What has ended since the allowance was counted. */
  spent: Spend;
  /** What is under way, by its number. */
  claims: ReadonlyMap<number, Claim>;
}

/** What is known of a piece of work before it starts. */
export interface Piece {
  trials: 0 | 1;
  /** What nearly all such pieces cost no more than; null: there were none yet. */
  upper: Amount | null;
  /** Seconds, likewise. */
  seconds: number | null;
  /** What one call of the model can cost at most. */
  call: Amount;
}

export type Admission =
  | { kind: 'start'; ceiling: Ceiling | null }
  /** What is under way may end below its ceiling, and make room. */
  | { kind: 'wait' }
  | { kind: 'end' };

/** Pieces that run side by side while nobody knows what one costs: with a wide `lanes` most would end at their ceilings. */
const UNKNOWN_AT_ONCE = 4;

const DIMENSIONS = ['tokens', 'usd'] as const;
type Dimension = (typeof DIMENSIONS)[number];

/** @param lanes pieces that are to run side by side */
export function admit(account: Account, piece: Piece, lanes: number, now: number): Admission {
  const { claims } = account;
  const none: Admission = claims.size > 0 ? { kind: 'wait' } : { kind: 'end' };
  if (!hasTime(account, piece, now) || !hasTrials(account, piece)) return none;
  const dims = capped(account);
  // The last one, or one that began before a cap was set: nobody knows where it ends.
  if (dims.some((dim) => [...claims.values()].some(({ ceiling }) => ceiling?.[dim] === undefined)))
    return none;
  if (dims.length > 0 && piece.upper === null && claims.size >= UNKNOWN_AT_ONCE) return none;
  const needs = dims.map((dim) => ({ dim, room: room(account, dim), need: needOf(piece, dim) }));
  if (needs.every(({ need, room }) => need <= room && room > 0)) {
    const ceiling = Object.fromEntries(
      needs.map(({ dim, need, room }) => [dim, Math.max(need, room / (2 * lanes))]),
    );
    return { kind: 'start', ceiling };
  }
  const alone = needs.every(({ dim, room }) => room > 0 && (piece.upper?.[dim] ?? 0) <= room);
  return claims.size === 0 && alone ? { kind: 'start', ceiling: null } : none;
}

/**
 * The new ceiling of a piece under way that needs `needs` in all to go on; null: no ceiling, it is the last one; stop: there is no
 * money for it.
 */
export function extend(account: Account, id: number, needs: Amount, lanes: number): Ceiling | null | 'stop' {
  const claim = account.claims.get(id);
  if (!claim) return 'stop';
  const own = claim.ceiling;
  if (own === null) return null;
  const dims = capped(account).filter((dim) => own[dim] !== undefined);
  const wants = dims.map((dim) => ({ dim, more: needs[dim] - own[dim]!, room: room(account, dim) }));
  if (wants.every(({ more, room }) => more <= Math.max(0, room))) {
    const grown = wants
      .filter(({ more }) => more > 0)
      .map(({ dim, more, room }) => [dim, own[dim]! + Math.max(more, room / (2 * lanes))]);
    return { ...own, ...Object.fromEntries(grown) };
  }
  const hasLast = [...account.claims.values()].some(({ ceiling }) => ceiling === null);
  return !hasLast && wants.every(({ dim, room }) => room + own[dim]! >= 0) ? null : 'stop';
}

function needOf({ upper, call }: Piece, dim: Dimension): number {
  return (upper?.[dim] ?? call[dim]) + call[dim];
}

/** What is left beside all ceilings. */
function room({ allowance, spent, claims }: Account, dim: Dimension): number {
  const used = dim === 'tokens' ? tokensOf(spent) : (spent.usd ?? 0);
  const held = [...claims.values()].reduce((sum, { ceiling }) => sum + (ceiling?.[dim] ?? 0), 0);
  return allowance[dim]! - used - held;
}

function capped({ allowance }: Account): Dimension[] {
  return DIMENSIONS.filter((dim) => allowance[dim] !== undefined);
}

function hasTime({ allowance: { until } }: Account, { seconds }: Piece, now: number): boolean {
  return until === undefined || (now < until && now + (seconds ?? 0) * 1000 <= until);
}

function hasTrials({ allowance, spent, claims }: Account, piece: Piece): boolean {
  const running = [...claims.values()].reduce((sum, { trials }) => sum + trials, 0);
  return allowance.trials === undefined || spent.trials + running + piece.trials <= allowance.trials;
}
