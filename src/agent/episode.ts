/**
 * One context at work: the main agent's, or a subagent's. What is shared by all contexts of a trial (sandbox, model,
 * clock, usage) comes from the run; the rest is an episode's own.
 */
import type { RuleContext } from '../harness/rule-context.js';
import type { Harness, RuleEvent } from '../harness/schema.js';
import type { Usage } from '../model/types.js';
import type { Trajectory, TrajectoryStep } from '../trace/types.js';
import { artifactChanges } from './artifacts.js';
import type { Budget } from './budget.js';
import type { CheckMatcher } from './checks.js';
import type { Conversation } from './conversation.js';
import type { Deadline } from './deadline.js';
import type { Recorder } from './record.js';
import type { RuleEffects, RuleRunner } from './rules.js';
import { type Moment, type RunState, reduceState, ruleContext, type StateEvent } from './state.js';
import type { ToolContext } from './tools/types.js';
import type { Toolset } from './toolset.js';
import type { AgentRun, StopReason } from './types.js';

/** How a context ended. */
export interface Ending {
  stopReason: StopReason;
  finalText: string;
}

/** Tokens of a context, and through it of the one that it works for. */
export class UsageMeter {
  readonly total: Usage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0, estimated: false };

  constructor(private readonly parent?: UsageMeter) {}

  add(usage: Usage): void {
    this.parent?.add(usage);
    this.total.promptTokens += usage.promptTokens;
    this.total.cachedTokens += usage.cachedTokens;
    this.total.completionTokens += usage.completionTokens;
    this.total.estimated ||= usage.estimated;
  }
}

export interface Episode {
  readonly run: AgentRun;
  readonly harness: Harness;
  /** The task: the instruction of the trial, or what was handed to the subagent. */
  readonly instruction: string;
  readonly deadline: Deadline;
  readonly budget: Budget;
  readonly usage: UsageMeter;
  readonly conversation: Conversation;
  readonly recorder: Recorder;
  readonly toolset: Toolset;
  readonly tools: ToolContext;
  readonly rules: RuleRunner;
  readonly checks: CheckMatcher;
  /** What the rules know; replaced, never changed. */
  state: RunState;
  /** Answers in a row with nothing usable in them. */
  brokenInARow: number;
  /** Phases that were announced. */
  readonly announced: Set<string>;
  /** Estimated tokens from which the context is condensed; moves when an endpoint shows that it was wrong. */
  compactAt: number;
}

export function note(episode: Episode, event: StateEvent): void {
  episode.state = reduceState(episode.state, event);
}

export function progress(episode: Episode, phase: string): void {
  const { turns, toolCalls } = episode.budget.trial;
  episode.run.onProgress?.({ turn: turns, toolCalls, phase });
}

/** Lets the rules of `event` act. */
export function applyRules(
  episode: Episode,
  event: RuleEvent,
  moment: Pick<Moment, 'call' | 'result' | 'before'> = {},
): Promise<RuleEffects> {
  return episode.rules.at(event, () => contextFor(episode, event, moment));
}

function contextFor(
  episode: Episode,
  event: RuleEvent,
  moment: Pick<Moment, 'call' | 'result' | 'before'>,
): RuleContext {
  return ruleContext(episode.state, event, {
    ...moment,
    instruction: episode.instruction,
    elapsedSeconds: episode.deadline.elapsedSeconds(),
    remainingSeconds: episode.deadline.remainingSeconds(),
    remainingTurns: episode.budget.remainingTurns(),
    tokens: episode.budget.used.tokens,
    contextTokens: episode.conversation.contextTokens,
  });
}

/** Which declared artifacts appeared or vanished since the last look; asks the sandbox only when there are any. */
export async function lookForArtifacts(episode: Episode): Promise<{ created: string[]; deleted: string[] }> {
  const { declared } = episode.state.artifacts;
  if (declared.length === 0) return { created: [], deleted: [] };
  const present = await episode.deadline.guard(() => episode.run.sandbox.exists([...declared]));
  return artifactChanges(episode.state.artifacts, present);
}

/** Puts messages before the model, as one, and writes them down as the harness's doing; null when there are none. */
export function inject(
  episode: Episode,
  messages: readonly string[],
  extra: TrajectoryStep['extra'],
): TrajectoryStep | null {
  if (messages.length === 0) return null;
  const content = messages.join('\n\n');
  episode.conversation.push({ role: 'user', content });
  return episode.recorder.step('system', content, {
    extra: { context_management: { type: 'injection', boundary: 'append' }, ...extra },
  });
}

/** Adds what rules did to a step. */
export function noteRules(step: TrajectoryStep, effects: RuleEffects): void {
  if (effects.fired.length === 0 && effects.errors.length === 0) return;
  step.extra ??= {};
  if (effects.fired.length > 0) step.extra.rules = [...(step.extra.rules ?? []), ...effects.fired];
  if (effects.errors.length > 0)
    step.extra.rule_errors = [...(step.extra.rule_errors ?? []), ...effects.errors];
}

/** The trajectory of an episode that has ended. */
export function trajectoryOf(episode: Episode, ending: Ending, harness: string): Trajectory {
  const { artifacts } = episode.state;
  return episode.recorder.trajectory(episode.usage.total, {
    harness,
    task: episode.run.taskName,
    stop_reason: ending.stopReason,
    artifacts_declared: [...artifacts.declared],
    artifacts_missing: [...artifacts.missing],
    turns: episode.budget.used.turns,
    tool_calls: episode.budget.used.toolCalls,
    tool_errors: episode.state.toolErrors,
    finish_refusals: episode.state.finishRefusals,
    elapsed_seconds: Math.round(episode.deadline.elapsedSeconds() * 1000) / 1000,
  });
}
