/** Start, steer and inspect: the typed client of the workflows. */
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionInfo,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { EvolutionConfigInput } from '../contract/config.js';
import { CALIBRATE } from '../validation/calibration.js';
import type { CalibrationResult } from '../workflows/calibrate-harness.js';
import {
  ablationQuery,
  controlsQuery,
  pauseUpdate,
  resumeUpdate,
  roundStateQuery,
  setBudgetUpdate,
  stateQuery,
  stopUpdate,
} from '../workflows/messages.js';
import { addSpend } from '../workflows/spend.js';
import { progressQuery } from '../workflows/steering.js';
import {
  type BatchProgress,
  type EvolutionResult,
  type EvolutionState,
  type MeasureInput,
  type Measurement,
  type RoundView,
  type Spend,
  TASK_QUEUE,
  type Unsealed,
  type UnsealInput,
} from '../workflows/types.js';

export const evolutionId = (name: string) => `evolve/${name}`;
export const calibrationId = (name: string) => `calibrate/${name}`;
export const measurementId = (name: string) => `run/${name}`;
export const unsealId = (name: string) => `unseal/${name}`;

export interface Started {
  workflowId: string;
  runId: string;
  /** false: it was running already, and this is that one. */
  isNew: boolean;
}

/** Starts an evolution, or finds the one of that name that is running. Never starts it twice. */
export function startEvolution(client: Client, name: string, config: EvolutionConfigInput): Promise<Started> {
  return startOnce(
    client,
    'evolveHarness',
    evolutionId(name),
    [config],
    `${config.model.name} on ${config.suite}`,
  );
}

export function startMeasurement(client: Client, name: string, input: MeasureInput): Promise<Started> {
  const { config } = input;
  return startOnce(
    client,
    'runTrials',
    measurementId(name),
    [input],
    `${config.harness ?? 'seed'} on ${config.suite}`,
  );
}

/** Opens the sealed split of an evolution, or finds the opening that is under way. */
export function startUnseal(client: Client, input: UnsealInput): Promise<Started> {
  return startOnce(client, 'unseal', unsealId(input.name), [input], `the sealed split of ${input.name}`);
}

/** The calibration of an evolution, alone. */
export function startCalibration(
  client: Client,
  name: string,
  config: EvolutionConfigInput,
): Promise<Started> {
  const about = `${config.harness ?? 'seed'} against itself: ${config.model.name} on ${config.suite}`;
  return startOnce(client, 'calibrateHarness', calibrationId(name), [config], about);
}

export async function startOnce(
  client: Client,
  workflow: string,
  workflowId: string,
  args: unknown[],
  staticSummary: string,
): Promise<Started> {
  try {
    const handle = await client.workflow.start(workflow, {
      taskQueue: TASK_QUEUE,
      workflowId,
      args,
      staticSummary: staticSummary.slice(0, 200),
      workflowIdConflictPolicy: 'FAIL',
    });
    return { workflowId, runId: handle.firstExecutionRunId, isNew: true };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const { runId } = await client.workflow.getHandle(workflowId).describe();
    return { workflowId, runId, isNew: false };
  }
}

/** Steps of an evolution that run batches of their own. */
const STEPS = [
  { suffix: '/ablate', query: ablationQuery.name },
  { suffix: '/controls', query: controlsQuery.name },
];

/** Everything that can be shown of an evolution at one moment. */
export interface Snapshot {
  state: EvolutionState;
  round: RoundView | null;
  /** Of a step after the rounds that runs batches of its own; left out: none is under way. */
  step?: { batch: string | null; spend: Spend } | null;
  batch: BatchProgress | null;
}

/** @throws {WorkflowNotFoundError} when there is no evolution of that name. */
export async function snapshot(client: Client, name: string): Promise<Snapshot> {
  const state = await client.workflow.getHandle(evolutionId(name)).query(stateQuery);
  if (!state.batch) return { state, round: null, batch: null };
  const step = STEPS.find(({ suffix }) => state.batch!.endsWith(suffix));
  if (step) {
    const handle = client.workflow.getHandle(state.batch);
    const view = await quietly(handle.query<NonNullable<Snapshot['step']>>(step.query));
    const batch = view?.batch ? await batchProgress(client, view.batch) : null;
    return { state, round: null, step: view, batch };
  }
  if (!state.batch.includes('/round-'))
    return { state, round: null, batch: await batchProgress(client, state.batch) };
  const round = await quietly(client.workflow.getHandle(state.batch).query(roundStateQuery));
  return { state, round, batch: round?.batch ? await batchProgress(client, round.batch) : null };
}

