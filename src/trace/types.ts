/**
 * ATIF v1.7 (Agent Trajectory Interchange Format), as far as we write it. Harbor's models forbid unknown keys, so
 * everything of ours lies under `extra`.
 */
export interface Trajectory {
  schema_version: 'ATIF-v1.7';
  session_id: string;
  trajectory_id?: string;
  agent: {
    name: string;
    version: string;
    model_name?: string;
    tool_definitions?: unknown[];
    extra?: Record<string, unknown>;
  };
  steps: TrajectoryStep[];
  notes?: string;
  final_metrics?: {
    total_prompt_tokens?: number;
    total_completion_tokens?: number;
    total_cached_tokens?: number;
    total_cost_usd?: number;
    total_steps?: number;
    extra?: Record<string, unknown>;
  };
  extra?: TrajectoryExtra;
  subagent_trajectories?: Trajectory[];
}

export interface TrajectoryStep {
  /** 1, 2, 3 ... */
  step_id: number;
  timestamp?: string;
  source: 'system' | 'user' | 'agent';
  message: string;
  model_name?: string;
  reasoning_content?: string;
  tool_calls?: {
    tool_call_id: string;
    function_name: string;
    arguments: Record<string, unknown>;
    extra?: Record<string, unknown>;
  }[];
  observation?: {
    results: {
      source_call_id?: string;
      content?: string;
      subagent_trajectory_ref?: { trajectory_id: string }[];
      extra?: ResultExtra;
    }[];
  };
  metrics?: { prompt_tokens?: number; completion_tokens?: number; cached_tokens?: number; cost_usd?: number };
  llm_call_count?: number;
  extra?: StepExtra;
}

/** Ours, on a result: how the call went. */
export interface ResultExtra {
  ok?: boolean;
  exit_code?: number;
  timed_out?: boolean;
  duration_ms?: number;
  omitted_bytes?: number;
  /** The rule that blocked the call. */
  blocked_by?: string;
  /** The call's arguments were not usable; why. */
  malformed?: string;
  /** Declared artifacts that this call made or removed. */
  artifacts_created?: string[];
  artifacts_deleted?: string[];
  /** true / false: the call counted as a check, and how it ended. */
  check_passed?: boolean;
  [key: string]: unknown;
}

/** Ours, on a step: rules that acted or broke, context management, limits. */
export interface StepExtra {
  rules?: { rule: string; event: string; actions: string[] }[];
  rule_errors?: { rule: string; message: string }[];
  context_management?: { type: 'compaction' | 'injection'; boundary: 'replace' | 'append' };
  limit?: string;
  [key: string]: unknown;
}

/** Ours, on the whole: what mining needs besides the steps. */
export interface TrajectoryExtra {
  harness: string;
  task: string;
  /** Why the agent stopped. */
  stop_reason?: string;
  artifacts_declared?: string[];
  artifacts_missing?: string[];
  [key: string]: unknown;
}
