/** What pieces of work cost so far, in a bounded form that adds up: a histogram over sizes that grow by a constant factor. */
import { ROLES, type Role } from './roles.js';

/** Width of a class of sizes: a quantile is told at most this factor too high, and never too low. */
const GROWTH = 1.15;
/** Share of such pieces that cost no more than what is reserved for the next one. */
export const UPPER_SHARE = 0.9;

export interface Sketch {
  /** The largest value; 0 where there is none. */
  most: number;
  /** How many values lie in each class: above GROWTH^(n-1), up to GROWTH^n; `z`: 0. */
  counts: Record<string, number>;
}

const MEASURES = ['tokens', 'usd', 'seconds'] as const;

/** Of pieces of one kind; what was never measured is left out. */
export type Costs = Partial<Record<(typeof MEASURES)[number], Sketch>>;
export type CostHistory = Partial<Record<Role, Costs>>;

/** One piece; null: unknown. */
export interface Cost {
  tokens: number;
  usd: number | null;
  seconds: number | null;
}

export function addCost(costs: Costs, cost: Cost): Costs {
  return combine(MEASURES, (measure) => {
    const value = cost[measure];
    return value === null ? costs[measure] : add(costs[measure], value);
  });
}

export function mergeCosts(a: Costs, b: Costs): Costs {
  return combine(MEASURES, (measure) => merge(a[measure], b[measure]));
}

export function mergeHistories(a: CostHistory, b: CostHistory): CostHistory {
  return combine(ROLES, (role) => (a[role] && b[role] ? mergeCosts(a[role], b[role]) : (a[role] ?? b[role])));
}

function combine<K extends string, T>(
  keys: readonly K[],
  of: (key: K) => T | undefined,
): Partial<Record<K, T>> {
  const entries = keys.map((key) => [key, of(key)] as const).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Record<K, T>>;
}

const NOTHING: Sketch = { most: 0, counts: {} };

/** The value that `share` of all values do not pass, at most `GROWTH` too high; null: there are none. */
export function quantile(sketch: Sketch | undefined, share: number): number | null {
  const { most, counts } = sketch ?? NOTHING;
  const classes = Object.entries(counts)
    .map(([name, count]) => ({ edge: name === 'z' ? 0 : GROWTH ** Number(name), count }))
    .sort((a, b) => a.edge - b.edge);
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  let below = 0;
  for (const { edge, count } of classes) {
    below += count;
    if (below >= share * total) return Math.min(edge, most);
  }
  return most;
}

function add({ most, counts }: Sketch | undefined = NOTHING, value: number): Sketch {
  const name = value > 0 ? String(Math.ceil(Math.log(value) / Math.log(GROWTH))) : 'z';
  return { most: Math.max(most, value), counts: { ...counts, [name]: (counts[name] ?? 0) + 1 } };
}

function merge(a: Sketch | undefined, b: Sketch | undefined): Sketch | undefined {
  if (!a || !b) return a ?? b;
  const counts = { ...a.counts };
  for (const [name, count] of Object.entries(b.counts)) counts[name] = (counts[name] ?? 0) + count;
  return { most: Math.max(a.most, b.most), counts };
}
