/** The stage before the first round: the incumbent against itself, and what an experiment of this budget could see. */
import {
  CALIBRATE,
  type Calibration,
  type CalibrationPlan,
  calibrationRequests,
} from '../validation/calibration.js';
import { cannotSee } from '../validation/calibration-text.js';
import { INCUMBENT, type TrialRequest } from '../validation/types.js';
import { Batches } from './batches.js';
import { light } from './proxies.js';
import type { Purse } from './purse.js';
import { isNothing } from './spend.js';
import { type Steering, StopRequested } from './steering.js';
import type { Allowance, CalibrationInput, Prepared } from './types.js';

export interface Calibrated {
  /** null: it did not come to its end, or the budget does not hold it. */
  calibration: Calibration | null;
  /** Reasons of invalid trials. */
  problems: string[];
  /** Why a person should say whether to go on; null: no reason. */
  question: string | null;
  ended: 'stopped' | 'budget-stopped' | null;
}

export class CalibrationStage {
  private measured = false;

  constructor(
    private readonly prepared: Prepared,
    private readonly plan: CalibrationPlan,
    private readonly purse: Purse,
    private readonly steering: Steering,
    private readonly onBatch: (workflowId: string | null) => void,
  ) {}

  /** Called again, after the budget was changed, it asks for no trial anew and weighs the new budget. */
  async run(): Promise<Calibrated> {
    const requests = calibrationRequests(this.prepared, this.plan.attempts);
    const needed = requests.length + this.prepared.heldIn.length;
    const { trials } = this.purse.left;
    if (this.asksFirst && trials !== undefined && trials < needed) {
      const question = `the budget leaves ${trials} trials, and calibration (${requests.length}) and first observation (${this.prepared.heldIn.length}) take ${needed}: it would end before anything is validated`;
      return { calibration: null, problems: [], question, ended: null };
    }
    const { problems, complete } = this.measured
      ? { problems: [], complete: true }
      : await this.measure(requests);
    if (!complete) {
      const ended = this.steering.stopping ? 'stopped' : 'budget-stopped';
      return { calibration: null, problems, question: null, ended };
    }
    this.measured = true;
    try {
      const calibration = await this.assess(this.purse.left);
      return { calibration, problems, question: cannotSee(calibration), ended: null };
    } catch (error) {
      if (!(error instanceof StopRequested)) throw error;
      return { calibration: null, problems, question: null, ended: 'stopped' };
    }
  }

  /** Of one that ran before, trials are taken over that nothing is left for. */
  private get asksFirst(): boolean {
    return !this.measured && isNothing(this.prepared.earlier);
  }

  private measure(requests: TrialRequest[]): Promise<{ problems: string[]; complete: boolean }> {
    const { contract, concurrency, trialSeconds, calls, seedHarness } = this.prepared;
    const fixed = { contract, concurrency, trialSeconds, call: calls.agent };
    return new Batches(fixed, this.steering, this.purse, this.onBatch).run({
      stage: CALIBRATE,
      childId: CALIBRATE,
      purpose: this.purpose,
      requests,
      harnesses: new Map([[INCUMBENT, seedHarness]]),
    });
  }

  private assess(allowance: Allowance): Promise<Calibration> {
    const { contract, seedHarness, heldIn, heldOut, gate, width, concurrency, seed } = this.prepared;
    const { plan, purpose } = this;
    const input: CalibrationInput = {
      ...{ contract, harness: seedHarness, purpose, heldIn, heldOut },
      ...{ plan, gate, width, concurrency, seed, allowance },
    };
    const summary = `${2 * plan.attempts} attempts of ${heldIn.length + heldOut.length} tasks`;
    return this.steering.persist(() => light.assessCalibration.executeWithOptions({ summary }, [input]));
  }

  /** The same for an evolution and for a calibration alone: one that came before it is taken over. */
  private get purpose(): string {
    return `${this.prepared.name}/${CALIBRATE}`;
  }
}
