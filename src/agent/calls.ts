/** Runs the tool calls of one answer, one after another, with the rules around each. */
import type { ToolCall } from '../model/types.js';
import type { ResultExtra, TrajectoryStep } from '../trace/types.js';
import { LIMIT_STOP } from './budget.js';
import { DeadlineReached } from './deadline.js';
import {
  applyRules,
  type Ending,
  type Episode,
  inject,
  lookForArtifacts,
  note,
  noteRules,
  progress,
} from './episode.js';
import { tryFinish } from './finish.js';
import { type CallFacts, callKey, type ResultFacts } from './state.js';
import { clipMiddle } from './text.js';
import type { Tool, ToolOutcome } from './tools/types.js';

/** Calls of one answer that are taken; the others are dropped, and the model is told. */
export const MAX_CALLS_PER_ANSWER = 32;
/** Characters of a result in the conversation and the trace, whatever the tool. */
const MAX_RESULT = 250_000;
const MAX_RECORDED_RESULT = 64_000;

/** What the calls of an answer came to. */
export interface CallsDone {
  ending: Ending | null;
  /** Whether not one call could be used. */
  allMalformed: boolean;
}

interface Turn {
  episode: Episode;
  step: TrajectoryStep;
  /** Messages of rules; they follow all the results, so that each result stays with its call. */
  pending: string[];
}

export async function runCalls(
  episode: Episode,
  calls: ToolCall[],
  step: TrajectoryStep,
): Promise<CallsDone> {
  const turn: Turn = { episode, step, pending: [] };
  let ending: Ending | null = null;
  let malformed = 0;
  for (const call of calls) {
    const resolved = episode.toolset.resolve(call);
    // Finishing is no call that a limit could forbid.
    if (resolved.kind !== 'finish') ending ??= limitBetweenCalls(episode, step);
    if (ending) {
      answerCall(turn, call, 'Not run: the run had ended.', { ok: false, not_run: true });
    } else if (resolved.kind === 'finish') {
      ending = await finishCall(turn, call, resolved.message);
    } else if (resolved.kind === 'malformed') {
      malformed += 1;
      episode.budget.spend('toolCalls', 1);
      const facts: CallFacts = { tool: call.name, command: '', path: '', key: keyOf(call) };
      ending = await settle(turn, call, facts, resolved.outcome, 0);
    } else {
      ending = await toolCall(turn, call, resolved.tool, resolved.args);
    }
  }
  inject(episode, turn.pending, {});
  return { ending, allMalformed: malformed === calls.length };
}

function limitBetweenCalls(episode: Episode, step: TrajectoryStep): Ending | null {
  const limit = episode.budget.exhausted(['toolCalls', 'wallSeconds']);
  if (!limit) return null;
  step.extra = { ...step.extra, limit };
  return { stopReason: LIMIT_STOP[limit], finalText: '' };
}

async function finishCall(turn: Turn, call: ToolCall, message: string): Promise<Ending | null> {
  const { ending, refusal, messages } = await tryFinish(turn.episode, turn.step, 'finished', message);
  const how = ending?.stopReason === 'rule-stop' ? 'A rule ended the run.' : 'Finished.';
  if (ending) answerCall(turn, call, how, { ok: true });
  else answerCall(turn, call, refusal, { ok: false, refused: true });
  turn.pending.push(...messages);
  return ending;
}

async function toolCall(
  turn: Turn,
  call: ToolCall,
  tool: Tool,
  args: Record<string, unknown>,
): Promise<Ending | null> {
  const { episode, step } = turn;
  const facts: CallFacts = {
    tool: call.name,
    ...tool.facts(args, episode.tools.workdir),
    key: keyOf(call),
  };
  const before = await applyRules(episode, 'before-tool', { call: facts });
  noteRules(step, before);
  turn.pending.push(...before.messages);
  if (before.stopped) {
    answerCall(turn, call, 'Not run: a rule ended the run.', { ok: false, blocked_by: before.stopped.rule });
    return { stopReason: 'rule-stop', finalText: before.stopped.message };
  }
  if (before.blocked) {
    answerCall(turn, call, before.blocked.message, { ok: false, blocked_by: before.blocked.rule });
    return null;
  }
  progress(episode, `tool:${call.name}`);
  const started = episode.deadline.elapsedSeconds();
  // Before it runs: what it calls itself, as a subagent, must not use up the last call that is its own.
  episode.budget.spend('toolCalls', 1);
  let outcome: ToolOutcome;
  try {
    outcome = await tool.run(args, episode.tools);
  } catch (error) {
    if (!(error instanceof DeadlineReached)) throw error;
    const content = 'Interrupted: the time limit of the run was reached.';
    answerCall(turn, call, content, { ok: false, timed_out: true });
    throw error;
  }
  return settle(turn, call, facts, outcome, episode.deadline.elapsedSeconds() - started, tool);
}

