/**
 * What a run may use. Two lines per resource: `hard` ends the run, `soft` begins the wrap-up.
 *
 * - `onLimit: stop`: hard = the lower of contract and harness; there is no soft line.
 * - `onLimit: wrap-up`: hard = the contract's; soft = the lower of the harness's limit and the contract's less a
 *   reserve (the wrap-up's turns for turns; a tenth, and at least one per wrap-up turn, for tool calls; a tenth for tokens
 *   and time), so that there is always room to deliver in, also where the harness names no limit of its own.
 *
 * A subagent has a budget of its own inside its parent's: what it uses counts in both, and the parent's hard lines
 * hold for it too.
 */
import type { Harness } from '../harness/schema.js';
import type { StopReason, TrialLimits } from './types.js';

export const RESOURCES = ['turns', 'toolCalls', 'tokens', 'wallSeconds'] as const;
export type Resource = (typeof RESOURCES)[number];

export const LIMIT_STOP: Record<Resource, StopReason> = {
  turns: 'turn-limit',
  toolCalls: 'tool-call-limit',
  tokens: 'token-limit',
  wallSeconds: 'time-limit',
};

interface Line {
  hard: number;
  soft: number | null;
}
export type BudgetLines = Record<Resource, Line>;

/** The lines that hold for a harness under a contract. Pure. */
export function budgetLines(limits: TrialLimits, runtime: Harness['runtime']): BudgetLines {
  const contract: Record<Resource, number> = {
    turns: limits.turns,
    toolCalls: limits.toolCalls,
    tokens: limits.tokens,
    wallSeconds: limits.agentSeconds,
  };
  const wrapUpTurns = runtime.wrapUp.turns;
  const reserve: Record<Resource, number> = {
    turns: wrapUpTurns,
    toolCalls: Math.max(wrapUpTurns, Math.floor(contract.toolCalls / 10)),
    tokens: Math.floor(contract.tokens / 10),
    wallSeconds: contract.wallSeconds / 10,
  };
  const line = (resource: Resource): Line => {
    const own = runtime[resource].max ?? Number.POSITIVE_INFINITY;
    if (runtime[resource].onLimit === 'stop') return { hard: Math.min(own, contract[resource]), soft: null };
    const room = Math.max(0, contract[resource] - reserve[resource]);
    return { hard: contract[resource], soft: Math.min(own, room) };
  };
  return {
    turns: line('turns'),
    toolCalls: line('toolCalls'),
    tokens: line('tokens'),
    wallSeconds: line('wallSeconds'),
  };
}

export class Budget {
  readonly used = { turns: 0, toolCalls: 0, tokens: 0 };
  /** Answers that may still come after a wrap-up began; null before that. */
  #wrapUpTurns: number | null = null;
  #wrapUpCause: Resource = 'turns';

  constructor(
    private readonly lines: BudgetLines,
    private readonly elapsedSeconds: () => number,
    private readonly parent?: Budget,
  ) {}

  spend(resource: 'turns' | 'toolCalls' | 'tokens', amount: number): void {
    this.used[resource] += amount;
    if (resource === 'turns' && this.#wrapUpTurns !== null) this.#wrapUpTurns -= 1;
    this.parent?.spend(resource, amount);
  }

  /** What the whole trial has used, as far as this budget lies within one. */
  get trial(): { turns: number; toolCalls: number; tokens: number } {
    return this.parent?.trial ?? this.used;
  }

  /** The limit among `resources` that ends the run now. `upcomingTokens`: what the next request costs at least. */
  exhausted(resources: readonly Resource[] = RESOURCES, upcomingTokens = 0): Resource | null {
    for (const resource of resources) {
      const next = resource === 'tokens' ? upcomingTokens : 0;
      const used = this.#used(resource);
      if (used >= this.lines[resource].hard || used + next > this.lines[resource].hard) return resource;
      if (resource === 'turns' && this.#wrapUpTurns !== null && this.#wrapUpTurns <= 0)
        return this.#wrapUpCause;
    }
    return this.parent?.exhausted(resources, upcomingTokens) ?? null;
  }

  /** The limit whose wrap-up is due; null when none is, or one has begun. */
  wrapUpDue(): Resource | null {
    if (this.#wrapUpTurns !== null) return null;
    return (
      RESOURCES.find((resource) => {
        const { soft } = this.lines[resource];
        return soft !== null && this.#used(resource) >= soft;
      }) ?? null
    );
  }

  beginWrapUp(cause: Resource, turns: number): void {
    this.#wrapUpTurns = turns;
    this.#wrapUpCause = cause;
  }

  /** Answers left until the tightest limit on them. */
  remainingTurns(): number {
    const own = Math.max(0, this.lines.turns.hard - this.used.turns);
    const left = this.#wrapUpTurns === null ? own : Math.min(own, Math.max(0, this.#wrapUpTurns));
    return this.parent ? Math.min(left, this.parent.remainingTurns()) : left;
  }

  #used(resource: Resource): number {
    return resource === 'wallSeconds' ? this.elapsedSeconds() : this.used[resource];
  }
}
