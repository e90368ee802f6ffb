/** Small trajectories by hand: a line per call. */
import type { StopReason } from '../../src/agent/types.js';
import type { HeldInTrial } from '../../src/mining/held-in.js';
import type { ResultExtra, Trajectory, TrajectoryExtra, TrajectoryStep } from '../../src/trace/types.js';

export interface Made {
  tool: string;
  args: Record<string, unknown>;
  content: string;
  extra: ResultExtra;
}

/** A shell call; status 0 unless said otherwise. */
export function sh(command: string, content = '', extra: ResultExtra = {}): Made {
  const exit_code = extra.exit_code ?? 0;
  return { tool: 'shell', args: { command }, content, extra: { ok: exit_code === 0, exit_code, ...extra } };
}

export function failing(command: string, content = 'error', exit_code = 1): Made {
  return sh(command, content, { exit_code });
}

export function write(path: string, content: string, extra: ResultExtra = {}): Made {
  return { tool: 'write', args: { path, content }, content: 'written', extra: { ok: true, ...extra } };
}

export function read(path: string, content = 'text'): Made {
  return { tool: 'read', args: { path }, content, extra: { ok: true } };
}

export function finish(): Made {
  return { tool: 'finish', args: { summary: 'done' }, content: '', extra: { ok: true } };
}

export const INSTRUCTION =
  'Collect every warning of the logs under /data and deliver the sorted list in /app/out.txt please.';

export function trajectory(calls: Made[], extra: Partial<TrajectoryExtra> = {}): Trajectory {
  const steps: TrajectoryStep[] = [
    { step_id: 1, source: 'system', message: 'You work in a terminal.' },
    { step_id: 2, source: 'user', message: INSTRUCTION },
    ...calls.map(
      (call, i): TrajectoryStep => ({
        step_id: i + 3,
        source: 'agent',
        message: '',
        tool_calls: [{ tool_call_id: `c${i}`, function_name: call.tool, arguments: call.args }],
        observation: { results: [{ source_call_id: `c${i}`, content: call.content, extra: call.extra }] },
      }),
    ),
  ];
  return {
    schema_version: 'ATIF-v1.7',
    session_id: 's',
    agent: { name: 'agent', version: '1' },
    steps,
    extra: { harness: 'h', task: 't', ...extra },
  };
}

export function result(overrides: Partial<HeldInTrial> = {}): HeldInTrial {
  return {
    key: 'k1',
    tryId: 'try-1',
    task: 'collect-warnings',
    split: 'heldIn',
    harness: 'h',
    purpose: 'r1/observe',
    attempt: 1,
    outcome: 'failed',
    reason: '',
    reward: 0,
    stopReason: 'finished' as StopReason,
    turns: 5,
    toolCalls: 5,
    promptTokens: 1,
    cachedTokens: 0,
    completionTokens: 1,
    costUsd: null,
    usageEstimated: false,
    seconds: 100,
    trace: null,
    verifierOutput: null,
    startedAt: '2026-01-01T00:00:00Z',
    ...overrides,
  };
}
