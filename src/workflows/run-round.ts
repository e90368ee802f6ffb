/** `runRound`: observe, mine, propose, validate, promote. One round, by an evolution or started alone. */
import { setCurrentDetails, setHandler, startChild, workflowInfo } from '@temporalio/workflow';
import { dedupe } from '../proposal/dedupe.js';
import type { ProposalResult } from '../proposal/types.js';
import { gateStep } from '../validation/gate.js';
import { passInterval } from '../validation/intervals.js';
import {
  type GateEvent,
  type GatePlan,
  type GateVerdict,
  INCUMBENT,
  type TrialRequest,
  type TrialScore,
} from '../validation/types.js';
import { roundDetails } from './details.js';
import { formatItems } from './items.js';
import { roundStateQuery, tellPhase } from './messages.js';
import { light, models } from './proxies.js';
import { passedOf, runTrials } from './run-trials.js';
import { addSpend, NO_SPEND, reduceAllowance } from './spend.js';
import { createSteering, followChild, type Steering } from './steering.js';
import {
  type BatchItem,
  type BatchResult,
  type EvolutionPhase,
  type MineReport,
  OUTCOME_LETTERS,
  type Prepared,
  type ProposalLine,
  type RoundInput,
  type RoundResult,
  type RoundStart,
  type RoundView,
  type Spend,
} from './types.js';

export async function runRound(input: RoundInput | RoundStart): Promise<RoundResult> {
  return new Round('prepared' in input ? input : await prepareAlone(input)).run();
}

