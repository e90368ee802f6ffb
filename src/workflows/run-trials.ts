/** `runTrials`: a batch of trials of one or more harnesses. Started by a round, or by people to measure a harness. */
import {
  ActivityFailure,
  CancellationScope,
  isCancellation,
  setCurrentDetails,
  setHandler,
  startChild,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { TrialSpec } from '../trial/types.js';
import { passInterval } from '../validation/intervals.js';
import { onceFree } from './children.js';
import { mergeCosts } from './costs.js';
import { batchDetails } from './details.js';
import { batchProblem, isDocument, refuse } from './inputs.js';
import { formatItems, parseItems } from './items.js';
import { inLanes } from './lanes.js';
import { addProblems } from './problems.js';
import { light, PREPARING, sandboxes } from './proxies.js';
import { Purse } from './purse.js';
import { NO_SPEND, trialBill } from './spend.js';
import { createSteering, progressQuery, type Steering, StopRequested } from './steering.js';
import {
  type BatchItem,
  type BatchProgress,
  type BatchResult,
  type Grant,
  type MeasureInput,
  type Measurement,
  OUTCOME_LETTERS,
  type RunTrialsInput,
  type TrialBatch,
  type TrialReport,
} from './types.js';

/** Activities in one run: beyond it the cost of each grows, and history nears its limits. */
const CHUNK = 500;
const REASON_MAX = 300;

export async function runTrials(input: RunTrialsInput): Promise<BatchResult | Measurement> {
  if (!isDocument(input) || !('contract' in input)) return measure(input);
  const problem = batchProblem(input);
  if (problem) throw refuse(problem);
  return runBatch(input);
}

async function measure(input: MeasureInput): Promise<Measurement> {
  const { batch, harness } = await light.prepareMeasurement.executeWithOptions(PREPARING, [input]);
  const result = await runBatch(batch);
  const items = parseItems(batch.items);
  return {
    ...result,
    contract: batch.contract,
    harness,
    purpose: batch.purpose,
    tasks: batch.tasks,
    items: batch.items,
    passRate: passInterval(
      items.map((item, i) => ({ task: batch.tasks[item.task]!, passed: passedOf(result.outcomes[i]!) })),
    ),
  };
}

async function runBatch(batch: TrialBatch): Promise<BatchResult> {
  const items = parseItems(batch.items);
  return items.length > CHUNK ? runChunks(batch, items) : runItems(batch, items);
}

/** One child after the other: each has a history of its own. */
async function runChunks(batch: TrialBatch, items: BatchItem[]): Promise<BatchResult> {
  let result = notRun([]);
  let chunkId: string | null = null;
  const progress = (): BatchProgress => ({
    purpose: batch.purpose,
    total: items.length,
    done: [...result.outcomes].filter((letter) => letter !== OUTCOME_LETTERS['budget-stopped']).length,
    passed: passedIn(result.outcomes),
    running: 0,
    paused: steering.paused,
    spend: purse.spend,
    chunk: chunkId,
  });
  const publish = () => setCurrentDetails(batchDetails(progress()));
  const steering = createSteering(publish);
  const purse = purseOf(batch, steering);
  setHandler(progressQuery, progress);
  const runChunk = async (from: number, chunk: BatchItem[]): Promise<BatchResult> => {
    const workflowId = `${workflowInfo().workflowId}/chunk-${from / CHUNK + 1}`;
    const allowance = purse.left;
    const known = batch.known && { ...batch.known, costs: purse.known.agent ?? {} };
    const child = await onceFree(() =>
      startChild(runTrials, {
        workflowId,
        args: [{ ...batch, items: formatItems(chunk), allowance, ...(known && { known }) }],
        staticSummary: `${batch.purpose}: trials ${from + 1} to ${from + chunk.length} of ${items.length}`,
      }),
    );
    chunkId = workflowId;
    return (await purse.lend(child, allowance, () => steering.follow(child))) as BatchResult;
  };
  for (let from = 0; from < items.length; from += CHUNK) {
    const chunk = items.slice(from, from + CHUNK);
    await steering.clear();
    const part = steering.stopping ? notRun(chunk) : await runChunk(from, chunk);
    chunkId = null;
    purse.charge(part, { agent: part.costs });
    result = {
      outcomes: result.outcomes + part.outcomes,
      seconds: [...result.seconds, ...part.seconds],
      ...purse.bill,
      costs: mergeCosts(result.costs, part.costs),
      problems: addProblems(result.problems, part.problems),
    };
    publish();
  }
  return result;
}

function notRun(items: readonly BatchItem[]): BatchResult {
  return {
    outcomes: OUTCOME_LETTERS['budget-stopped'].repeat(items.length),
    seconds: items.map(() => 0),
    spend: NO_SPEND,
    costs: {},
    problems: [],
  };
}

function purseOf({ allowance, concurrency, known }: TrialBatch, steering: Steering): Purse {
  return new Purse(
    {
      allowance,
      lanes: concurrency,
      ...(known && { calls: { agent: known.call }, known: { agent: known.costs } }),
    },
    steering,
  );
}

async function runItems(batch: TrialBatch, items: BatchItem[]): Promise<BatchResult> {
  const outcomes = items.map(() => OUTCOME_LETTERS['budget-stopped']);
  const seconds = items.map(() => 0);
  let problems: string[] = [];
  let done = 0;
  const publish = () => setCurrentDetails(batchDetails(progress()));
  const steering = createSteering(publish);
  const purse = purseOf(batch, steering);
  const progress = (): BatchProgress => ({
    purpose: batch.purpose,
    total: items.length,
    done,
    passed: passedIn(outcomes),
    running: purse.running,
    paused: steering.paused,
    spend: purse.spend,
    chunk: null,
  });
  setHandler(progressQuery, progress);

  await inLanes(steering, items.length, batch.concurrency, async (index) => {
    const report = await purse.pay(
      'agent',
      (grant) => runOne(batch, items[index]!, steering, grant),
      (ended) => ({ ...trialBill(ended), stopped: ended.outcome === 'budget-stopped' }),
    );
    if (report === null) return;
    if (report.outcome !== 'budget-stopped') done += 1;
    outcomes[index] = OUTCOME_LETTERS[report.outcome];
    seconds[index] = Math.round(report.seconds * 10) / 10;
    if (report.outcome === 'invalid' && report.reason) problems = addProblems(problems, [report.reason]);
    publish();
  });
  publish();
  const { bill, costs } = purse;
  return { outcomes: outcomes.join(''), seconds, ...bill, costs: costs.agent ?? {}, problems };
}

/** null: people said stop while it waited for them, so it was not run. */
async function runOne(
  batch: TrialBatch,
  item: BatchItem,
  steering: Steering,
  grant: Grant | undefined,
): Promise<TrialReport | null> {
  const arm = batch.arms[item.arm]!;
  const task = batch.tasks[item.task]!;
  const { contract, purpose, noteFiles } = batch;
  const { attempt } = item;
  const spec = {
    ...{ contract, harness: arm.harness, task, purpose, attempt },
    ...(noteFiles && { noteFiles }),
  };
  try {
    return await steering.persist(() =>
      sandboxes.runTrial.executeWithOptions(
        {
          summary: `${task} · ${arm.name} · attempt ${attempt}`,
          startToCloseTimeout: batch.trialSeconds * 1000,
        },
        grant ? [spec, grant] : [spec],
      ),
    );
  } catch (error) {
    if (error instanceof StopRequested) return null;
    if (
      error instanceof ActivityFailure &&
      !isCancellation(error) &&
      !CancellationScope.current().consideredCancelled &&
      error.retryState !== 'NON_RETRYABLE_FAILURE'
    ) {
      return await giveUp(spec, error, steering);
    }
    throw error;
  }
}

/** Workers died under it again and again, or its time was up: infrastructure, so never a failed task. */
async function giveUp(
  spec: TrialSpec,
  { cause, message }: ActivityFailure,
  steering: Steering,
): Promise<TrialReport | null> {
  const reason = `no worker brought it to an end: ${cause?.message ?? message}`.slice(0, REASON_MAX);
  const details = cause instanceof TimeoutFailure ? (cause.lastHeartbeatDetails ?? null) : null;
  try {
    return await steering.persist(() => light.giveUpTrial({ spec, reason, details }));
  } catch (error) {
    if (error instanceof StopRequested) return null;
    throw error;
  }
}

function passedIn(outcomes: Iterable<string>): number {
  return [...outcomes].filter((letter) => letter === OUTCOME_LETTERS.passed).length;
}

/** Score of an outcome letter; null: never scored. */
export function passedOf(letter: string): boolean | null {
  if (letter === OUTCOME_LETTERS.passed) return true;
  if (letter === OUTCOME_LETTERS.failed || letter === OUTCOME_LETTERS['agent-timeout']) return false;
  return null;
}
