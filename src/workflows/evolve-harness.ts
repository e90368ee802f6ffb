/** `evolveHarness`: rounds one after another, steering, budget, the final measurement. */
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setCurrentDetails,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { EvolutionConfigInput } from '../contract/config.js';
import { ablateAsChild } from './ablate-harness.js';
import { Batches } from './batches.js';
import { CalibrationStage } from './calibration.js';
import { onceFree } from './children.js';
import { evolutionDetails } from './details.js';
import { handleMessages } from './evolution-messages.js';
import { newState, resultOf } from './evolution-state.js';
import { refuse } from './inputs.js';
import { measureFinal } from './measure-final.js';
import { addProblems } from './problems.js';
import { light, PREPARING } from './proxies.js';
import { Purse } from './purse.js';
import { controlsAsChild } from './run-controls.js';
import { runRound } from './run-round.js';
import { measureSealed } from './sealed.js';
import { showPhase, showRates, showWhat } from './searchable.js';
import { allowanceFor } from './spend.js';
import { createSteering, type Steering } from './steering.js';
import type {
  Allowance,
  EvolutionPhase,
  EvolutionResult,
  EvolutionState,
  Prepared,
  RoundReport,
} from './types.js';
import { renewWorn } from './wear.js';

/**
 * @param config as in `evolution.yaml`; every field but `suite` and `model.name` has a default
 * @param state handed over by the run before; people leave it out
 */
export async function evolveHarness(
  config: EvolutionConfigInput,
  state?: EvolutionState,
): Promise<EvolutionResult> {
  if (state !== undefined && workflowInfo().continuedFromExecutionRunId === undefined)
    throw refuse('found a second document, expected the configuration alone');
  return new Evolution(config, state).run();
}

class Evolution {
  private readonly state: EvolutionState;
  private readonly steering: Steering;
  private purse: Purse | null = null;
  /** Budgets that were set since this run began. */
  private budgets = 0;
  private readonly onBatch = (workflowId: string | null) => {
    this.state.batch = workflowId;
  };

  constructor(
    private readonly config: EvolutionConfigInput,
    state: EvolutionState | undefined,
  ) {
    this.state = state ?? newState(Date.now());
    this.steering = createSteering(() => this.publish());
    handleMessages(this.state, this.steering, {
      onPhase: (phase, round) => this.enter(phase, round),
      onBudget: () => {
        this.budgets += 1;
        this.purse?.refill(this.allowance());
      },
    });
    this.publish();
  }

  async run(): Promise<EvolutionResult> {
    const prepared = await this.prepare();
    const purse = this.openPurse(prepared);
    const early = await this.calibrate(prepared, purse);
    if (early) return this.end(early);
    while (this.state.rounds.length < prepared.rounds) {
      if (!(await this.mayGoOn(purse))) return this.end(this.ending);
      const budgets = this.budgets;
      const round = this.state.rounds.length + 1;
      const notes = await renewWorn(prepared, { incumbent: this.state.incumbent!, round }, this.steering);
      const result = await this.runRound(prepared, purse, round);
      this.take({ ...result, notes: [...notes, ...result.notes] }, purse);
      if (result.decision === 'stopped') return this.end('stopped');
      if (result.decision === 'budget-stopped') {
        if (!(await this.moreMoney(budgets))) return this.end('budget-stopped');
        // Run again, it takes over every trial that it has paid for.
        this.state.rounds.pop();
      } else await this.continueWhenLong();
    }
    const measured = prepared.finalAttempts > 0;
    const changed = this.state.incumbent !== prepared.seedHarness;
    const steps: [boolean, () => Promise<boolean>][] = [
      [changed && prepared.ablation !== 'off', () => this.leaveOneOut(prepared, purse)],
      [measured, () => this.measure(prepared, purse)],
      [measured && (prepared.controls ?? []).length > 0, () => this.compare(purse)],
      [measured && prepared.sealed > 0 && prepared.unseal === 'at-end', () => this.unseal(prepared, purse)],
    ];
    for (const [, step] of steps.filter(([due]) => due)) {
      const ending = await this.paidFor(purse, step);
      if (ending) return this.end(ending);
    }
    return this.end('finished');
  }

