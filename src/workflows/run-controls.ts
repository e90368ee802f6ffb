/** `runControls`: the money of an evolution spent on nothing, on attempts of the seed, on edits by chance. */
import { setCurrentDetails, setHandler, startChild, workflowInfo } from '@temporalio/workflow';
import {
  attemptsBought,
  BUDGETS,
  type Budget,
  type Money,
  type Outlay,
  sameTogether,
  stepsWithin,
} from '../validation/controls.js';
import { INCUMBENT, type TrialScore } from '../validation/types.js';
import { type BatchCall, Batches } from './batches.js';
import { onceFree } from './children.js';
import {
  bestOfPurpose,
  type ControlsInput,
  type ControlsPlan,
  type ControlsReport,
  type ControlsResult,
  type ControlsView,
  championOf,
  measurePurpose,
  type ScoreControlsInput,
} from './control-types.js';
import { finalRequests } from './final-measurement.js';
import { isDocument, isPriced, refuse } from './inputs.js';
import { controlsQuery } from './messages.js';
import { amountOf, decidedOutlay, outlayOfSpend } from './outlay.js';
import { addProblems } from './problems.js';
import { light } from './proxies.js';
import { Purse } from './purse.js';
import { RandomSearch } from './random-search.js';
import { NO_SPEND, subtractSpend } from './spend.js';
import { createSteering, type Steering, StopRequested } from './steering.js';
import { handleSteering } from './steering-updates.js';
import type { EvolutionState } from './types.js';

export async function runControls(input: ControlsInput): Promise<ControlsReport> {
  if (workflowInfo().parent === undefined || !isDocument(input))
    throw refuse('(document): control arms are run by an evolution, see `controls` of its configuration');
  return new Controls(input).run();
}

/**
 * As a step of the evolution that calls it, what comes of it to the evolution's state. false: it ended early.
 * @param onChild told its workflow id, and null when it is over
 */
export async function controlsAsChild(
  state: EvolutionState,
  purse: Purse,
  steering: Steering,
  onChild: (workflowId: string | null) => void,
): Promise<boolean> {
  const prepared = state.prepared!;
  const workflowId = `${workflowInfo().workflowId}/controls`;
  const allowance = purse.left;
  const champion = state.incumbent!;
  const child = await onceFree(() =>
    startChild(runControls, {
      workflowId,
      args: [{ prepared, champion, decided: decidedOutlay(state), allowance, costs: purse.known }],
      staticSummary: `${prepared.name}: ${(prepared.controls ?? []).join(', ')}`,
    }),
  );
  onChild(workflowId);
  const report = await purse.lend(child, allowance, () => steering.follow(child));
  onChild(null);
  purse.charge(report, report.costs);
  state.problems = addProblems(state.problems, report.problems);
  state.controls = report.result;
  return report.status === 'finished';
}

/** Not an error: the budget is used up or people said stop. */
class ControlsEnd {
  constructor(readonly status: 'stopped' | 'budget-stopped') {}
}

class Controls {
  private readonly steering: Steering;
  private readonly purse: Purse;
  private readonly batches: Batches;
  private readonly view: ControlsView = { step: 'reading', batch: null, paused: null, spend: NO_SPEND };
  private readonly money: Money;
  private problems: string[] = [];
  private batchCount = 0;

  constructor(private readonly input: ControlsInput) {
    const { prepared, allowance, costs } = input;
    const { contract, concurrency, trialSeconds, calls } = prepared;
    this.money = isPriced(calls) ? 'usd' : 'tokens';
    this.steering = createSteering(() => this.publish());
    handleSteering(this.steering);
    this.purse = new Purse(
      { allowance, calls: { agent: calls.agent }, known: costs, lanes: concurrency },
      this.steering,
    );
    const fixed = { contract, concurrency, trialSeconds, call: calls.agent };
    this.batches = new Batches(fixed, this.steering, this.purse, (batch) => {
      this.view.batch = batch;
    });
    setHandler(controlsQuery, () => this.view, { description: 'Where the control arms stand.' });
    this.publish();
  }

  async run(): Promise<ControlsReport> {
    try {
      return this.report('finished', await this.compare());
    } catch (error) {
      const end = error instanceof StopRequested ? new ControlsEnd('stopped') : error;
      if (!(end instanceof ControlsEnd)) throw error;
      return this.report(end.status, null);
    }
  }