/** Progress of a measurement; null while it is being prepared. */
export function measurementProgress(client: Client, name: string): Promise<BatchProgress | null> {
  return batchProgress(client, measurementId(name));
}

/** Progress of a calibration's trials; null while there are none under way. */
export function calibrationProgress(client: Client, name: string): Promise<BatchProgress | null> {
  return batchProgress(client, `${calibrationId(name)}/${CALIBRATE}`);
}

/** Progress of a batch, the part under way included where it runs in parts. */
export async function batchProgress(client: Client, workflowId: string): Promise<BatchProgress | null> {
  const progress = await quietly(client.workflow.getHandle(workflowId).query(progressQuery));
  if (!progress?.chunk) return progress;
  const part = await batchProgress(client, progress.chunk);
  if (!part) return progress;
  return {
    ...progress,
    done: progress.done + part.done,
    passed: progress.passed + part.passed,
    running: part.running,
    spend: addSpend(progress.spend, part.spend),
  };
}

/** A child that has just begun or ended does not answer: the next look will. */
export async function quietly<T>(query: Promise<T>): Promise<T | null> {
  return query.catch(() => null);
}

/** @throws {EvolutionFailed} with the innermost message when the workflow failed. */
export async function evolutionResult(client: Client, name: string): Promise<EvolutionResult> {
  return result<EvolutionResult>(client, evolutionId(name));
}

export async function measurementResult(client: Client, name: string): Promise<Measurement> {
  return result<Measurement>(client, measurementId(name));
}

export async function unsealedResult(client: Client, name: string): Promise<Unsealed> {
  return result<Unsealed>(client, unsealId(name));
}

/** What the latest opening on a person's word came to; null: there is none that came to its end. */
export async function unsealed(client: Client, name: string): Promise<Unsealed | null> {
  const handle = client.workflow.getHandle(unsealId(name));
  try {
    const { status } = await handle.describe();
    return status.name === 'COMPLETED' ? ((await handle.result()) as Unsealed) : null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** Progress of an opening; null while no trial of it has begun. */
export function unsealProgress(client: Client, name: string): Promise<BatchProgress | null> {
  return batchProgress(client, `${unsealId(name)}/seal`);
}

export async function calibrationResult(client: Client, name: string): Promise<CalibrationResult> {
  return result<CalibrationResult>(client, calibrationId(name));
}

/** A workflow that ended without a result. `kind` is the type of the failure, such as `BadInput`. */
export class EvolutionFailed extends Error {
  override readonly name = 'EvolutionFailed';
  constructor(
    message: string,
    readonly kind: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export async function result<T>(client: Client, workflowId: string): Promise<T> {
  try {
    return (await client.workflow.getHandle(workflowId).result()) as T;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const innermost = innermostCause(error);
    throw new EvolutionFailed(innermost.message, (innermost as { type?: string }).type ?? innermost.name, {
      cause: error,
    });
  }
}

function innermostCause(error: Error): Error {
  let innermost = error;
  while (innermost.cause instanceof Error) innermost = innermost.cause;
  return innermost;
}

export interface EvolutionLine {
  name: string;
  workflowId: string;
  status: string;
  startedAt: Date;
  closedAt: Date | null;
}

/** Evolutions that the server knows, newest first. */
export async function listEvolutions(client: Client, limit = 100): Promise<EvolutionLine[]> {
  const lines: EvolutionLine[] = [];
  for await (const info of client.workflow.list({ query: "WorkflowType = 'evolveHarness'" })) {
    lines.push(lineOf(info));
    if (lines.length >= limit) break;
  }
  return lines;
}

function lineOf(info: WorkflowExecutionInfo): EvolutionLine {
  return {
    name: info.workflowId.replace(/^evolve\//, ''),
    workflowId: info.workflowId,
    status: info.status.name.toLowerCase(),
    startedAt: info.startTime,
    closedAt: info.closeTime ?? null,
  };
}

export function pause(client: Client, name: string, reason: string): Promise<string> {
  return client.workflow.getHandle(evolutionId(name)).executeUpdate(pauseUpdate, { args: [reason] });
}

export function resume(client: Client, name: string): Promise<string> {
  return client.workflow.getHandle(evolutionId(name)).executeUpdate(resumeUpdate);
}

export function stop(client: Client, name: string): Promise<string> {
  return client.workflow.getHandle(evolutionId(name)).executeUpdate(stopUpdate);
}

export function setBudget(
  client: Client,
  name: string,
  budget: { usd?: number; tokens?: number; trials?: number; hours?: number },
): Promise<string> {
  return client.workflow.getHandle(evolutionId(name)).executeUpdate(setBudgetUpdate, { args: [budget] });
}

export { WorkflowNotFoundError };