  /** Runs a step after the rounds until there is the money for all of it; null: it is done. */
  private async paidFor(
    purse: Purse,
    step: () => Promise<boolean>,
  ): Promise<'stopped' | 'budget-stopped' | null> {
    for (;;) {
      if (!(await this.mayGoOn(purse))) return this.ending;
      const budgets = this.budgets;
      if (await step()) return null;
      if (this.steering.stopping) return 'stopped';
      if (!(await this.moreMoney(budgets))) return 'budget-stopped';
    }
  }

  /** Waits while it is paused, and while nothing is left of the budget; false: people said stop. */
  private async mayGoOn(purse: Purse): Promise<boolean> {
    await this.steering.clear();
    while (!this.steering.stopping && purse.exhausted) await this.moreMoney(this.budgets);
    return !this.steering.stopping;
  }

  /** How it ends when people say stop: at its cap, the budget is why. */
  private get ending(): 'stopped' | 'budget-stopped' {
    return this.state.phase === 'budget-stopped' ? 'budget-stopped' : 'stopped';
  }

  /** Stands at its cap until a budget is set, one since the given count of them included; false: people said stop. */
  private async moreMoney(budgets: number): Promise<boolean> {
    const { phase, round } = this.state;
    this.enter('budget-stopped', round);
    await condition(() => this.budgets > budgets || this.steering.stopping);
    if (this.steering.stopping) return false;
    this.enter(phase, round);
    return true;
  }

  private openPurse(prepared: Prepared): Purse {
    const purse = new Purse(
      { allowance: this.allowance(), lanes: prepared.concurrency, known: this.state.costs },
      this.steering,
    );
    purse.spend = this.state.spend;
    this.purse = purse;
    return purse;
  }

  private async prepare(): Promise<Prepared> {
    if (this.state.prepared) return this.state.prepared;
    const prepared = await light.prepareEvolution.executeWithOptions(PREPARING, [this.config]);
    this.state.prepared = prepared;
    this.state.incumbent = prepared.seedHarness;
    showWhat(prepared);
    this.publish();
    return prepared;
  }

  /** Where it cannot see the wanted gain it asks, again after each change of the budget. Returns why it ended early. */
  private async calibrate(prepared: Prepared, purse: Purse): Promise<'stopped' | 'budget-stopped' | null> {
    const plan = prepared.calibration;
    // One that continues as new has had it.
    if (!plan || this.state.rounds.length > 0) return null;
    const stage = new CalibrationStage(prepared, plan, purse, this.steering, this.onBatch);
    for (let answered = ''; ; ) {
      if (!(await this.mayGoOn(purse))) return this.ending;
      const budget = JSON.stringify(prepared.budget);
      if (budget === answered) return null;
      this.enter('calibrating', 0);
      const { budgets } = this;
      const { calibration, problems, question, ended } = await stage.run();
      this.state.problems = addProblems(this.state.problems, problems);
      this.state.calibration = calibration;
      this.publish();
      if (ended === 'budget-stopped') {
        if (!(await this.moreMoney(budgets))) return ended;
        continue;
      }
      if (ended || question === null || plan.onTooSmall === 'go-on') return ended;
      await this.ask(question);
      answered = budget;
    }
  }

  /** Resolves when a person has resumed it, or said stop. */
  private async ask(question: string): Promise<void> {
    this.state.question = question;
    this.steering.pause(question);
    await this.steering.clear();
    this.state.question = null;
  }