  private async compare(): Promise<ControlsResult> {
    const { prepared, champion } = this.input;
    const { name, contract, seedHarness, heldIn, heldOut, finalAttempts } = prepared;
    const asked = new Set(prepared.controls);
    const { evolving, seedTrial } = await this.plan();
    const search = asked.has('random-edit') ? await this.search(evolving) : null;
    await this.measure(asked.has('no-op'), search);
    const bestOf = asked.has('best-of-n') ? this.bought(evolving, seedTrial) : null;
    if (bestOf) await this.attempts(Math.max(0, ...BUDGETS.map((budget) => bestOf[budget] ?? 0)));
    const input: ScoreControlsInput = {
      ...{ name, contract, seedHarness, heldIn, heldOut, finalAttempts },
      ...{ champion, evolving, money: this.money, noOp: asked.has('no-op'), bestOf, search },
    };
    return this.steering.persistToEnd(() => light.scoreControls(input));
  }

  private plan(): Promise<ControlsPlan> {
    const { prepared, decided } = this.input;
    const { name, contract, seedHarness, heldIn, heldOut, finalAttempts, calibration } = prepared;
    const calibrationAttempts = calibration?.attempts ?? 0;
    return this.steering.persist(() =>
      light.planControls({
        ...{ name, contract, seedHarness, heldIn, heldOut, finalAttempts },
        ...{ calibrationAttempts, decided },
      }),
    );
  }

  private async search(evolving: Outlay): Promise<NonNullable<ScoreControlsInput['search']>> {
    const begun = this.purse.bill.spend;
    const search = new RandomSearch(
      this.input.prepared,
      { evolving, money: this.money },
      {
        steering: this.steering,
        spent: () => outlayOfSpend(subtractSpend(this.purse.bill.spend, begun)),
        run: (batch) => this.trials(batch),
      },
    );
    const rounds = await search.run();
    const within = (budget: Budget) => {
      const limit = amountOf(evolving, budget, this.money);
      const spent = rounds.map((round) => amountOf(round.spent, budget, this.money));
      return limit === null ? null : stepsWithin(spent, limit);
    };
    return { rounds, drawn: search.drawn, within: { trials: within('trials'), money: within('money') } };
  }

  /** Whatever has to be measured as the final measurement does, side by side: each harness once. */
  private async measure(noOp: boolean, search: ScoreControlsInput['search']): Promise<void> {
    const { prepared } = this.input;
    const harnesses = new Map(noOp ? [['seed', prepared.seedHarness]] : []);
    for (const { value: harness, equal } of search
      ? sameTogether((budget) => championOf(prepared.seedHarness, search.rounds, search.within[budget]))
      : []) {
      if (harness !== null && ![...harnesses.values()].includes(harness))
        harnesses.set(`random-edit at equal ${equal.join(' and ')}`, harness);
    }
    if (harnesses.size === 0) return;
    await this.trials({
      stage: 'measure',
      purpose: measurePurpose(prepared.name),
      requests: finalRequests(prepared, [...harnesses.keys()]),
      harnesses,
    });
  }

  private bought(evolving: Outlay, price: ControlsPlan['seedTrial']): Record<Budget, number | null> {
    const { heldIn, heldOut } = this.input.prepared;
    const tasks = heldIn.length + heldOut.length;
    const money = evolving[this.money];
    return {
      trials: attemptsBought(evolving.trials, tasks, 1),
      money: money === null ? null : attemptsBought(money, tasks, price[this.money]),
    };
  }

  /** Attempts of the seed for both budgets: those of the smaller are the first of the larger. */
  private async attempts(count: number): Promise<void> {
    if (count === 0) return;
    const { prepared } = this.input;
    await this.trials({
      stage: 'best-of-n',
      purpose: bestOfPurpose(prepared.name),
      requests: finalRequests({ ...prepared, finalAttempts: count }, [INCUMBENT]),
      harnesses: new Map([[INCUMBENT, prepared.seedHarness]]),
      noteFiles: true,
    });
  }

  /** @throws {ControlsEnd} when not all of them could be run */
  private async trials(batch: Omit<BatchCall<'heldIn' | 'heldOut'>, 'childId'>): Promise<TrialScore[]> {
    await this.steering.clear();
    if (this.steering.stopping) throw new ControlsEnd('stopped');
    if (this.purse.exhausted) throw new ControlsEnd('budget-stopped');
    this.view.step = batch.stage;
    this.publish();
    const childId = `${batch.stage}-${++this.batchCount}`;
    const { scores, problems, complete } = await this.batches.run({ ...batch, childId });
    this.problems = addProblems(this.problems, problems);
    this.publish();
    if (!complete) throw new ControlsEnd(this.steering.stopping ? 'stopped' : 'budget-stopped');
    return scores;
  }

  private report(status: ControlsReport['status'], result: ControlsResult | null): ControlsReport {
    const { bill, costs } = this.purse;
    return { status, result, problems: this.problems, ...bill, costs };
  }

  private publish(): void {
    this.view.paused = this.steering.paused;
    this.view.spend = this.purse.spend;
    const paused = this.view.paused === null ? '' : `, paused: ${this.view.paused}`;
    setCurrentDetails(`control arms: ${this.view.step}, ${this.view.spend.trials} trials${paused}`);
  }
}
