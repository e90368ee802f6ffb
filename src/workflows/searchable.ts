/** What evolutions can be searched by, where the server knows our search attributes. */
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { Interval } from '../validation/types.js';
import {
  heldInAttribute,
  heldOutAttribute,
  modelAttribute,
  phaseAttribute,
  roundAttribute,
  suiteAttribute,
} from './attributes.js';
import type { EvolutionPhase, Prepared } from './types.js';

export function showWhat({ searchAttributes, model, suite }: Prepared): void {
  if (!searchAttributes) return;
  upsertSearchAttributes([
    { key: modelAttribute, value: model },
    { key: suiteAttribute, value: suite },
  ]);
}

export function showPhase({ searchAttributes }: Prepared, phase: EvolutionPhase, round: number): void {
  if (!searchAttributes) return;
  upsertSearchAttributes([
    { key: phaseAttribute, value: phase },
    { key: roundAttribute, value: round },
  ]);
}

/** The champion's pass rates. */
export function showRates(
  { searchAttributes }: Prepared,
  heldIn: Interval | null,
  heldOut: Interval | null,
): void {
  if (!searchAttributes) return;
  upsertSearchAttributes([
    { key: heldInAttribute, value: heldIn?.value ?? null },
    { key: heldOutAttribute, value: heldOut?.value ?? null },
  ]);
}
