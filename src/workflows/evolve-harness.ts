/** `evolveHarness`: rounds one after another, steering, budget, the final measurement. */
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  startChild,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { EvolutionConfigInput } from '../contract/config.js';
import { compareArms } from '../validation/compare.js';
import { passInterval } from '../validation/intervals.js';
import { type Arm, INCUMBENT, type TrialRequest, type TrialScore } from '../validation/types.js';
import {
  heldInAttribute,
  heldOutAttribute,
  modelAttribute,
  phaseAttribute,
  roundAttribute,
  suiteAttribute,
} from './attributes.js';
import { Batches } from './batches.js';
import { evolutionDetails } from './details.js';
import {
  pauseUpdate,
  phaseSignal,
  resumeUpdate,
  setBudgetUpdate,
  stateQuery,
  stopUpdate,
} from './messages.js';
import { light } from './proxies.js';
import { runRound } from './run-round.js';
import { addSpend, isExhausted, NO_SPEND, reduceAllowance } from './spend.js';
import { createSteering, followChild, type Steering } from './steering.js';
import type {
  Allowance,
  EvolutionPhase,
  EvolutionResult,
  EvolutionState,
  FinalMeasurement,
  Prepared,
  RoundResult,
} from './types.js';

const CHAMPION = 'champion';
const BUDGET_FIELDS = ['usd', 'tokens', 'trials', 'hours'] as const;

/**
 * @param config as in `evolution.yaml`; every field but `suite` and `model.name` has a default
 * @param state handed over by the run before; people leave it out
 */
export async function evolveHarness(
  config: EvolutionConfigInput,
  state?: EvolutionState,
): Promise<EvolutionResult> {
  return new Evolution(config, state).run();
}

