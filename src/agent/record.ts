/** Writes a run down as an ATIF trajectory, as it happens; every text in it is bounded. */
import type { ChatAnswer, ToolCall, ToolDefinition, Usage } from '../model/types.js';
import type { Trajectory, TrajectoryExtra, TrajectoryStep } from '../trace/types.js';
import { clipMiddle } from './text.js';

/** Version of the agent in every trajectory: that of the package. */
export const AGENT_VERSION = '0.1.0';

const MAX_MESSAGE = 64_000;
const MAX_REASONING = 16_000;
const MAX_ARGUMENTS = 32_000;
const MAX_ARGUMENT_KEYS = 40;
const MAX_NAME = 200;

export type RecordedResult = NonNullable<TrajectoryStep['observation']>['results'][number];

export class Recorder {
  readonly #steps: TrajectoryStep[] = [];
  readonly #subagents: Trajectory[] = [];

  constructor(
    private readonly about: {
      sessionId: string;
      /** Set on embedded trajectories. */
      trajectoryId?: string;
      modelName: string;
      harnessName: string;
      tools: ToolDefinition[];
    },
  ) {}

  /** Adds a step; it may still be filled in until the trajectory is made. */
  step(
    source: TrajectoryStep['source'],
    message: string,
    more: Partial<TrajectoryStep> = {},
  ): TrajectoryStep {
    const step: TrajectoryStep = {
      step_id: this.#steps.length + 1,
      timestamp: new Date().toISOString(),
      source,
      message: clipMiddle(message, MAX_MESSAGE),
      ...more,
    };
    this.#steps.push(step);
    return step;
  }

  /** Adds the step of one answer; results of its calls are pushed into `observation` by the caller. */
  answer(answer: ChatAnswer, calls: ToolCall[]): TrajectoryStep {
    return this.step('agent', answer.text, {
      model_name: answer.model || this.about.modelName,
      ...(answer.reasoning === '' ? {} : { reasoning_content: clipMiddle(answer.reasoning, MAX_REASONING) }),
      ...(calls.length === 0
        ? {}
        : {
            tool_calls: calls.map((call) => ({
              tool_call_id: call.id,
              function_name: clipMiddle(call.name, MAX_NAME),
              ...boundedArguments(call),
            })),
            observation: { results: [] },
          }),
      metrics: metrics(answer.usage),
      llm_call_count: 1,
      ...(answer.finishReason === 'stop' || answer.finishReason === 'tool-calls'
        ? {}
        : { extra: { finish_reason: answer.finishReason } }),
    });
  }

  /** Embeds what a subagent did; returns the reference for its result. */
  embed(trajectory: Trajectory): NonNullable<RecordedResult['subagent_trajectory_ref']> {
    this.#subagents.push(trajectory);
    return [{ trajectory_id: trajectory.trajectory_id ?? '' }];
  }

  /** The whole. `usage` includes that of subagents. */
  trajectory(usage: Usage, extra: TrajectoryExtra): Trajectory {
    const { about } = this;
    return {
      schema_version: 'ATIF-v1.7',
      session_id: about.sessionId,
      ...(about.trajectoryId === undefined ? {} : { trajectory_id: about.trajectoryId }),
      agent: {
        name: 'self-harness',
        version: AGENT_VERSION,
        model_name: about.modelName,
        tool_definitions: about.tools.map((tool) => ({ type: 'function', function: tool })),
        extra: { harness: about.harnessName },
      },
      steps: this.#steps,
      final_metrics: {
        total_prompt_tokens: usage.promptTokens,
        total_completion_tokens: usage.completionTokens,
        total_cached_tokens: usage.cachedTokens,
        total_steps: this.#steps.length,
        ...(usage.estimated ? { extra: { estimated: true } } : {}),
      },
      extra,
      ...(this.#subagents.length === 0 ? {} : { subagent_trajectories: this.#subagents }),
    };
  }
}

export function metrics(usage: Usage): NonNullable<TrajectoryStep['metrics']> {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    cached_tokens: usage.cachedTokens,
  };
}

function boundedArguments(call: ToolCall): {
  arguments: Record<string, unknown>;
  extra?: Record<string, unknown>;
} {
  if (call.arguments === null) {
    return { arguments: {}, extra: { raw_arguments: clipMiddle(call.rawArguments, MAX_ARGUMENTS / 4) } };
  }
  if (call.rawArguments.length <= MAX_ARGUMENTS) return { arguments: call.arguments };
  const entries = Object.entries(call.arguments).slice(0, MAX_ARGUMENT_KEYS);
  const each = MAX_ARGUMENTS / entries.length;
  return {
    arguments: Object.fromEntries(
      entries.map(([key, value]) => [
        clipMiddle(key, 200),
        clipMiddle(typeof value === 'string' ? value : JSON.stringify(value), each),
      ]),
    ),
    extra: { clipped: true },
  };
}