/** Takes note of a call that has run, or could not be run, and lets the rules react to it. */
async function settle(
  turn: Turn,
  call: ToolCall,
  facts: CallFacts,
  outcome: ToolOutcome,
  durationSeconds: number,
  tool?: Tool,
): Promise<Ending | null> {
  const { episode, step } = turn;
  const before = episode.state;
  const { created, deleted } = await artifactsAfter(episode, outcome, tool);
  const counts = outcome.malformed === undefined && facts.command !== '' && episode.checks(facts.command);
  const check = counts ? outcome.ok : null;
  note(episode, {
    type: 'call-done',
    call: facts,
    ok: outcome.ok,
    wrote: outcome.wrote,
    check,
    created,
    deleted,
  });
  answerCall(
    turn,
    call,
    outcome.content,
    {
      ok: outcome.ok,
      ...(outcome.exitCode === null ? {} : { exit_code: outcome.exitCode }),
      ...(outcome.timedOut ? { timed_out: true } : {}),
      duration_ms: Math.round(durationSeconds * 1000),
      ...(outcome.omittedBytes > 0 ? { omitted_bytes: outcome.omittedBytes } : {}),
      ...(outcome.malformed === undefined ? {} : { malformed: outcome.malformed }),
      ...(created.length > 0 ? { artifacts_created: created } : {}),
      ...(deleted.length > 0 ? { artifacts_deleted: deleted } : {}),
      ...(check === null ? {} : { check_passed: check }),
    },
    outcome,
  );
  const result: ResultFacts = {
    ok: outcome.ok,
    exitCode: outcome.exitCode ?? (outcome.ok ? 0 : 1),
    output: outcome.content,
    timedOut: outcome.timedOut,
    durationSeconds,
  };
  const after = await applyRules(episode, 'after-tool', { call: facts, result, before });
  noteRules(step, after);
  turn.pending.push(...after.messages);
  return after.stopped ? { stopReason: 'rule-stop', finalText: after.stopped.message } : null;
}

/** A written file is known without a look; only commands can have changed anything. */
async function artifactsAfter(episode: Episode, outcome: ToolOutcome, tool: Tool | undefined) {
  if (tool?.runsCommands) {
    try {
      return await lookForArtifacts(episode);
    } catch (error) {
      // The time is up: the run ends with its next wait, and what the call showed is kept.
      if (error instanceof DeadlineReached) return { created: [], deleted: [] };
      throw error;
    }
  }
  const isNew = outcome.wrote !== null && episode.state.artifacts.missing.includes(outcome.wrote);
  return { created: isNew ? [outcome.wrote as string] : [], deleted: [] };
}

/** The result of a call, for the model and for the trace. */
function answerCall(
  turn: Turn,
  call: ToolCall,
  content: string,
  extra: ResultExtra,
  outcome?: ToolOutcome,
): void {
  const { conversation, recorder } = turn.episode;
  const bounded = clipMiddle(content, MAX_RESULT);
  conversation.push({ role: 'tool', toolCallId: call.id, content: bounded });
  turn.step.observation?.results.push({
    source_call_id: call.id,
    content: clipMiddle(bounded, MAX_RECORDED_RESULT),
    ...(outcome?.trajectory ? { subagent_trajectory_ref: recorder.embed(outcome.trajectory) } : {}),
    extra,
  });
}

function keyOf(call: ToolCall): string {
  return callKey(call.name, call.arguments, call.rawArguments);
}
