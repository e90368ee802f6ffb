/** A gate, driven with real trials: whoever has candidates answers what it asks for, until there is a verdict. */
import { ApplicationFailure } from '@temporalio/workflow';
import { gateStep } from '../validation/gate.js';
import {
  type Arm,
  type GateEvent,
  type GatePlan,
  type GateStep,
  type GateVerdict,
  INCUMBENT,
  type TrialRequest,
  type TrialScore,
} from '../validation/types.js';
import { light } from './proxies.js';
import type { Steering } from './steering.js';

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
    const step = nextStep(plan, events);
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

/** A plan that contradicts itself is a fault of ours: the workflow fails, rather than trying it for ever. */
function nextStep(plan: GatePlan, events: GateEvent[]): GateStep {
  try {
    return gateStep(plan, events);
  } catch (error) {
    throw ApplicationFailure.nonRetryable((error as Error).message, 'GatePlan');
  }
}
