/** `runTrials`: a batch of trials of one or more harnesses. Started by a round, or by people to measure a harness. */
import {
  ActivityFailure,
  isCancellation,
  setCurrentDetails,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { passInterval } from '../validation/intervals.js';
import { batchDetails } from './details.js';
import { formatItems, parseItems } from './items.js';
import { light, sandboxes } from './proxies.js';
import { addSpend, isExhausted, NO_SPEND, reduceAllowance, trialSpend } from './spend.js';
import { createSteering, followChild, progressQuery, type Steering } from './steering.js';
import {
  type BatchItem,
  type BatchProgress,
  type BatchResult,
  type MeasureInput,
  type Measurement,
  OUTCOME_LETTERS,
  type RunTrialsInput,
  type TrialBatch,
  type TrialReport,
} from './types.js';

/** Activities in one run: beyond it the cost of each grows, and history nears its limits. */
const CHUNK = 500;
const PROBLEMS_MAX = 5;

export async function runTrials(input: RunTrialsInput): Promise<BatchResult | Measurement> {
  return 'contract' in input ? runBatch(input) : measure(input);
}

async function measure(input: MeasureInput): Promise<Measurement> {
  const { batch, harness } = await light.prepareMeasurement(input);
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

async function runChunks(batch: TrialBatch, items: BatchItem[]): Promise<BatchResult> {
  let result: BatchResult = { outcomes: '', seconds: [], spend: NO_SPEND, problems: [] };
  const steering = createSteering();
  for (let from = 0; from < items.length; from += CHUNK) {
    const chunk = items.slice(from, from + CHUNK);
    await steering.clear();
    const part: BatchResult = steering.stopping
      ? {
          outcomes: OUTCOME_LETTERS['budget-stopped'].repeat(chunk.length),
          seconds: chunk.map(() => 0),
          spend: NO_SPEND,
          problems: [],
        }
      : ((await followChild(
          steering,
          await startChild(runTrials, {
            workflowId: `${workflowInfo().workflowId}/chunk-${from / CHUNK + 1}`,
            args: [
              {
                ...batch,
                items: formatItems(chunk),
                allowance: reduceAllowance(batch.allowance, result.spend),
              },
            ],
            staticSummary: `${batch.purpose}: trials ${from + 1} to ${from + chunk.length} of ${items.length}`,
          }),
        )) as BatchResult);
    result = {
      outcomes: result.outcomes + part.outcomes,
      seconds: [...result.seconds, ...part.seconds],
      spend: addSpend(result.spend, part.spend),
      problems: [...new Set([...result.problems, ...part.problems])].slice(0, PROBLEMS_MAX),
    };
  }
  return result;
}

async function runItems(batch: TrialBatch, items: BatchItem[]): Promise<BatchResult> {
  const outcomes = items.map(() => OUTCOME_LETTERS['budget-stopped']);
  const seconds = items.map(() => 0);
  const problems = new Set<string>();
  let spend = NO_SPEND;
  let next = 0;
  let running = 0;
  const steering = createSteering(() => setCurrentDetails(batchDetails(progress())));
  const progress = (): BatchProgress => ({
    purpose: batch.purpose,
    total: items.length,
    done: spend.trials,
    passed: outcomes.filter((letter) => letter === OUTCOME_LETTERS.passed).length,
    running,
    paused: steering.paused,
    spend,
  });
  setHandler(progressQuery, progress);

  const lane = async () => {
    for (;;) {
      await steering.clear();
      if (next >= items.length || steering.stopping) return;
      if (isExhausted(batch.allowance, spend, running, Date.now())) return;
      const index = next++;
      running++;
      const report = await runOne(batch, items[index]!, steering);
      running--;
      outcomes[index] = OUTCOME_LETTERS[report.outcome];
      seconds[index] = Math.round(report.seconds * 10) / 10;
      spend = addSpend(spend, trialSpend(report));
      if (report.outcome === 'invalid' && report.reason && problems.size < PROBLEMS_MAX)
        problems.add(report.reason);
    }
  };
  await Promise.all(Array.from({ length: Math.min(batch.concurrency, items.length) }, lane));
  setCurrentDetails(batchDetails(progress()));
  return { outcomes: outcomes.join(''), seconds, spend, problems: [...problems] };
}

async function runOne(batch: TrialBatch, item: BatchItem, steering: Steering): Promise<TrialReport> {
  const arm = batch.arms[item.arm]!;
  const task = batch.tasks[item.task]!;
  try {
    return await steering.persist(() =>
      sandboxes.runTrial.executeWithOptions(
        {
          summary: `${task} · ${arm.name} · attempt ${item.attempt}`,
          startToCloseTimeout: batch.trialSeconds * 1000,
        },
        [
          {
            contract: batch.contract,
            harness: arm.harness,
            task,
            purpose: batch.purpose,
            attempt: item.attempt,
          },
        ],
      ),
    );
  } catch (error) {
    // Workers died under it again and again, or its time was up: infrastructure, so never a failed task.
    if (
      error instanceof ActivityFailure &&
      !isCancellation(error) &&
      error.retryState !== 'NON_RETRYABLE_FAILURE'
    ) {
      return invalidReport(`no worker brought it to an end: ${error.cause?.message ?? error.message}`);
    }
    throw error;
  }
}

function invalidReport(reason: string): TrialReport {
  return {
    outcome: 'invalid',
    reason: reason.slice(0, 300),
    promptTokens: 0,
    cachedTokens: 0,
    completionTokens: 0,
    costUsd: null,
    seconds: 0,
  };
}

/** Score of an outcome letter; null: never scored. */
export function passedOf(letter: string): boolean | null {
  if (letter === OUTCOME_LETTERS.passed) return true;
  if (letter === OUTCOME_LETTERS.failed || letter === OUTCOME_LETTERS['agent-timeout']) return false;
  return null;
}