async function prepareAlone(start: RoundStart): Promise<RoundInput> {
  const prepared = await light.prepareEvolution(start.config);
  const { trials, tokens, usd, hours } = prepared.budget;
  const until = hours === undefined ? undefined : Date.now() + hours * 3_600_000;
  return {
    prepared,
    round: start.round ?? 1,
    incumbent: prepared.seedHarness,
    history: null,
    allowance: { trials, tokens, usd, until },
  };
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
  private spend: Spend = NO_SPEND;
  private batches = 0;
  /** Seconds that a task took so far: longest first keeps the slots busy to the end. */
  private readonly durations = new Map<string, number>();

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
    setHandler(roundStateQuery, () => this.view);
  }

  async run(): Promise<RoundResult> {
    let mined: MineReport | null = null;
    let observed: TrialScore[] = [];
    let proposals: ProposalResult[] = [];
    try {
      observed = await this.observe();
      mined = await this.mine();
      proposals = await this.propose(mined);
      const { verdict, harnesses } = await this.validate(proposals);
      return await this.close(verdict, mined, proposals, observed, harnesses);
    } catch (end) {
      if (!(end instanceof RoundEnd)) throw end;
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
    const requests = this.prepared.heldIn.map((task): TrialRequest => {
      return { arm: INCUMBENT, task, split: 'heldIn', stage: 'observe', attempt: 1 };
    });
    return this.runRequests('observe', requests, new Map([[INCUMBENT, this.input.incumbent]]));
  }

  private async mine(): Promise<MineReport> {
    await this.enter('mining');
    const { contract, heldIn, width, seed } = this.prepared;
    const observation = {
      contract,
      harness: this.input.incumbent,
      purpose: `${this.name}/observe`,
      attempt: 1,
    };
    const failed = heldIn.filter((task) => this.observedFailed.has(task));
    const readings = await Promise.all(
      failed.map((task) =>
        this.steering.persist(() =>
          models.attributeTrial.executeWithOptions({ summary: `why did ${task} fail` }, [
            { ...observation, task },
          ]),
        ),
      ),
    );
    for (const reading of readings) this.charge(reading.spend);
    const mined = await light.clusterFailures.executeWithOptions({ summary: `${failed.length} failures` }, [
      { observation, tasks: heldIn, round: this.input.round, history: this.input.history, width, seed },
    ]);
    this.view.weaknesses = mined.weaknesses.map(({ id, support, mendable }) => ({ id, support, mendable }));
    return mined;
  }

  private async propose(mined: MineReport): Promise<ProposalResult[]> {
    await this.enter('proposing');
    const { contract } = this.prepared;
    const common = {
      contract,
      round: this.input.round,
      incumbent: this.input.incumbent,
      evidence: mined.evidence,
    };
    const reports = await Promise.all(
      mined.assignments.map((assignment) =>
        this.steering.persist(() =>
          models.proposeEdit.executeWithOptions(
            { summary: `slot ${assignment.slot}: ${assignment.weakness}` },
            [{ ...common, history: this.input.history, assignment }],
          ),
        ),
      ),
    );
    for (const report of reports) this.charge(report.spend);
    const proposals = dedupe(reports.map((report) => report.result));
    this.view.proposals = proposals.map((proposal) => proposalLine(proposal, null));
    return proposals;
  }

  private async validate(proposals: ProposalResult[]) {
    const proposed = proposals.filter((proposal) => proposal.kind === 'proposed');
    const harnesses = new Map([[INCUMBENT, this.input.incumbent]]);
    for (const proposal of proposed) harnesses.set(proposal.id, proposal.harness);
    const plan: GatePlan = {
      gate: this.prepared.gate.kind,
      settings: this.prepared.gate.settings,
      heldIn: this.prepared.heldIn,
      heldOut: this.prepared.heldOut,
      candidates: proposed.map(({ id, targets }) => ({ arm: id, targets })),
      seed: this.prepared.seed * 1000 + this.input.round,
    };
    const events: GateEvent[] = [];
    for (;;) {
      const step = gateStep(plan, events);
      if (step.kind === 'verdict') return { verdict: step.verdict, harnesses };
      if (step.kind === 'trials') {
        await this.enter(phaseOf(step.stage));
        events.push({ kind: 'scores', scores: await this.runRequests(step.stage, step.requests, harnesses) });
      } else {
        const members = step.arms.map((arm) => proposed.find(({ id }) => id === arm)!);
        const merged = await light.mergeCandidates({
          incumbent: this.input.incumbent,
          proposals: members.map(({ id, proposal }) => ({ arm: id, proposal: proposal.sha256 })),
        });
        harnesses.set(merged.arm, merged.harness);
        events.push({ kind: 'merged', arm: merged.arm, members: merged.members, dropped: merged.dropped });
      }
    }
  }

  private async close(
    verdict: GateVerdict,
    mined: MineReport | null,
    proposals: ProposalResult[],
    observed: TrialScore[],
    harnesses: Map<string, string>,
  ): Promise<RoundResult> {
    await this.enter('promoting');
    const promoted = verdict.arm === null ? null : harnesses.get(verdict.arm)!;
    const rate = passInterval(observed);
    const record = await light.recordRound({
      prepared: this.prepared,
      round: this.input.round,
      incumbent: this.input.incumbent,
      history: this.input.history,
      verdict,
      proposals,
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
      proposals: lines,
      weaknesses: this.view.weaknesses,
      record: record.record,
      history: record.history,
      spend: this.spend,
    };
  }

  private readonly observedFailed = new Set<string>();

  /** Runs what the gate asks for as one batch; scores come back in the order of the requests. */
  private async runRequests(
    stage: string,
    requests: TrialRequest[],
    harnesses: Map<string, string>,
  ): Promise<TrialScore[]> {
    const { contract, concurrency, trialSeconds } = this.prepared;
    const arms = [...new Set(requests.map(({ arm }) => arm))];
    const tasks = [...new Set(requests.map(({ task }) => task))];
    const ordered = this.longestFirst(requests);
    const items = ordered.map(
      ({ arm, task, attempt }): BatchItem => ({ arm: arms.indexOf(arm), task: tasks.indexOf(task), attempt }),
    );
    const workflowId = `${workflowInfo().workflowId}/${stage}-${++this.batches}`;
    await this.steering.clear();
    if (this.steering.stopping) throw new RoundEnd('stopped');
    const child = await startChild(runTrials, {
      workflowId,
      args: [
        {
          contract,
          purpose: `${this.name}/${stage}`,
          tasks,
          arms: arms.map((name) => ({ name, harness: harnesses.get(name)! })),
          items: formatItems(items),
          concurrency,
          trialSeconds,
          allowance: reduceAllowance(this.input.allowance, this.spend),
        },
      ],
      staticSummary: `${stage}: ${items.length} trials of ${arms.length === 1 ? 'one harness' : `${arms.length} harnesses`}`,
    });
    this.view.batch = workflowId;
    const result = (await followChild(this.steering, child)) as BatchResult;
    this.view.batch = null;
    this.charge(result.spend);
    const scores = ordered.map((request, i) => {
      this.remember(request.task, result.seconds[i]!);
      const passed = passedOf(result.outcomes[i]!);
      if (stage === 'observe' && passed === false) this.observedFailed.add(request.task);
      return { ...request, passed };
    });
    if (result.outcomes.includes(OUTCOME_LETTERS['budget-stopped'])) {
      throw new RoundEnd(this.steering.stopping ? 'stopped' : 'budget-stopped');
    }
    return scores;
  }

  private longestFirst(requests: TrialRequest[]): TrialRequest[] {
    const seconds = (task: string) => this.durations.get(task) ?? Number.POSITIVE_INFINITY;
    const order = new Map([...new Set(requests.map(({ task }) => task))].map((task, i) => [task, i]));
    return [...requests].sort((a, b) => {
      const byTime = a.task === b.task ? 0 : seconds(b.task) - seconds(a.task);
      return byTime || order.get(a.task)! - order.get(b.task)! || a.attempt - b.attempt;
    });
  }

  private remember(task: string, seconds: number): void {
    const known = this.durations.get(task);
    this.durations.set(task, known === undefined ? seconds : (known + seconds) / 2);
  }

  private charge(spend: Spend): void {
    this.spend = addSpend(this.spend, spend);
    this.view.spend = this.spend;
  }

  private async enter(phase: EvolutionPhase): Promise<void> {
    await this.steering.clear();
    if (this.steering.stopping && phase !== 'promoting') throw new RoundEnd('stopped');
    this.view.phase = phase;
    this.publish();
    await tellPhase(this.input.round, phase);
  }

  private publish(): void {
    this.view.paused = this.steering.paused;
    setCurrentDetails(roundDetails(this.view));
  }
}

function phaseOf(stage: string): EvolutionPhase {
  if (stage.startsWith('screen')) return 'screening';
  if (stage.startsWith('confirm')) return 'confirming';
  return 'validating';
}

const REASON_MAX = 300;

function proposalLine(proposal: ProposalResult, verdict: GateVerdict | null): ProposalLine {
  const { id, weakness } = proposal;
  if (proposal.kind !== 'proposed') {
    const reason = proposal.reason.slice(0, REASON_MAX);
    return { id, weakness, surface: null, summary: '', decision: proposal.kind, reason };
  }
  const decided = verdict?.candidates.find(({ arm }) => arm === id);
  return {
    id,
    weakness,
    surface: proposal.surface,
    summary: proposal.summary.slice(0, REASON_MAX),
    decision: decided?.decision ?? 'undecided',
    reason: (decided?.reason ?? verdict?.reason ?? '').slice(0, REASON_MAX),
  };
}
