import { runAgent } from '../../src/agent/loop.js';
import type { AgentResult, AgentRun, TrialLimits } from '../../src/agent/types.js';
import { type HarnessInput, harnessSchema } from '../../src/harness/schema.js';
import type { ResultExtra, Trajectory } from '../../src/trace/types.js';
import { MemorySandbox } from '../support/memory-sandbox.js';
import { type Line, ScriptedModel } from '../support/scripted-model.js';

export const LIMITS: TrialLimits = {
  turns: 60,
  toolCalls: 100,
  tokens: 1_000_000,
  agentSeconds: 600,
  memoryMb: 512,
  processes: 128,
  storageMb: 128,
};

export const harness = (input: Omit<HarnessInput, 'name'> = {}) =>
  harnessSchema.parse({ name: 'tested', ...input });

export interface Played {
  result: AgentResult;
  model: ScriptedModel;
  trajectory: Trajectory;
  /** Results of all calls, in order: what the model read, and how each went. */
  results: { content: string; extra: ResultExtra }[];
}

/** Runs a scripted model under a harness; what is not given is a default that plays no part. */
export async function play(
  lines: Line[],
  input: Omit<HarnessInput, 'name'> = {},
  more: Partial<AgentRun> = {},
): Promise<Played> {
  const model = new ScriptedModel(lines);
  const result = await runAgent({
    harness: harness(input),
    harnessDigest: 'sha256:h',
    instruction: 'Do the task.',
    taskName: 'a-task',
    workdir: '/app',
    sandbox: new MemorySandbox(),
    model,
    modelName: 'scripted',
    limits: LIMITS,
    seed: 7,
    sessionId: 'session',
    ...more,
  });
  const { trajectory } = result;
  return { result, model, trajectory, results: resultsOf(trajectory) };
}

export function resultsOf(trajectory: Trajectory): Played['results'] {
  return trajectory.steps
    .flatMap((step) => step.observation?.results ?? [])
    .filter((result) => result.source_call_id !== undefined)
    .map((result) => ({ content: result.content ?? '', extra: result.extra ?? {} }));
}
