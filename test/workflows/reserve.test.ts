/** Caps under concurrency: whatever pieces of work cost, the total passes a cap by one piece's cost at most. */
import fc from 'fast-check';
import { addCost, type Costs, mergeCosts, quantile } from '../../src/workflows/costs.js';
import { type Account, admit, type Claim, extend, type Piece } from '../../src/workflows/reserve.js';
import { NO_SPEND } from '../../src/workflows/spend.js';
import type { Allowance } from '../../src/workflows/types.js';

const LANES = 16;
const PRICE = 1e-5;
/** What one call can cost at most, tokens. */
const CALL = 2000;

interface Event {
  /** Which of those under way does something. */
  lane: number;
  kind: 'call' | 'end' | 'death' | 'continue';
  /** Tokens of a call. */
  tokens: number;
}

/** Most calls are small, some are a hundred times as large. */
const heavyTailed = fc
  .double({ min: 0, max: 1, noNaN: true })
  .map((share) => Math.ceil(CALL * (0.02 / (0.02 + (1 - share))) ** 0.7));
const alike = fc.integer({ min: CALL * 0.8, max: CALL });

function events(tokens: fc.Arbitrary<number>, ends: number): fc.Arbitrary<Event[]> {
  const kind = fc.oneof(
    { weight: 20, arbitrary: fc.constant('call' as const) },
    { weight: ends, arbitrary: fc.constant('end' as const) },
    { weight: 1, arbitrary: fc.constant('death' as const) },
    { weight: 1, arbitrary: fc.constant('continue' as const) },
  );
  const event = fc.record({ lane: fc.nat(LANES - 1), kind, tokens });
  return fc.array(event, { minLength: 50, maxLength: 600, size: 'max' });
}

/**
 * A program under a cap, as the workflow and its activities play it: pieces start when they may, ask before a call that could take them past their
 * ceiling, lose their worker and begin anew under the ceiling that they were started with, and now and then everything known is written down, nothing being
 * under way, and read again.
 */
class Play {
  spentTokens = 0;
  stopped = 0;
  readonly costs: number[] = [];
  private costsSeen: Costs = {};
  private claims = new Map<number, Claim>();
  private running = new Map<number, { used: number; ceiling: Claim['ceiling']; first: Claim['ceiling'] }>();
  private ids = 0;
  over = false;

  constructor(private readonly allowance: Allowance) {}

  run(events: readonly Event[]): void {
    for (const event of events) {
      while (!this.over && this.running.size < LANES && this.start());
      const id = [...this.running.keys()][event.lane % Math.max(1, this.running.size)];
      if (id === undefined) return;
      if (event.kind === 'call') this.call(id, event.tokens);
      else if (event.kind === 'end') this.end(id);
      else if (event.kind === 'death') this.die(id);
      else this.continueAsNew();
    }
    for (const id of [...this.running.keys()]) this.end(id);
  }

  private get account(): Account {
    const spent = { ...NO_SPEND, promptTokens: this.spentTokens, usd: this.spentTokens * PRICE, trials: 0 };
    return { allowance: this.allowance, spent, claims: this.claims };
  }

  private start(): boolean {
    const upper = quantile(this.costsSeen.tokens, 0.9);
    const piece: Piece = {
      trials: 1,
      upper: upper === null ? null : { tokens: upper, usd: upper * PRICE },
      seconds: null,
      call: { tokens: CALL, usd: CALL * PRICE },
    };
    const admission = admit(this.account, piece, LANES, 0);
    if (admission.kind === 'end') this.over = true;
    if (admission.kind !== 'start') return false;
    const id = ++this.ids;
    this.claims.set(id, { ceiling: admission.ceiling, trials: 1 });
    this.running.set(id, { used: 0, ceiling: admission.ceiling, first: admission.ceiling });
    return true;
  }

  private call(id: number, tokens: number): void {
    const piece = this.running.get(id)!;
    const needs = { tokens: piece.used + CALL, usd: (piece.used + CALL) * PRICE };
    const { ceiling } = piece;
    const fits =
      ceiling === null ||
      ((ceiling.tokens ?? Infinity) >= needs.tokens && (ceiling.usd ?? Infinity) >= needs.usd);
    if (!fits) {
      const next = extend(this.account, id, needs, LANES);
      if (next === 'stop') {
        this.stopped += 1;
        this.over = true;
        this.end(id);
        return;
      }
      piece.ceiling = next;
      this.claims.set(id, { ceiling: next, trials: 1 });
    }
    piece.used += tokens;
  }

  /** What was used until then stays used; the next attempt knows only the first ceiling. */
  private die(id: number): void {
    const piece = this.running.get(id)!;
    piece.ceiling = piece.first;
  }

  private end(id: number): void {
    const { used } = this.running.get(id)!;
    this.running.delete(id);
    this.claims.delete(id);
    this.spentTokens += used;
    this.costs.push(used);
    if (used > 0) this.costsSeen = addCost(this.costsSeen, { tokens: used, usd: used * PRICE, seconds: 0 });
  }

  private continueAsNew(): void {
    for (const id of [...this.running.keys()]) this.end(id);
    this.costsSeen = JSON.parse(JSON.stringify(this.costsSeen));
    this.claims = new Map();
  }
}

