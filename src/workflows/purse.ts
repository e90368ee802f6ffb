/** The money of one workflow: what it may spend, what it spent, what is reserved for the pieces of work under way. */
import { condition, setHandler } from '@temporalio/workflow';
import { addCost, type CostHistory, mergeHistories, quantile, UPPER_SHARE } from './costs.js';
import { isAllowance } from './inputs.js';
import { allowanceSignal, extendUpdate } from './messages.js';
import { type Account, admit, type Claim, extend, type Piece } from './reserve.js';
import type { Role } from './roles.js';
import {
  addSpend,
  isExhausted,
  isNothing,
  NO_SPEND,
  reduceAllowance,
  subtractSpend,
  tokensOf,
} from './spend.js';
import type { Steering } from './steering.js';
import type { Allowance, Amount, Bill, Ceiling, Grant, Spend } from './types.js';

export interface PurseOptions {
  allowance: Allowance;
  /** What one call can cost at most; undefined: unknown, then a piece asks before its first call. */
  calls?: Partial<Record<Role, Amount>>;
  /** What pieces cost before this workflow began. */
  known?: CostHistory;
  /** Pieces of work that run side by side. */
  lanes: number;
  /** Called when it may spend more or less than before. */
  onChange?: () => void;
}

/** The part of a piece's report that money is about. */
export interface Paid extends Bill {
  /** Its money was used up before it came to its end. */
  stopped: boolean;
}

interface Borrower {
  signal(definition: typeof allowanceSignal, allowance: Allowance): Promise<void>;
}

const NO_CALL: Amount = { tokens: 0, usd: 0 };

export class Purse {
  /** What was paid from it: what was taken over from other runs is not in it. */
  spend: Spend = NO_SPEND;
  private before: Spend = NO_SPEND;
  /** Costs of what ended here. */
  costs: CostHistory = {};
  /** A piece of work was not started, or not brought to its end, for want of money: no other one starts. */
  ended = false;
  private allowance: Allowance;
  private readonly claims = new Map<number, Claim>();
  private pieces = 0;
  private borrower: Borrower | null = null;
  private told = '';
  private telling = false;

  constructor(
    private readonly options: PurseOptions,
    private readonly steering: Steering,
  ) {
    this.allowance = options.allowance;
    setHandler(allowanceSignal, (allowance) => {
      if (isAllowance(allowance)) this.refill(allowance);
    });
    setHandler(extendUpdate, ({ id, ...needs }) => this.extend(id, needs), {
      validator: (request) => {
        if (![request?.id, request?.tokens, request?.usd].every(Number.isFinite))
          throw new Error('expected {id, tokens, usd}');
      },
    });
  }

  /** Pieces of work under way. */
  get running(): number {
    return this.claims.size;
  }

  get exhausted(): boolean {
    return isExhausted(this.allowance, this.spend, Date.now());
  }

  /** What is left, for a child that runs while nothing else does. */
  get left(): Allowance {
    return reduceAllowance(this.allowance, this.spend);
  }

  get known(): CostHistory {
    return mergeHistories(this.options.known ?? {}, this.costs);
  }

  /** From now on this may be spent, counted from the start as before. */
  refill(allowance: Allowance): void {
    this.allowance = allowance;
    void this.tell();
    this.options.onChange?.();
  }

  /** What everything that was done here costs, whoever paid. */
  get bill(): Bill {
    const spend = addSpend(this.spend, this.before);
    return isNothing(this.before) ? { spend } : { spend, before: this.before };
  }

  /** What something else cost that has ended. */
  charge(bill: Bill, costs: CostHistory): void {
    this.take(bill);
    this.costs = mergeHistories(this.costs, costs);
  }