  private async runRound(prepared: Prepared, purse: Purse, round: number): Promise<RoundReport> {
    this.enter('observing', round);
    const { incumbent, history } = this.state;
    const allowance = purse.left;
    const costs = purse.known;
    const child = await onceFree(() =>
      startChild(runRound, {
        workflowId: `${workflowInfo().workflowId}/round-${round}`,
        args: [{ prepared, round, incumbent: incumbent!, history, allowance, costs }],
        staticSummary: `round ${round} of ${prepared.rounds}: ${prepared.model} on ${prepared.suite}`,
      }),
    );
    this.state.batch = child.workflowId;
    const result = await purse.lend(child, allowance, () => this.steering.follow(child));
    this.state.batch = null;
    return result;
  }

  private take({ costs, before, ...result }: RoundReport, purse: Purse): void {
    this.state.rounds.push(result);
    this.state.incumbent = result.harness;
    this.state.problems = addProblems(this.state.problems, result.problems);
    // What a round that ran out of money has tried is not over: with more money it goes on with the same proposals.
    if (result.decision !== 'budget-stopped') this.state.history = result.history;
    purse.charge({ spend: result.spend, ...(before && { before }) }, costs);
    if (result.heldOutUses !== null) this.state.prepared!.wear.uses = result.heldOutUses;
    const { comparison } = result;
    if (comparison && result.decision === 'promoted')
      showRates(this.state.prepared!, comparison.heldIn.candidate, comparison.heldOut.candidate);
    this.publish();
  }

  private async leaveOneOut(prepared: Prepared, purse: Purse): Promise<boolean> {
    this.enter('ablating', this.state.round);
    const result = await ablateAsChild(prepared, purse, this.steering, this.onBatch);
    if (result.status !== 'finished') return false;
    this.state.ablation = result;
    this.state.incumbent = result.harness;
    return true;
  }

  private measure(prepared: Prepared, purse: Purse): Promise<boolean> {
    this.enter('measuring', this.state.round);
    const { calls } = prepared;
    const batches = new Batches({ ...prepared, call: calls.agent }, this.steering, purse, this.onBatch);
    return measureFinal(this.state, batches);
  }

  private compare(purse: Purse): Promise<boolean> {
    this.enter('controlling', this.state.round);
    return controlsAsChild(this.state, purse, this.steering, this.onBatch);
  }

  /** After everything else, so that nothing is decided on what it shows. */
  private async unseal(prepared: Prepared, purse: Purse): Promise<boolean> {
    this.enter('unsealing', this.state.round);
    const { name, contract, seedHarness, registry, finalAttempts, concurrency } = prepared;
    const champion = this.state.incumbent!;
    const { figures, problems, complete } = await measureSealed(
      { name, contract, seedHarness, champion, registry, attempts: finalAttempts, concurrency },
      { steering: this.steering, purse, call: prepared.calls.agent, onBatch: this.onBatch },
    );
    this.state.problems = addProblems(this.state.problems, problems);
    this.state.final = { ...this.state.final!, ...figures };
    return complete;
  }

  private async end(status: EvolutionResult['status']): Promise<EvolutionResult> {
    this.enter(status, this.state.round);
    await condition(allHandlersFinished);
    return resultOf(this.state, status);
  }

  private allowance(): Allowance {
    return allowanceFor(this.state.prepared!, this.state.startedAt);
  }

  /** Between rounds no child is open, so nothing is lost. */
  private async continueWhenLong(): Promise<void> {
    if (!workflowInfo().continueAsNewSuggested) return;
    await condition(allHandlersFinished);
    await continueAsNew<typeof evolveHarness>(this.config, {
      ...this.state,
      stopRequested: this.steering.stopping,
    });
  }

  private enter(phase: EvolutionPhase, round: number): void {
    this.state.phase = phase;
    this.state.round = round;
    if (this.state.prepared) showPhase(this.state.prepared, phase, round);
    this.publish();
  }

  private publish(): void {
    this.state.paused = this.steering.paused;
    if (this.purse) {
      this.state.spend = this.purse.spend;
      this.state.costs = this.purse.known;
    }
    setCurrentDetails(evolutionDetails(this.state));
  }
}
