/** A trajectory for a person at a terminal. */
import pc from 'picocolors';
import { clip } from './clip.js';
import { argumentText, harnessFacts, resultFacts, type StepResult } from './render.js';
import type { Trajectory, TrajectoryStep } from './types.js';

const maxTextChars = 4000;
const maxResultChars = 2000;

/** Readable lines, coloured where the terminal takes it. Control characters of the trace never reach the terminal. */
export function formatTrajectory(trajectory: Trajectory): string {
  const { agent, extra, steps, final_metrics: totals } = trajectory;
  const lines = [
    `${pc.bold(safe(extra?.task ?? trajectory.session_id))}  ${pc.dim(safe(`${agent.name} ${agent.version}, ${agent.model_name ?? 'unknown model'}`))}`,
  ];
  if (extra?.harness) lines.push(pc.dim(`harness ${safe(extra.harness).slice(0, 12)}`));
  for (const step of steps) lines.push('', ...formatStep(step));
  lines.push('', pc.bold(`stopped: ${safe(extra?.stop_reason ?? 'unknown')}`));
  if (extra?.artifacts_missing?.length)
    lines.push(pc.red(`missing: ${safe(extra.artifacts_missing.join(', '))}`));
  if (totals) {
    const tokens = `${totals.total_prompt_tokens ?? '?'} tokens in, ${totals.total_completion_tokens ?? '?'} out`;
    const cost = totals.total_cost_usd === undefined ? '' : `, $${totals.total_cost_usd.toFixed(4)}`;
    lines.push(pc.dim(`${totals.total_steps ?? steps.length} steps, ${tokens}${cost}`));
  }
  for (const sub of trajectory.subagent_trajectories ?? [])
    lines.push('', pc.bold(`subagent ${safe(sub.trajectory_id ?? '')}`), indent(formatTrajectory(sub)));
  return lines.join('\n');
}

const sourceColour = { system: pc.dim, user: pc.cyan, agent: pc.green };

function formatStep(step: TrajectoryStep): string[] {
  const lines = [`${pc.dim(String(step.step_id).padStart(3))} ${sourceColour[step.source](step.source)}`];
  if (step.reasoning_content) lines.push(pc.dim(block(step.reasoning_content, maxResultChars)));
  if (step.message) lines.push(block(step.message, maxTextChars));
  const results = step.observation?.results ?? [];
  for (const call of step.tool_calls ?? []) {
    const command = safe(clip(argumentText(call.arguments), maxResultChars));
    lines.push(indent(`${pc.yellow(safe(call.function_name))} ${command}`));
    for (const result of results)
      if (result.source_call_id === call.tool_call_id) lines.push(formatResult(result));
  }
  for (const result of results) if (result.source_call_id === undefined) lines.push(formatResult(result));
  for (const fact of harnessFacts(step)) lines.push(indent(pc.magenta(safe(fact))));
  return lines;
}

function formatResult(result: StepResult): string {
  const { extra, content = '' } = result;
  const bad = extra?.ok === false || (extra?.exit_code ?? 0) !== 0 || extra?.timed_out === true;
  const facts = safe(resultFacts(extra).join(', '));
  const head = facts ? [indent(bad ? pc.red(facts) : pc.dim(facts))] : [];
  const body = content.trimEnd() === '' ? [] : [pc.dim(block(content.trimEnd(), maxResultChars, '    | '))];
  return [...head, ...body].join('\n');
}

function block(text: string, max: number, prefix = '    '): string {
  return indent(safe(clip(text, max)), prefix);
}

function indent(text: string, prefix = '    '): string {
  return text
    .split('\n')
    .map((line) => prefix + line)
    .join('\n');
}

/** Without escape sequences and control characters, which could drive the reader's terminal. */
function safe(text: string): string {
  return text
    .replace(/\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-Z\\-_])/g, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '');
}
