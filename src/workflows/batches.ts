/** Trials that a gate or a measurement asks for, as one child workflow each time; scores back in request order. */
import { startChild, workflowInfo } from '@temporalio/workflow';
import type { Split } from '../suite/types.js';
import type { Arm, TrialRequest, TrialScore } from '../validation/types.js';
import { onceFree } from './children.js';
import { formatItems } from './items.js';
import type { Purse } from './purse.js';
import { passedOf, runTrials } from './run-trials.js';
import type { Steering } from './steering.js';
import { type Amount, type BatchItem, type BatchResult, OUTCOME_LETTERS, type Prepared } from './types.js';

export interface ScoredBatch<S extends Split> {
  scores: TrialScore<S>[];
  /** Distinct reasons of invalid trials, bounded. */
  problems: string[];
  /** false: the budget ended or people said stop before all trials were started. */
  complete: boolean;
}

export interface BatchCall<S extends Split> {
  /** Last part of the child's workflow id, and of the trials' purpose unless `purpose` says otherwise. */
  stage: string;
  childId: string;
  /** Keeps attempts of this use apart from those of all others. */
  purpose: string;
  requests: readonly TrialRequest<S>[];
  harnesses: ReadonlyMap<Arm, string>;
  /** Note what files the agents leave. */
  noteFiles?: boolean;
}

export class Batches {
  /** Seconds that a task took so far: longest first keeps the slots busy to the end. */
  private readonly durations = new Map<string, number>();

  constructor(
    private readonly prepared: Pick<Prepared, 'contract' | 'concurrency' | 'trialSeconds'> & {
      /** What one call of the agent can cost at most. */
      call: Amount;
    },
    private readonly steering: Steering,
    /** What a batch costs is taken from it. */
    private readonly purse: Purse,
    /** Told the workflow id of the batch under way, and null when it is over. */
    private readonly onBatch: (workflowId: string | null) => void,
  ) {}

  async run<S extends Split>(batch: BatchCall<S>): Promise<ScoredBatch<S>> {
    const { stage, childId, purpose, requests, harnesses, noteFiles } = batch;
    const arms = [...new Set(requests.map(({ arm }) => arm))];
    const tasks = [...new Set(requests.map(({ task }) => task))];
    const ordered = this.longestFirst(requests);
    const items = ordered.map(
      ({ arm, task, attempt }): BatchItem => ({ arm: arms.indexOf(arm), task: tasks.indexOf(task), attempt }),
    );
    const workflowId = `${workflowInfo().workflowId}/${childId}`;
    const { contract, concurrency, trialSeconds, call } = this.prepared;
    const allowance = this.purse.left;
    const child = await onceFree(() =>
      startChild(runTrials, {
        workflowId,
        args: [
          {
            contract,
            concurrency,
            trialSeconds,
            purpose,
            tasks,
            arms: arms.map((name) => ({ name, harness: harnesses.get(name)! })),
            items: formatItems(items),
            allowance,
            known: { call, costs: this.purse.known.agent ?? {} },
            ...(noteFiles && { noteFiles }),
          },
        ],
        staticSummary: `${stage}: ${items.length} trials of ${arms.length === 1 ? 'one harness' : `${arms.length} harnesses`}`,
      }),
    );
    this.onBatch(workflowId);
    const followed = () => this.steering.follow(child);
    const result = (await this.purse.lend(child, allowance, followed)) as BatchResult;
    this.onBatch(null);
    this.purse.charge(result, { agent: result.costs });
    const scores = ordered.map((request, i) => {
      this.remember(request.task, result.seconds[i]!);
      return { ...request, passed: passedOf(result.outcomes[i]!) };
    });
    return {
      scores,
      problems: result.problems,
      complete: !result.outcomes.includes(OUTCOME_LETTERS['budget-stopped']),
    };
  }

  /** All arms of a task stay together: whatever the machine does at that moment, it does to all of them. */
  private longestFirst<S extends Split>(requests: readonly TrialRequest<S>[]): TrialRequest<S>[] {
    const seconds = (task: string) => this.durations.get(task) ?? Number.POSITIVE_INFINITY;
    const place = new Map([...new Set(requests.map(({ task }) => task))].map((task, i) => [task, i]));
    return [...requests].sort((a, b) => {
      const [longer, shorter] = [seconds(b.task), seconds(a.task)];
      const byTime = longer === shorter ? 0 : longer - shorter;
      return byTime || place.get(a.task)! - place.get(b.task)! || a.attempt - b.attempt;
    });
  }

  private remember(task: string, seconds: number): void {
    const known = this.durations.get(task);
    this.durations.set(task, known === undefined ? seconds : (known + seconds) / 2);
  }
}
