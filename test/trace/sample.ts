import type { Trajectory, TrajectoryStep } from '../../src/trace/types.js';

/** A trajectory that uses everything we write. */
export function sample(more: TrajectoryStep[] = []): Trajectory {
  return {
    schema_version: 'ATIF-v1.7',
    session_id: 'trial-1',
    agent: {
      name: 'self-harness',
      version: '0.1.0',
      model_name: 'm',
      tool_definitions: [{ type: 'function', function: { name: 'shell', parameters: {} } }],
      extra: { harness: 'seed' },
    },
    steps: [
      { step_id: 1, source: 'system', message: 'You work in a shell.' },
      { step_id: 2, source: 'user', message: 'Write /app/out.txt.', timestamp: '2026-05-16T12:00:00.000Z' },
      {
        step_id: 3,
        source: 'agent',
        message: 'Looking.',
        model_name: 'm',
        reasoning_content: 'hm',
        tool_calls: [{ tool_call_id: 'a', function_name: 'shell', arguments: { command: 'cat nope' } }],
        observation: {
          results: [
            {
              source_call_id: 'a',
              content: 'cat: nope: No such file',
              extra: { ok: false, exit_code: 1, duration_ms: 4, malformed: undefined },
            },
          ],
        },
        metrics: { prompt_tokens: 100, completion_tokens: 5, cached_tokens: 0 },
        llm_call_count: 1,
        extra: { rules: [{ rule: 'react', event: 'after-tool', actions: ['inject'] }] },
      },
      {
        step_id: 4,
        source: 'system',
        message: 'Look at the error.',
        extra: { context_management: { type: 'injection', boundary: 'append' } },
      },
      ...more.map((step, i) => ({ ...step, step_id: 5 + i })),
    ],
    final_metrics: { total_prompt_tokens: 100, total_completion_tokens: 5, total_steps: 4 + more.length },
    extra: {
      harness: 'abc',
      task: 'write-file',
      stop_reason: 'finished',
      artifacts_missing: ['/app/out.txt'],
    },
    subagent_trajectories: [
      {
        schema_version: 'ATIF-v1.7',
        session_id: 'trial-1',
        trajectory_id: 'sub-1',
        agent: { name: 'self-harness', version: '0.1.0' },
        steps: [{ step_id: 1, source: 'user', message: 'help' }],
      },
    ],
  };
}
