/** A gate, driven with real trials: whoever has candidates answers what it asks for, until there is a verdict. */
import { ApplicationFailure } from '@temporalio/workflow';
import { gateStep } from '../validation/gate.js';
import {
  type Arm,
  type GateEvent,
  type GatePlan,
  type GateVerdict,
  INCUMBENT,
  type TrialRequest,
  type TrialScore,
} from '../validation/types.js';
import { light } from './proxies.js';
import type { Steering } from './steering.js';
import type { Prepared } from './types.js';

export interface GateLoop {
  /** By arm, the incumbent's with them. A merge adds its own. */
  harnesses: Map<Arm, string>;
  /** Artifact with the proposal of each candidate. */
  proposals: ReadonlyMap<Arm, string>;
  steering: Steering;
  /** Runs what the gate asks for; what it throws ends the loop. */
  run(stage: string, requests: TrialRequest[]): Promise<TrialScore[]>;
}

export async function passGate(plan: GatePlan, loop: GateLoop): Promise<GateVerdict> {
  const { harnesses, proposals, steering } = loop;
  const events: GateEvent[] = [];
  for (;;) {
    const step = nextStep(gateStep, plan, events);
    if (step.kind === 'verdict') return step.verdict;
    if (step.kind === 'trials') {
      events.push({ kind: 'scores', scores: await loop.run(step.stage, step.requests) });
      continue;
    }
    const merged = await steering.persist(() =>
      light.mergeCandidates.executeWithOptions({ summary: step.arms.join(' + ') }, [
        {
          incumbent: harnesses.get(INCUMBENT)!,
          proposals: step.arms.map((arm) => ({ arm, proposal: proposals.get(arm)! })),
        },
      ]),
    );
    harnesses.set(merged.arm, merged.harness);
    events.push({ kind: 'merged', arm: merged.arm, members: merged.members, dropped: merged.dropped });
  }
}

/** What is to be decided, under the gate of an evolution. @param nth keeps its draws apart from those of its other decisions */
export function gatePlan(
  { gate, heldIn, heldOut, seed }: Pick<Prepared, 'gate' | 'heldIn' | 'heldOut' | 'seed'>,
  candidates: GatePlan['candidates'],
  nth: number,
): GatePlan {
  return { gate: gate.kind, settings: gate.settings, heldIn, heldOut, candidates, seed: seed * 1000 + nth };
}

/** The incumbent once on each task of heldIn: what it fails is what can be mended. */
export function observation(heldIn: readonly string[]): TrialRequest[] {
  return heldIn.map((task) => ({ arm: INCUMBENT, task, split: 'heldIn', stage: 'observe', attempt: 1 }));
}

export function failedTasks(scores: readonly TrialScore[]): string[] {
  return scores.filter(({ passed }) => passed === false).map(({ task }) => task);
}

/** A plan that contradicts itself is a fault of ours: the workflow fails, rather than trying it for ever. */
export function nextStep<T>(
  step: (plan: GatePlan, events: GateEvent[]) => T,
  plan: GatePlan,
  events: GateEvent[],
): T {
  try {
    return step(plan, events);
  } catch (error) {
    throw ApplicationFailure.nonRetryable((error as Error).message, 'GatePlan');
  }
}
