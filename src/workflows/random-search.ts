/** Rounds like an evolution's, whose edits are drawn by chance: the same gate, no mining, no model that proposes. */
import { BUDGETS, type Budget, type Money, type Outlay } from '../validation/controls.js';
import { type Arm, INCUMBENT, type TrialRequest, type TrialScore } from '../validation/types.js';
import type { BatchCall } from './batches.js';
import { type SearchRound, searchPurpose } from './control-types.js';
import { failedTasks, gatePlan, observation, passGate } from './gate-loop.js';
import { amountOf } from './outlay.js';
import { light } from './proxies.js';
import type { Steering } from './steering.js';
import type { Prepared } from './types.js';

export interface SearchPorts {
  steering: Steering;
  /** What it has cost since it began. */
  spent(): Outlay;
  /** Throws where it cannot run all of them. */
  run(batch: Omit<BatchCall<'heldIn' | 'heldOut'>, 'childId'>): Promise<TrialScore[]>;
}

/** Both budgets are passed in the middle of a round: whatever it would find comes too late. */
class PassedBoth extends Error {}

export class RandomSearch {
  private readonly rounds: SearchRound[] = [];
  private incumbent: string;
  /** Artifact with all edits so far. */
  drawn: string | null = null;
  /** A round that costs no money brings its end no nearer. */
  private idle = false;

  constructor(
    private readonly prepared: Prepared,
    private readonly budget: { evolving: Outlay; money: Money },
    private readonly ports: SearchPorts,
  ) {
    this.incumbent = prepared.seedHarness;
  }

  /** Until both budgets are passed. */
  async run(): Promise<SearchRound[]> {
    try {
      while (BUDGETS.some((budget) => this.isOpen(budget))) this.rounds.push(await this.round());
    } catch (error) {
      if (!(error instanceof PassedBoth)) throw error;
    }
    return this.rounds;
  }

  private async round(): Promise<SearchRound> {
    const { prepared, ports } = this;
    const round = this.rounds.length + 1;
    const before = this.amount('money');
    const targets = await this.failing(round);
    const { contract, width } = prepared;
    const { edits, drawn } = await ports.steering.persist(() =>
      light.drawEdits.executeWithOptions({ summary: `round ${round}: ${width} edits by chance` }, [
        { contract, harness: this.incumbent, round, width, drawn: this.drawn },
      ]),
    );
    this.drawn = drawn;
    const candidates = edits.map(({ id }) => ({ arm: id, targets }));
    const plan = gatePlan(prepared, candidates, round);
    const harnesses = new Map<Arm, string>([
      [INCUMBENT, this.incumbent],
      ...edits.map(({ id, harness }) => [id, harness] as const),
    ]);
    const verdict = await passGate(plan, {
      harnesses,
      proposals: new Map(edits.map(({ id, proposal }) => [id, proposal])),
      steering: ports.steering,
      run: (stage, requests) => this.trials(round, stage, requests, harnesses),
    });
    if (verdict.arm !== null) this.incumbent = harnesses.get(verdict.arm)!;
    this.idle = this.amount('money') === before;
    const { decision, reason } = verdict;
    return { round, decision, reason, edits: edits.length, harness: this.incumbent, spent: ports.spent() };
  }

  /** heldIn tasks that the incumbent fails at one fresh attempt. */
  private async failing(round: number): Promise<string[]> {
    const requests = observation(this.prepared.heldIn);
    const scores = await this.trials(round, 'observe', requests, new Map([[INCUMBENT, this.incumbent]]));
    return failedTasks(scores);
  }

  private trials(
    round: number,
    stage: string,
    requests: TrialRequest[],
    harnesses: ReadonlyMap<Arm, string>,
  ): Promise<TrialScore[]> {
    if (!BUDGETS.some((budget) => this.isOpen(budget))) throw new PassedBoth();
    const purpose = searchPurpose(this.prepared.name, round, stage);
    return this.ports.run({ stage: `random-${round}-${stage}`, purpose, requests, harnesses });
  }

  private isOpen(budget: Budget): boolean {
    const limit = amountOf(this.budget.evolving, budget, this.budget.money);
    if (limit === null || (budget === 'money' && this.idle)) return false;
    return (this.amount(budget) ?? 0) < limit;
  }

  private amount(budget: Budget): number | null {
    return amountOf(this.ports.spent(), budget, this.budget.money);
  }
}
