/** `runRound`: observe, mine, propose, validate, promote. One round, by an evolution or started alone. */
import { setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import { dedupe } from '../proposal/dedupe.js';
import type { Assignment, ProposalResult } from '../proposal/types.js';
import { passInterval } from '../validation/intervals.js';
import { type GateVerdict, INCUMBENT, type TrialRequest, type TrialScore } from '../validation/types.js';
import { Batches } from './batches.js';
import { roundDetails } from './details.js';
import { failedTasks, gatePlan, observation, passGate } from './gate-loop.js';
import { isDocument } from './inputs.js';
import { inLanes } from './lanes.js';
import { roundStateQuery, tellPhase } from './messages.js';
import { addProblems } from './problems.js';
import { light, models } from './proxies.js';
import { Purse, paidFor } from './purse.js';
import { prepareAlone } from './round-alone.js';
import { onlyThisCall, proposalLine, recordedProposal } from './slots.js';
import { NO_SPEND } from './spend.js';
import { createSteering, type Steering, StopRequested } from './steering.js';
import type {
  AttributeReport,
  EvolutionPhase,
  Grant,
  MineReport,
  Prepared,
  ProposeReport,
  RoundInput,
  RoundRecord,
  RoundRecordInput,
  RoundReport,
  RoundStart,
  RoundView,
} from './types.js';
import { wornNotes } from './wear.js';

export async function runRound(input: RoundInput | RoundStart): Promise<RoundReport> {
  // What an evolution hands to its rounds is no form that people write.
  const handed = workflowInfo().parent !== undefined && isDocument(input) && 'prepared' in input;
  return new Round(handed ? input : await prepareAlone(input as RoundStart)).run();
}

/** Not an error: the budget is used up or people said stop, so the round ends where it is. */
class RoundEnd {
  constructor(readonly decision: 'budget-stopped' | 'stopped') {}
}

class Round {
  private readonly prepared: Prepared;
  private readonly name: string;
  private readonly steering: Steering;
  private readonly view: RoundView;
  private problems: string[] = [];
  private readonly purse: Purse;
  private readonly batches: Batches;
  private stages = 0;

  constructor(private readonly input: RoundInput) {
    this.prepared = input.prepared;
    this.name = `${input.prepared.name}/r${input.round}`;
    this.view = {
      round: input.round,
      phase: 'observing',
      batch: null,
      paused: null,
      spend: NO_SPEND,
      weaknesses: [],
      proposals: [],
    };
    this.steering = createSteering(() => this.publish());
    const { calls, concurrency } = this.prepared;
    this.purse = new Purse(
      {
        allowance: input.allowance,
        calls: { agent: calls.agent, miner: calls.analyst, proposer: calls.analyst },
        ...(input.costs && { known: input.costs }),
        lanes: concurrency,
      },
      this.steering,
    );
    this.batches = new Batches(
      { ...this.prepared, call: calls.agent },
      this.steering,
      this.purse,
      (batch) => {
        this.view.batch = batch;
      },
    );
    setHandler(roundStateQuery, () => this.view);
  }

  async run(): Promise<RoundReport> {
    let mined: MineReport | null = null;
    let observed: TrialScore[] = [];
    let proposals: ProposalResult[] = [];
    try {
      observed = await this.observe();
      mined = await this.mine(observed);
      proposals = await this.propose(mined);
      const { verdict, harnesses } = await this.validate(proposals);
      return await this.close(verdict, mined, proposals, observed, harnesses);
    } catch (error) {
      const end = error instanceof StopRequested ? new RoundEnd('stopped') : error;
      if (!(end instanceof RoundEnd)) throw error;
      const reason = end.decision === 'stopped' ? 'stopped on request' : 'the budget is used up';
      const verdict: GateVerdict = {
        decision: 'undecided',
        arm: null,
        members: [],
        reason,
        candidates: [],
        comparison: null,
      };
      const result = await this.close(verdict, mined, proposals, observed, new Map());
      return { ...result, decision: end.decision };
    }
  }

  private async observe(): Promise<TrialScore[]> {
    await this.enter('observing');
    const requests = observation(this.prepared.heldIn);
    return this.runRequests('observe', requests, new Map([[INCUMBENT, this.input.incumbent]]));
  }

  private async mine(observed: TrialScore[]): Promise<MineReport> {
    await this.enter('mining');
    const { contract, heldIn, width, seed } = this.prepared;
    const observation = {
      contract,
      harness: this.input.incumbent,
      purpose: `${this.name}/observe`,
      attempt: 1,
    };
    const failed = failedTasks(observed);
    await this.inLanes(failed, async (task) => {
      const summary = `why did ${task} fail`;
      const input = { ...observation, task };
      const read = (grant?: Grant): Promise<AttributeReport | { failed: string }> =>
        this.steering
          .persist(() =>
            models.attributeTrial.executeWithOptions({ summary }, grant ? [input, grant] : [input]),
          )
          .catch(onlyThisCall);
      await this.purse.pay('miner', read, (report) =>
        paidFor(report, 'stopped' in report && report.stopped === true),
      );
      this.publish();
    });
    const mined = await this.steering.persist(() =>
      light.clusterFailures.executeWithOptions({ summary: `${failed.length} failures` }, [
        { observation, tasks: heldIn, round: this.input.round, history: this.input.history, width, seed },
      ]),
    );
    this.view.weaknesses = mined.weaknesses.map(({ id, support, mendable }) => ({ id, support, mendable }));
    return mined;
  }

  /** As many distinct edits as the round is wide: what is declined, refused or a repeat is asked for once more, elsewhere. */
  private async propose(mined: MineReport): Promise<ProposalResult[]> {
    await this.enter('proposing');
    const { width } = this.prepared;
    let proposals = await this.askFor(mined, mined.assignments.slice(0, width));
    const missing = width - proposals.filter(({ kind }) => kind === 'proposed').length;
    const spare = mined.assignments.slice(width, width + missing);
    if (spare.length > 0) proposals = dedupe([...proposals, ...(await this.askFor(mined, spare))]);
    this.view.proposals = proposals.map((proposal) => proposalLine(proposal, null));
    return proposals;
  }

  private async askFor(mined: MineReport, assignments: readonly Assignment[]): Promise<ProposalResult[]> {
    const { contract, name: evolution } = this.prepared;
    const { round, incumbent, history } = this.input;
    const common = { contract, evolution, round, incumbent, evidence: mined.evidence };
    const results: ProposalResult[] = [];
    await this.inLanes(assignments, async (assignment, i) => {
      const { slot, weakness } = assignment;
      const summary = `slot ${slot}: ${weakness}`;
      const input = { ...common, history, assignment };
      const ask = (grant?: Grant): Promise<ProposeReport | { failed: string }> =>
        this.steering
          .persist(() => models.proposeEdit.executeWithOptions({ summary }, grant ? [input, grant] : [input]))
          .catch(onlyThisCall);
      const report = await this.purse.pay('proposer', ask, (answered) =>
        paidFor(answered, 'result' in answered && answered.result === null),
      );
      this.publish();
      if (report === null) return;
      const id = `r${round}-p${slot}`;
      if ('failed' in report) results[i] = { kind: 'refused', id, slot, weakness, reason: report.failed };
      else if (report.result) results[i] = report.result;
    });
    return dedupe(results);
  }

  private async validate(proposals: ProposalResult[]) {
    const proposed = proposals.filter((proposal) => proposal.kind === 'proposed');
    const harnesses = new Map([[INCUMBENT, this.input.incumbent]]);
    for (const proposal of proposed) harnesses.set(proposal.id, proposal.harness);
    const candidates = proposed.map(({ id, targets }) => ({ arm: id, targets }));
    const plan = gatePlan(this.prepared, candidates, this.input.round);
    const verdict = await passGate(plan, {
      harnesses,
      proposals: new Map(proposed.map(({ id, proposal }) => [id, proposal.sha256])),
      steering: this.steering,
      run: async (stage, requests) => {
        await this.enter(phaseOf(stage));
        return this.runRequests(stage, requests, harnesses);
      },
    });
    return { verdict, harnesses };
  }

  private async close(
    verdict: GateVerdict,
    mined: MineReport | null,
    proposals: ProposalResult[],
    observed: TrialScore[],
    harnesses: Map<string, string>,
  ): Promise<RoundReport> {
    await this.enter('promoting');
    const promoted = verdict.arm === null ? null : harnesses.get(verdict.arm)!;
    const rate = passInterval(observed);
    const { name, contract, registry, heldOut, wear } = this.prepared;
    const { digest, renewals } = wear;
    const record = await this.record({
      prepared: { name, contract, registry },
      round: this.input.round,
      heldOut: { digest, tasks: heldOut.length, renewals },
      incumbent: this.input.incumbent,
      history: this.input.history,
      verdict,
      proposals: proposals.map(recordedProposal),
      promoted,
      evidence: mined?.evidence ?? null,
      observed: rate,
    });
    const lines = proposals.map((proposal) => proposalLine(proposal, verdict));
    return {
      round: this.input.round,
      decision: verdict.decision,
      reason: verdict.reason,
      harness: promoted ?? this.input.incumbent,
      observed: rate,
      comparison: verdict.comparison,
      heldOutUses: record.heldOutUses,
      notes: [...record.flags.map((flag) => `For a person: ${flag}`), ...wornNotes(record.heldOutUses, wear)],
      proposals: lines,
      weaknesses: this.view.weaknesses,
      record: record.record,
      history: record.history,
      problems: this.problems,
      ...this.purse.bill,
      costs: this.purse.costs,
    };
  }

  private record(input: RoundRecordInput): Promise<RoundRecord> {
    const summary = `round ${input.round}: ${input.verdict.decision}`;
    return this.steering.persistToEnd(() => light.recordRound.executeWithOptions({ summary }, [input]));
  }

  /** Runs what the gate asks for. @throws {RoundEnd} when not all of it could be run */
  private async runRequests(
    stage: string,
    requests: TrialRequest[],
    harnesses: ReadonlyMap<string, string>,
  ): Promise<TrialScore[]> {
    const { scores, problems, complete } = await this.batches.run({
      stage,
      childId: `${stage}-${++this.stages}`,
      purpose: `${this.name}/${stage}`,
      requests,
      harnesses,
    });
    this.problems = addProblems(this.problems, problems);
    this.publish();
    if (!complete) throw new RoundEnd(this.steering.stopping ? 'stopped' : 'budget-stopped');
    return scores;
  }

  /** As many calls of a model at once as trials: beyond it they would only wait, deaf to pause and stop. */
  private async inLanes<T>(
    items: readonly T[],
    work: (item: T, index: number) => Promise<void>,
  ): Promise<void> {
    await inLanes(this.steering, items.length, this.prepared.concurrency, (i) => work(items[i]!, i));
    if (this.steering.stopping) throw new RoundEnd('stopped');
    if (this.purse.ended) throw new RoundEnd('budget-stopped');
  }

  private async enter(phase: EvolutionPhase): Promise<void> {
    await this.steering.clear();
    if (phase !== 'promoting') {
      if (this.steering.stopping) throw new RoundEnd('stopped');
      if (this.purse.exhausted) throw new RoundEnd('budget-stopped');
    }
    this.view.phase = phase;
    this.publish();
    await tellPhase(this.input.round, phase);
  }

  private publish(): void {
    this.view.paused = this.steering.paused;
    this.view.spend = this.purse.spend;
    setCurrentDetails(roundDetails(this.view));
  }
}

function phaseOf(stage: string): EvolutionPhase {
  if (stage.startsWith('screen')) return 'screening';
  if (stage.startsWith('confirm')) return 'confirming';
  return 'validating';
}
