/** From what happened in a trial to the record that is kept: outcome, reason, money. */
import type { AgentResult, StopReason, TrialLimits } from '../agent/types.js';
import type { Contract } from '../contract/types.js';
import { costUsd } from '../model/price.js';
import type { Usage } from '../model/types.js';
import type { Ref } from '../store/types.js';
import type { Split, Task } from '../suite/types.js';
import type { Outcome, TrialResult, TrialSpec } from './types.js';

/** Characters of a reason: the whole record stays under 2 KB. */
const REASON_CHARS_MAX = 400;

const LIMITS_HIT: ReadonlySet<StopReason> = new Set([
  'turn-limit',
  'tool-call-limit',
  'token-limit',
  'time-limit',
]);

/** What is known of a trial, however far it came. */
export interface TrialFacts {
  startedAt: Date;
  seconds: number;
  usage: Usage;
  agent: Pick<AgentResult, 'stopReason' | 'turns' | 'toolCalls'> | null;
  trace: Ref | null;
  verifierOutput: Ref | null;
  /** Left out: nobody asked for it. */
  fingerprint?: string | null;
}

/** A whole reward passes, whatever the agent thought; a part of one does not. */
export function outcomeOf(reward: number, stopReason: StopReason): Outcome {
  if (reward >= 1) return 'passed';
  return LIMITS_HIT.has(stopReason) ? 'agent-timeout' : 'failed';
}

export function trialResult(
  about: { key: string; tryId: string; spec: TrialSpec; contract: Contract },
  facts: TrialFacts,
  verdict: { outcome: Outcome; reason: string; reward: number | null },
): TrialResult {
  const { key, tryId, spec, contract } = about;
  const { usage, agent } = facts;
  return {
    key,
    tryId,
    task: spec.task,
    split: splitOf(contract, spec.task),
    harness: spec.harness,
    purpose: spec.purpose,
    attempt: spec.attempt,
    outcome: verdict.outcome,
    reason: bounded(verdict.reason),
    reward: verdict.reward,
    stopReason: agent?.stopReason ?? null,
    turns: agent?.turns ?? 0,
    toolCalls: agent?.toolCalls ?? 0,
    promptTokens: usage.promptTokens,
    cachedTokens: usage.cachedTokens,
    completionTokens: usage.completionTokens,
    costUsd: costUsd(usage, contract.model.price),
    usageEstimated: usage.estimated,
    seconds: Math.round(facts.seconds * 1000) / 1000,
    trace: facts.trace,
    verifierOutput: facts.verifierOutput,
    startedAt: facts.startedAt.toISOString(),
    ...(facts.fingerprint === undefined ? {} : { fingerprint: facts.fingerprint }),
  };
}

/** The tighter of what the contract allows and what the task asks for. */
export function trialLimits(contract: Contract, task: Task): TrialLimits {
  const { limits } = contract;
  return {
    ...limits,
    agentSeconds: Math.min(limits.agentSeconds, task.agentTimeoutSeconds ?? Number.POSITIVE_INFINITY),
    memoryMb: Math.min(limits.memoryMb, task.environment.memoryMb ?? Number.POSITIVE_INFINITY),
    storageMb: Math.min(limits.storageMb, task.environment.storageMb ?? Number.POSITIVE_INFINITY),
  };
}

function splitOf(contract: Contract, task: string): Split {
  const splits = ['heldIn', 'heldOut', 'sealed'] as const;
  return splits.find((split) => contract.split[split].includes(task)) ?? 'reserve';
}

/** A reason that is short enough to be kept. */
export function bounded(reason: string): string {
  return reason.length > REASON_CHARS_MAX ? `${reason.slice(0, REASON_CHARS_MAX - 3)}...` : reason;
}
