/**
 * ATIF v1.7 as we write it, as strictly as Harbor's own models read it: unknown keys only under `extra`, steps numbered
 * 1, 2, 3 ..., results naming calls of their own step, fields of agents only on agents' steps.
 */
import { z } from 'zod';
import type { Trajectory } from './types.js';

const extra = z.record(z.string(), z.unknown());
const count = z.number().int().nonnegative();

const agent = z.strictObject({
  name: z.string(),
  version: z.string(),
  model_name: z.string().optional(),
  tool_definitions: z.array(z.unknown()).optional(),
  extra: extra.optional(),
});

const toolCall = z.strictObject({
  tool_call_id: z.string(),
  function_name: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  extra: extra.optional(),
});

const result = z.strictObject({
  source_call_id: z.string().optional(),
  content: z.string().optional(),
  subagent_trajectory_ref: z.array(z.strictObject({ trajectory_id: z.string() })).optional(),
  extra: extra.optional(),
});

const metrics = z.strictObject({
  prompt_tokens: count.optional(),
  completion_tokens: count.optional(),
  cached_tokens: count.optional(),
  cost_usd: z.number().nonnegative().optional(),
});

const step = z
  .strictObject({
    step_id: z.number().int().min(1),
    timestamp: z.iso.datetime({ offset: true }).optional(),
    source: z.enum(['system', 'user', 'agent']),
    message: z.string(),
    model_name: z.string().optional(),
    reasoning_content: z.string().optional(),
    tool_calls: z.array(toolCall).optional(),
    observation: z.strictObject({ results: z.array(result) }).optional(),
    metrics: metrics.optional(),
    llm_call_count: count.optional(),
    extra: extra.optional(),
  })
  .superRefine((value, context) => {
    if (value.source === 'agent') {
      if (value.llm_call_count === 0)
        for (const field of ['metrics', 'reasoning_content'] as const) refuse(value, field, context);
      return;
    }
    for (const field of ['model_name', 'reasoning_content', 'tool_calls', 'metrics'] as const)
      refuse(value, field, context);
  })
  .superRefine((value, context) => {
    const ids = new Set(value.tool_calls?.map((call) => call.tool_call_id));
    for (const [i, { source_call_id: id }] of (value.observation?.results ?? []).entries())
      if (id !== undefined && !ids.has(id))
        context.addIssue({
          code: 'custom',
          path: ['observation', 'results', i, 'source_call_id'],
          message: `expected the id of a call of this step, found ${JSON.stringify(id)}`,
        });
  });

function refuse<T extends object>(value: T, field: keyof T & string, context: z.RefinementCtx): void {
  if (value[field] !== undefined)
    context.addIssue({ code: 'custom', path: [field], message: 'expected only where a model was asked' });
}

const finalMetrics = z.strictObject({
  total_prompt_tokens: count.optional(),
  total_completion_tokens: count.optional(),
  total_cached_tokens: count.optional(),
  total_cost_usd: z.number().nonnegative().optional(),
  total_steps: count.optional(),
  extra: extra.optional(),
});

const schema: z.ZodType = z
  .strictObject({
    schema_version: z.literal('ATIF-v1.7'),
    session_id: z.string(),
    trajectory_id: z.string().optional(),
    agent,
    steps: z.array(step).min(1),
    notes: z.string().optional(),
    final_metrics: finalMetrics.optional(),
    extra: extra.optional(),
    subagent_trajectories: z.array(z.lazy(() => schema)).optional(),
  })
  .superRefine((value, context) => {
    for (const [i, { step_id }] of value.steps.entries())
      if (step_id !== i + 1)
        context.addIssue({
          code: 'custom',
          path: ['steps', i, 'step_id'],
          message: `expected ${i + 1}, found ${step_id}`,
        });
    const ids = (value.subagent_trajectories ?? []).map((sub) => (sub as Trajectory).trajectory_id);
    if (ids.includes(undefined) || new Set(ids).size !== ids.length)
      context.addIssue({
        code: 'custom',
        path: ['subagent_trajectories'],
        message: 'expected each to have a trajectory_id of its own',
      });
  });

export const trajectorySchema = schema as z.ZodType<Trajectory>;
