/** Leave one out: start and inspect. */
import type { Client } from '@temporalio/client';
import type { AblateInput, AblationResult } from '../workflows/ablation-types.js';
import { ablationQuery } from '../workflows/messages.js';
import type { BatchProgress } from '../workflows/types.js';
import { batchProgress, evolutionId, quietly, result, type Started, startOnce } from './evolutions.js';

export const ablationId = (name: string) => `${evolutionId(name)}/ablate`;

/** Starts it, or finds the one of that evolution that is running. */
export function startAblation(client: Client, input: AblateInput): Promise<Started> {
  const summary = `${input.name}: each promoted edit left out in turn`;
  return startOnce(client, 'ablateHarness', ablationId(input.name), [input], summary);
}

/** Of the batch of trials under way; null: none is. */
export async function ablationProgress(client: Client, name: string): Promise<BatchProgress | null> {
  const view = await quietly(client.workflow.getHandle(ablationId(name)).query(ablationQuery));
  return view?.batch ? batchProgress(client, view.batch) : null;
}

/** @throws {EvolutionFailed} with the innermost message when the workflow failed. */
export function ablationResult(client: Client, name: string): Promise<AblationResult> {
  return result<AblationResult>(client, ablationId(name));
}
