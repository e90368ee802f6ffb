/** `evolveHarness`: rounds one after another, steering, budget, the final measurement. */
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setCurrentDetails,
  startChild,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { EvolutionConfigInput } from '../contract/config.js';
import { INCUMBENT, type Interval } from '../validation/types.js';
import { ablateAsChild } from './ablate-harness.js';
import {
  heldInAttribute,
  heldOutAttribute,
  modelAttribute,
  phaseAttribute,
  roundAttribute,
  suiteAttribute,
} from './attributes.js';
import { Batches } from './batches.js';
import { CalibrationStage } from './calibration.js';
import { onceFree } from './children.js';
import { evolutionDetails } from './details.js';
import { handleMessages } from './evolution-messages.js';
import {
  CHAMPION,
  changedMeasurement,
  finalPurpose,
  finalRequests,
  sameMeasurement,
} from './final-measurement.js';
import { refuse } from './inputs.js';
import { addProblems } from './problems.js';
import { light, PREPARING } from './proxies.js';
import { runRound } from './run-round.js';
import { measureSealed, staysSealed } from './sealed.js';
import { addSpend, isExhausted, NO_SPEND, reduceAllowance } from './spend.js';
import { createSteering, type Steering } from './steering.js';
import type {
  Allowance,
  EvolutionPhase,
  EvolutionResult,
  EvolutionState,
  Prepared,
  RoundResult,
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
  private readonly onBatch = (workflowId: string | null) => {
    this.state.batch = workflowId;
  };

  constructor(
    private readonly config: EvolutionConfigInput,
    state: EvolutionState | undefined,
  ) {
    this.state = state ?? {
      prepared: null,
      phase: 'preparing',
      round: 0,
      incumbent: null,
      history: null,
      rounds: [],
      spend: NO_SPEND,
      paused: null,
      question: null,
      calibration: null,
      stopRequested: false,
      startedAt: Date.now(),
      ablation: null,
      final: null,
      problems: [],
      batch: null,
    };
    this.steering = createSteering(() => this.publish());
    handleMessages(this.state, this.steering, (phase, round) => this.enter(phase, round));
    this.publish();
  }

  async run(): Promise<EvolutionResult> {
    const prepared = await this.prepare();
    const early = await this.calibrate(prepared);
    if (early) return this.end(early, prepared);
    while (this.state.rounds.length < prepared.rounds) {
      const reason = await this.reasonToEnd();
      if (reason) return this.end(reason, prepared);
      const round = this.state.rounds.length + 1;
      const notes = await renewWorn(prepared, { incumbent: this.state.incumbent!, round }, this.steering);
      const result = await this.runRound(prepared, round);
      this.take({ ...result, notes: [...notes, ...result.notes] });
      if (result.decision === 'stopped' || result.decision === 'budget-stopped') {
        return this.end(result.decision, prepared);
      }
      await this.continueWhenLong();
    }
    const ablated = await this.leaveOneOut(prepared);
    if (ablated) return this.end(ablated, prepared);
    if (prepared.finalAttempts === 0) return this.end('finished', prepared);
    const reason =
      (await this.reasonToEnd()) ?? (await this.measure(prepared)) ?? (await this.unseal(prepared));
    return this.end(reason ?? 'finished', prepared);
  }

  /** Waits while it is paused; null: it may go on. */
  private async reasonToEnd(): Promise<'stopped' | 'budget-stopped' | null> {
    await this.steering.clear();
    if (this.steering.stopping) return 'stopped';
    return isExhausted(this.allowance(), NO_SPEND, 0, Date.now()) ? 'budget-stopped' : null;
  }

  private async prepare(): Promise<Prepared> {
    if (this.state.prepared) return this.state.prepared;
    const prepared = await light.prepareEvolution.executeWithOptions(PREPARING, [this.config]);
    this.state.prepared = prepared;
    this.state.incumbent = prepared.seedHarness;
    if (prepared.searchAttributes) {
      upsertSearchAttributes([
        { key: modelAttribute, value: prepared.model },
        { key: suiteAttribute, value: prepared.suite },
      ]);
    }
    this.publish();
    return prepared;
  }

  /** Where it cannot see the wanted gain it asks, again after each change of the budget. Returns why it ended early. */
  private async calibrate(prepared: Prepared): Promise<'stopped' | 'budget-stopped' | null> {
    const plan = prepared.calibration;
    // One that continues as new has had it.
    if (!plan || this.state.rounds.length > 0) return null;
    this.enter('calibrating', 0);
    const stage = new CalibrationStage(prepared, plan, this.steering, (batch) => {
      this.state.batch = batch;
    });
    for (let answered = ''; ; ) {
      const reason = await this.reasonToEnd();
      const budget = JSON.stringify(prepared.budget);
      if (reason || budget === answered) return reason;
      const { calibration, spend, problems, question, ended } = await stage.run(this.allowance());
      this.state.spend = addSpend(this.state.spend, spend);
      this.state.problems = addProblems(this.state.problems, problems);
      this.state.calibration = calibration;
      this.publish();
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

  private async runRound(prepared: Prepared, round: number): Promise<RoundResult> {
    this.enter('observing', round);
    const { incumbent, history } = this.state;
    const child = await onceFree(() =>
      startChild(runRound, {
        workflowId: `${workflowInfo().workflowId}/round-${round}`,
        args: [{ prepared, round, incumbent: incumbent!, history, allowance: this.allowance() }],
        staticSummary: `round ${round} of ${prepared.rounds}: ${prepared.model} on ${prepared.suite}`,
      }),
    );
    this.state.batch = child.workflowId;
    const result = await this.steering.follow(child);
    this.state.batch = null;
    return result;
  }

  private take(result: RoundResult): void {
    this.state.rounds.push(result);
    this.state.incumbent = result.harness;
    this.state.history = result.history;
    this.state.spend = addSpend(this.state.spend, result.spend);
    this.state.problems = addProblems(this.state.problems, result.problems);
    if (result.heldOutUses !== null) this.state.prepared!.wear.uses = result.heldOutUses;
    const { comparison } = result;
    if (comparison && result.decision === 'promoted')
      this.showRates(comparison.heldIn.candidate, comparison.heldOut.candidate);
    this.publish();
  }

  /** The champion's pass rates, for searching. */
  private showRates(heldIn: Interval | null, heldOut: Interval | null): void {
    if (!this.state.prepared?.searchAttributes) return;
    upsertSearchAttributes([
      { key: heldInAttribute, value: heldIn?.value ?? null },
      { key: heldOutAttribute, value: heldOut?.value ?? null },
    ]);
  }

  private async leaveOneOut(prepared: Prepared): Promise<'stopped' | 'budget-stopped' | null> {
    if (prepared.ablation === 'off' || this.state.incumbent === prepared.seedHarness) return null;
    const early = await this.reasonToEnd();
    if (early) return early;
    this.enter('ablating', this.state.round);
    const result = await ablateAsChild(prepared, this.allowance(), this.steering, this.onBatch);
    this.state.spend = addSpend(this.state.spend, result.spend);
    if (result.status !== 'finished') return result.status;
    this.state.ablation = result;
    this.state.incumbent = result.harness;
    return null;
  }

  /**
   * Seed and champion on fresh attempts, paired: figures that no decision was made on. Returns why it ended early,
   * and then keeps no figures: those of the tasks that came first are not those of all.
   */
  private async measure(prepared: Prepared): Promise<'stopped' | 'budget-stopped' | null> {
    this.enter('measuring', this.state.round);
    const changed = this.state.incumbent !== prepared.seedHarness;
    const harnesses = new Map([[INCUMBENT, prepared.seedHarness]]);
    if (changed) harnesses.set(CHAMPION, this.state.incumbent!);
    const { contract, concurrency, trialSeconds } = prepared;
    const batches = new Batches({ contract, concurrency, trialSeconds }, this.steering, this.onBatch);
    const { scores, spend, problems, complete } = await batches.run({
      stage: 'final',
      childId: 'final',
      purpose: finalPurpose(prepared.name),
      requests: finalRequests(prepared, [...harnesses.keys()]),
      harnesses,
      allowance: this.allowance(),
    });
    this.state.spend = addSpend(this.state.spend, spend);
    this.state.problems = addProblems(this.state.problems, problems);
    if (!complete) return this.steering.stopping ? 'stopped' : 'budget-stopped';
    const figures = changed ? changedMeasurement(scores) : sameMeasurement(scores);
    this.state.final = { ...figures, ...staysSealed(prepared) };
    this.showRates(figures.heldInAfter, figures.heldOutAfter);
    return null;
  }

  /** After everything else, so that nothing is decided on what it shows. */
  private async unseal(prepared: Prepared): Promise<'stopped' | 'budget-stopped' | null> {
    if (prepared.sealed === 0 || prepared.unseal !== 'at-end') return null;
    const reason = await this.reasonToEnd();
    if (reason) return reason;
    this.enter('unsealing', this.state.round);
    const { name, contract, seedHarness, registry, finalAttempts, concurrency } = prepared;
    const champion = this.state.incumbent!;
    const { figures, spend, problems, complete } = await measureSealed(
      { name, contract, seedHarness, champion, registry, attempts: finalAttempts, concurrency },
      { steering: this.steering, allowance: this.allowance(), onBatch: this.onBatch },
    );
    this.state.spend = addSpend(this.state.spend, spend);
    this.state.problems = addProblems(this.state.problems, problems);
    this.state.final = { ...this.state.final!, ...figures };
    if (complete) return null;
    return this.steering.stopping ? 'stopped' : 'budget-stopped';
  }

  private async end(status: EvolutionResult['status'], prepared: Prepared): Promise<EvolutionResult> {
    this.enter(status, this.state.round);
    await condition(allHandlersFinished);
    return {
      name: prepared.name,
      status,
      contract: prepared.contract,
      seedHarness: prepared.seedHarness,
      champion: this.state.incumbent!,
      registry: prepared.registry,
      calibration: this.state.calibration,
      rounds: this.state.rounds,
      ablation: this.state.ablation,
      final: this.state.final,
      spend: this.state.spend,
      problems: this.state.problems,
    };
  }

  private allowance(): Allowance {
    const { trials, tokens, usd, hours } = this.state.prepared!.budget;
    const until = hours === undefined ? undefined : this.state.startedAt + hours * 3_600_000;
    return reduceAllowance({ trials, tokens, usd, until }, this.state.spend);
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
    if (this.state.prepared?.searchAttributes) {
      upsertSearchAttributes([
        { key: phaseAttribute, value: phase },
        { key: roundAttribute, value: round },
      ]);
    }
    this.publish();
  }

  private publish(): void {
    this.state.paused = this.steering.paused;
    setCurrentDetails(evolutionDetails(this.state));
  }
}