  /**
   * Runs a piece of work as soon as there is money for it, and takes what it cost.
   * null: there is no money for it, it was stopped at its ceiling, or people said stop; or `work` answered null, having cost nothing.
   */
  async pay<T>(
    role: Role,
    work: (grant: Grant | undefined) => Promise<T | null>,
    paid: (report: T) => Paid,
  ): Promise<T | null> {
    const id = await this.open(role);
    if (id === null) return null;
    try {
      const report = await work(this.grant(id));
      if (report === null) return null;
      const { stopped, ...bill } = paid(report);
      this.take(bill);
      this.sample(role, bill.spend);
      if (stopped) this.ended = true;
      return report;
    } finally {
      this.claims.delete(id);
    }
  }

  /** While `run` lasts, a child spends what is left, and learns when that changes. */
  async lend<T>(borrower: Borrower, given: Allowance, run: () => Promise<T>): Promise<T> {
    this.borrower = borrower;
    this.told = JSON.stringify(given);
    void this.tell();
    try {
      return await run();
    } finally {
      this.borrower = null;
    }
  }

  private async open(role: Role): Promise<number | null> {
    for (;;) {
      if (this.ended || this.steering.stopping) return null;
      const admission = this.admit(role);
      if (admission.kind === 'start') {
        const trials = role === 'agent' ? 1 : 0;
        this.pieces += 1;
        this.claims.set(this.pieces, { ceiling: admission.ceiling, trials });
        return this.pieces;
      }
      if (admission.kind === 'end') this.ended = true;
      else await condition(() => this.ended || this.steering.stopping || this.admit(role).kind !== 'wait');
    }
  }

  private admit(role: Role) {
    return admit(this.account, this.piece(role), this.options.lanes, Date.now());
  }

  private piece(role: Role): Piece {
    const { tokens, usd, seconds } = this.known[role] ?? {};
    const upper = quantile(tokens, UPPER_SHARE);
    return {
      trials: role === 'agent' ? 1 : 0,
      upper: upper === null ? null : { tokens: upper, usd: quantile(usd, UPPER_SHARE) ?? 0 },
      seconds: quantile(seconds, UPPER_SHARE),
      call: this.options.calls?.[role] ?? NO_CALL,
    };
  }

  /** Where nothing is limited, nothing is said. */
  private grant(id: number): Grant | undefined {
    const { ceiling } = this.claims.get(id)!;
    return ceiling === null || Object.keys(ceiling).length === 0 ? undefined : { id, ...ceiling };
  }

  private extend(id: number, needs: Amount): Ceiling | null {
    const next = extend(this.account, id, needs, this.options.lanes);
    if (next === 'stop') return null;
    this.claims.set(id, { ...this.claims.get(id)!, ceiling: next });
    return next ?? {};
  }

  private take({ spend, before = NO_SPEND }: Bill): void {
    this.spend = addSpend(this.spend, subtractSpend(spend, before));
    this.before = addSpend(this.before, before);
  }

  private sample(role: Role, spend: Spend): void {
    const tokens = tokensOf(spend);
    if (spend.invalid > 0 || tokens === 0) return;
    const { usd } = spend;
    // Calls of a miner or a proposer are not timed.
    const seconds = role === 'agent' ? spend.seconds : null;
    this.costs = { ...this.costs, [role]: addCost(this.costs[role] ?? {}, { tokens, usd, seconds }) };
  }

  private get account(): Account {
    return { allowance: this.allowance, spent: this.spend, claims: this.claims };
  }

  /** One word after the other, so that they arrive in order. */
  private async tell(): Promise<void> {
    if (this.telling) return;
    this.telling = true;
    while (this.borrower && this.told !== JSON.stringify(this.left)) {
      const { left } = this;
      this.told = JSON.stringify(left);
      // A child that has just ended cannot be signalled, and need not be.
      await this.borrower.signal(allowanceSignal, left).catch(() => {});
    }
    this.telling = false;
  }
}

/** What a call of a model came to that may have failed: then nobody knows what it cost. */
export function paidFor(report: Bill | { failed: string }, stopped: boolean): Paid {
  if (!('spend' in report)) return { spend: NO_SPEND, stopped };
  return { spend: report.spend, ...(report.before && { before: report.before }), stopped };
}
