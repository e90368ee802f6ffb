/** What makes a promotion look too good to be true: for a person to look at, never a reason to decide otherwise. */
import type { Comparison, SplitComparison } from './types.js';
import { percent, plural, points } from './words.js';

/** Tool calls of the trials that passed, by arm. */
export interface PassedSteps {
  incumbent: readonly number[];
  candidate: readonly number[];
}

/** Gain on a split (0-1), and share of what failed before that passes now, from which on it is looked at. */
const JUMP = 0.4;
const MENDED = 0.9;
/** Tasks and passes below which such figures say nothing. */
const TASKS_MIN = 8;
const PASSES_MIN = 8;
/** Tool calls with which next to nothing can be worked out: look and deliver, or finish at once. */
const FEW = 2;
/** How much more of the passes (0-1) take so few than the incumbent's. */
const FEW_MORE = 0.25;
/** A median of tool calls below this share of the incumbent's. */
const SHORTER = 1 / 3;

/** One sentence each; []: nothing stands out. */
export function flagsOf(comparison: Comparison, steps: PassedSteps): string[] {
  return [
    jump('heldIn', comparison.heldIn),
    jump('heldOut', comparison.heldOut),
    fewSteps(steps),
    shorter(steps),
  ].filter((flag) => flag !== null);
}

function jump(split: string, { tasks, incumbent, candidate, difference }: SplitComparison): string | null {
  if (tasks < TASKS_MIN || incumbent === null || candidate === null || difference === null) return null;
  const mended = incumbent.value < 1 ? difference.value / (1 - incumbent.value) : 0;
  if (difference.value < JUMP && mended < MENDED) return null;
  return `${points(difference.value)} on ${split} (from ${percent(incumbent.value)} to ${percent(candidate.value)}) is a jump that is seldom true: read some of the passes.`;
}

function fewSteps({ incumbent, candidate }: PassedSteps): string | null {
  if (candidate.length < PASSES_MIN || incumbent.length < PASSES_MIN) return null;
  const share = (steps: readonly number[]) => steps.filter((count) => count <= FEW).length / steps.length;
  const [before, after] = [share(incumbent), share(candidate)];
  if (after - before < FEW_MORE) return null;
  return `${percent(after)} of its passes took at most ${plural(FEW, 'tool call')}, of the incumbent's ${percent(before)}: see whether the work was done.`;
}

function shorter({ incumbent, candidate }: PassedSteps): string | null {
  if (candidate.length < PASSES_MIN || incumbent.length < PASSES_MIN) return null;
  const [before, after] = [median(incumbent), median(candidate)];
  if (after >= before * SHORTER) return null;
  return `its passes took ${after} tool calls in the median, the incumbent's ${before}: see whether the work was done.`;
}

/** The upper one of two in the middle. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