const caps: fc.Arbitrary<Allowance> = fc.oneof(
  fc.record({ tokens: fc.integer({ min: 1, max: 60_000 }) }),
  fc.record({ usd: fc.double({ min: 0.00001, max: 0.6, noNaN: true }) }),
  fc.record({
    tokens: fc.integer({ min: 1, max: 60_000 }),
    usd: fc.double({ min: 0.00001, max: 0.6, noNaN: true }),
  }),
);

test('no cap is passed by more than the cost of one piece, whatever they cost, with sixteen at once, deaths and new runs', () => {
  fc.assert(
    fc.property(
      caps,
      fc.oneof(events(heavyTailed, 1), events(alike, 1), events(alike, 20)),
      (allowance, all) => {
        const play = new Play(allowance);
        play.run(all);
        const most = Math.max(0, ...play.costs);
        expect(play.spentTokens).toBeLessThanOrEqual((allowance.tokens ?? Infinity) + most);
        expect(play.spentTokens * PRICE).toBeLessThanOrEqual(
          (allowance.usd ?? Infinity) + most * PRICE + 1e-9,
        );
      },
    ),
    { numRuns: 400, seed: 11 },
  );
});

test('the money is used: with pieces that cost alike, less than one reservation is left over and none is stopped', () => {
  const play = new Play({ tokens: 400_000 });
  const steady = Array.from({ length: 20_000 }, (_, i): Event => {
    const lane = Math.floor(i / 6) % LANES;
    return { lane, kind: i % 6 === 5 ? 'end' : 'call', tokens: 100 };
  });
  play.run(steady);
  expect(play.over).toBe(true);
  expect(play.stopped).toBe(0);
  expect(play.spentTokens).toBeGreaterThan(400_000 - 1000);
  expect(play.spentTokens).toBeLessThanOrEqual(400_000);
});

test('what is not limited is never held back, and asks nothing', () => {
  const piece: Piece = { trials: 1, upper: null, seconds: null, call: { tokens: 1e6, usd: 10 } };
  const admission = admit({ allowance: {}, spent: NO_SPEND, claims: new Map() }, piece, 16, 0);
  expect(admission).toEqual({ kind: 'start', ceiling: {} });
});

test('under a cap few begin while nobody knows what one costs, and as many as there are lanes once it is known', () => {
  const call = { tokens: 10, usd: 0 };
  const claims = new Map(
    Array.from({ length: 4 }, (_, i) => [i, { ceiling: { tokens: 20 }, trials: 1 as const }]),
  );
  const account = { allowance: { tokens: 1e6 }, spent: NO_SPEND, claims };
  const unknown: Piece = { trials: 1, upper: null, seconds: null, call };
  expect(admit(account, unknown, 64, 0).kind).toBe('wait');
  expect(admit({ ...account, allowance: {} }, unknown, 64, 0).kind).toBe('start');
  expect(admit(account, { ...unknown, upper: { tokens: 50, usd: 0 } }, 64, 0).kind).toBe('start');
});

test('trials under way count, and time is kept for what such a trial takes', () => {
  const piece: Piece = { trials: 1, upper: null, seconds: 60, call: { tokens: 0, usd: 0 } };
  const claims = (count: number) =>
    new Map(Array.from({ length: count }, (_, i) => [i, { ceiling: {}, trials: 1 as const }]));
  const spent = { ...NO_SPEND, trials: 1 };
  expect(admit({ allowance: { trials: 3 }, spent, claims: claims(1) }, piece, 4, 0).kind).toBe('start');
  expect(admit({ allowance: { trials: 3 }, spent, claims: claims(2) }, piece, 4, 0).kind).toBe('wait');
  expect(admit({ allowance: { trials: 1 }, spent, claims: claims(0) }, piece, 4, 0).kind).toBe('end');
  const timed = (now: number) =>
    admit({ allowance: { until: 100_000 }, spent, claims: claims(0) }, piece, 4, now);
  expect(timed(40_000).kind).toBe('start');
  expect(timed(40_001).kind).toBe('end');
});

test('while one piece is past the cap, nothing else starts', () => {
  const piece: Piece = {
    trials: 1,
    upper: { tokens: 10, usd: 0 },
    seconds: null,
    call: { tokens: 0, usd: 0 },
  };
  const claims = new Map([[1, { ceiling: null, trials: 1 as const }]]);
  expect(admit({ allowance: { tokens: 1000 }, spent: NO_SPEND, claims }, piece, 4, 0).kind).toBe('wait');
});

test('a quantile of what was seen is never too low, and at most 15 % too high', () => {
  const values = fc.array(fc.double({ min: 0.001, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
      const [left, right] = [all.slice(0, 20), all.slice(20)].map((part) =>
        part.reduce<Costs>((costs, tokens) => addCost(costs, { tokens, usd: null, seconds: 0 }), {}),
      );
      const told = quantile(mergeCosts(left!, right!).tokens, share)!;
      const exact = [...all].sort((a, b) => a - b)[Math.ceil(share * all.length - 1e-9) - 1]!;
      expect(told).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
      expect(told).toBeLessThanOrEqual(exact * 1.15 * (1 + 1e-9));
    }),
  );
  expect(quantile(undefined, 0.9)).toBeNull();
});