class Evolution {
  private readonly state: EvolutionState;
  private readonly steering: Steering;

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
      stopRequested: false,
      startedAt: Date.now(),
      final: null,
      batch: null,
    };
    this.steering = createSteering(() => this.publish());
    this.handleMessages();
    this.publish();
  }

  async run(): Promise<EvolutionResult> {
    const prepared = await this.prepare();
    while (this.state.rounds.length < prepared.rounds) {
      await this.steering.clear();
      if (this.steering.stopping) return this.end('stopped', prepared);
      if (isExhausted(this.allowance(), NO_SPEND, 0, Date.now())) return this.end('budget-stopped', prepared);
      const result = await this.runRound(prepared, this.state.rounds.length + 1);
      this.take(result);
      if (result.decision === 'stopped' || result.decision === 'budget-stopped') {
        return this.end(result.decision, prepared);
      }
      await this.continueWhenLong();
    }
    this.state.final = await this.measure(prepared);
    return this.end('finished', prepared);
  }

  private async prepare(): Promise<Prepared> {
    if (this.state.prepared) return this.state.prepared;
    const prepared = await light.prepareEvolution(this.config);
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

  private async runRound(prepared: Prepared, round: number): Promise<RoundResult> {
    this.enter('observing', round);
    const child = await startChild(runRound, {
      workflowId: `${workflowInfo().workflowId}/round-${round}`,
      args: [
        {
          prepared,
          round,
          incumbent: this.state.incumbent!,
          history: this.state.history,
          allowance: this.allowance(),
        },
      ],
      staticSummary: `round ${round} of ${prepared.rounds}: ${prepared.model} on ${prepared.suite}`,
    });
    this.state.batch = child.workflowId;
    const result = await followChild(this.steering, child);
    this.state.batch = null;
    return result;
  }

  private take(result: RoundResult): void {
    this.state.rounds.push(result);
    this.state.incumbent = result.harness;
    this.state.history = result.history;
    this.state.spend = addSpend(this.state.spend, result.spend);
    const { comparison } = result;
    if (this.state.prepared?.searchAttributes && comparison && result.decision === 'promoted') {
      upsertSearchAttributes([
        { key: heldInAttribute, value: comparison.heldIn.candidate?.value ?? null },
        { key: heldOutAttribute, value: comparison.heldOut.candidate?.value ?? null },
      ]);
    }
    this.publish();
  }

  /** Seed and champion on fresh attempts, paired: figures that no decision was made on. */
  private async measure(prepared: Prepared): Promise<FinalMeasurement | null> {
    if (prepared.finalAttempts === 0) return null;
    this.enter('measuring', this.state.round);
    const changed = this.state.incumbent !== prepared.seedHarness;
    const harnesses = new Map([[INCUMBENT, prepared.seedHarness]]);
    if (changed) harnesses.set(CHAMPION, this.state.incumbent!);
    const { contract, concurrency, trialSeconds } = prepared;
    const batches = new Batches({ contract, concurrency, trialSeconds }, this.steering, (batch) => {
      this.state.batch = batch;
    });
    const { scores, spend } = await batches.run({
      stage: 'final',
      childId: 'final',
      purpose: `${prepared.name}/final`,
      requests: finalRequests(prepared, [...harnesses.keys()]),
      harnesses,
      allowance: this.allowance(),
    });
    this.state.spend = addSpend(this.state.spend, spend);
    return changed ? changedMeasurement(scores) : sameMeasurement(scores);
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
      rounds: this.state.rounds,
      final: this.state.final,
      spend: this.state.spend,
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

  private handleMessages(): void {
    if (this.state.stopRequested) this.steering.stop();
    else if (this.state.paused !== null) this.steering.pause(this.state.paused);
    setHandler(stateQuery, () => this.state, { description: 'Where the evolution stands.' });
    setHandler(phaseSignal, ({ round, phase }) => this.enter(phase, round));
    setHandler(
      pauseUpdate,
      (reason) => {
        this.steering.pause((typeof reason === 'string' && reason.slice(0, 300)) || 'on request');
        return 'paused: trials under way come to their end, no new ones start';
      },
      { description: 'Starts no further trial until resume.' },
    );
    setHandler(
      resumeUpdate,
      () => {
        this.steering.resume();
        return 'resumed';
      },
      {
        description: 'Goes on after a pause.',
        validator: () => {
          if (this.steering.paused === null) throw new Error('it is not paused');
        },
      },
    );
    setHandler(
      stopUpdate,
      () => {
        this.state.stopRequested = true;
        this.steering.stop();
        return 'stopping: trials under way come to their end';
      },
      { description: 'Ends the evolution; what was promoted stays.' },
    );
    setHandler(
      setBudgetUpdate,
      (budget) => {
        Object.assign(this.state.prepared!.budget, budget);
        return `budget is now ${JSON.stringify(this.state.prepared!.budget)}; it holds from the next round on`;
      },
      {
        description: 'Sets limits on {usd, tokens, trials, hours}, counted from the start.',
        validator: (budget) => {
          if (!this.state.prepared) throw new Error('it is still preparing');
          const problem = budgetProblem(budget);
          if (problem) throw new Error(problem);
        },
      },
    );
  }
}

function finalRequests(prepared: Prepared, arms: Arm[]): TrialRequest[] {
  const attempts = Array.from({ length: prepared.finalAttempts }, (_, i) => i + 1);
  return (['heldIn', 'heldOut'] as const).flatMap((split) =>
    prepared[split].flatMap((task) =>
      attempts.flatMap((attempt) => arms.map((arm) => ({ arm, task, split, stage: 'final', attempt }))),
    ),
  );
}

function changedMeasurement(scores: TrialScore[]): FinalMeasurement {
  const heldIn = compareArms(scores, { arm: CHAMPION, split: 'heldIn' });
  const heldOut = compareArms(scores, { arm: CHAMPION, split: 'heldOut' });
  return {
    heldInBefore: heldIn.incumbent,
    heldInAfter: heldIn.candidate,
    heldOutBefore: heldOut.incumbent,
    heldOutAfter: heldOut.candidate,
    heldInGain: heldIn.difference,
    heldOutGain: heldOut.difference,
  };
}

/** Nothing was promoted: one harness, measured once, and no gain to speak of. */
function sameMeasurement(scores: TrialScore[]): FinalMeasurement {
  const heldIn = passInterval(scores.filter(({ split }) => split === 'heldIn'));
  const heldOut = passInterval(scores.filter(({ split }) => split === 'heldOut'));
  return {
    heldInBefore: heldIn,
    heldInAfter: heldIn,
    heldOutBefore: heldOut,
    heldOutAfter: heldOut,
    heldInGain: null,
    heldOutGain: null,
  };
}

/** Checked by hand: the workflow bundle is free of schema libraries. */
function budgetProblem(budget: unknown): string | null {
  if (typeof budget !== 'object' || budget === null || Array.isArray(budget))
    return 'expected {usd, tokens, trials, hours}';
  for (const [field, value] of Object.entries(budget)) {
    if (!BUDGET_FIELDS.some((known) => known === field)) {
      return `budget.${field}: unknown; expected ${BUDGET_FIELDS.join(', ')}`;
    }
    if (typeof value !== 'number' || !(value > 0)) return `budget.${field}: expected a number above 0`;
  }
  return null;
}
