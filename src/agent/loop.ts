/**
 * Runs a model under a harness in a sandbox: ask, run the calls, let the rules act, until the model finishes or a limit ends it.
 *
 * What the model did wrong is a result; what the infrastructure did wrong (a broken sandbox, an endpoint that stayed away)
 * is an exception, for the trial to call `invalid`.
 */
import type { ChatAnswer } from '../model/types.js';
import { classifyAnswer } from './answers.js';
import { ask } from './ask.js';
import { Budget, budgetLines, LIMIT_STOP, RESOURCES, type Resource } from './budget.js';
import { MAX_CALLS_PER_ANSWER, runCalls } from './calls.js';
import { DeadlineReached, openDeadline } from './deadline.js';
import {
  applyRules,
  type Ending,
  type Episode,
  inject,
  note,
  noteRules,
  trajectoryOf,
  UsageMeter,
} from './episode.js';
import { tryFinish } from './finish.js';
import { openEpisode, prepare } from './setup.js';
import { subagentHarness } from './subagent.js';
import { clipMiddle } from './text.js';
import { failed, succeeded, type ToolOutcome } from './tools/types.js';
import type { AgentResult, AgentRun } from './types.js';

/** Unusable answers in a row that are met with a nudge; one more ends the run as `model-broken`. */
export const MAX_NUDGES = 3;
const MAX_FINAL_TEXT = 20_000;
const MAX_SUBAGENT_ANSWER = 10_000;
const PLAN_REQUEST =
  'Before you act: write a short plan in words. Say what has to be there at the end, the steps to it, and how you will check it. Tools come after that.';
const PLAN_GO = 'Carry out the plan now, with the tools.';

/**
 * @throws {ModelError} when the model cannot be asked (all but a context that is too long).
 * @throws {SandboxError} when the sandbox is broken.
 * @throws the reason of `run.signal` when the caller aborts.
 */
export async function runAgent(run: AgentRun): Promise<AgentResult> {
  const { harness } = run;
  const lines = budgetLines(run.limits, harness.runtime);
  const deadline = openDeadline(lines.wallSeconds.hard, run.now ?? (() => performance.now()), run.signal);
  const budget = new Budget(lines, deadline.elapsedSeconds);
  const usage = new UsageMeter();
  let delegated = 0;
  try {
    const episode: Episode = openEpisode({
      run,
      harness,
      instruction: run.instruction,
      deadline,
      budget,
      usage,
      delegate: (name, task) => {
        delegated += 1;
        return delegate(episode, name, task, `subagent-${delegated}`);
      },
    });
    const ending = await converse(episode);
    return {
      stopReason: ending.stopReason,
      finalText: clipMiddle(ending.finalText, MAX_FINAL_TEXT),
      turns: budget.used.turns,
      toolCalls: budget.used.toolCalls,
      usage: usage.total,
      trajectory: trajectoryOf(episode, ending, run.harnessDigest),
    };
  } finally {
    deadline.close();
  }
}

/** One context from its prompt to its end. */
async function converse(episode: Episode): Promise<Ending> {
  try {
    await prepare(episode);
    let ending = (await actRules(episode, 'start')) ?? (await plan(episode));
    while (!ending) ending = await turn(episode);
    return ending;
  } catch (error) {
    if (!(error instanceof DeadlineReached)) throw error;
    return atLimit(episode, 'wallSeconds');
  }
}

/** One answer of the model and what follows from it. */
async function turn(episode: Episode): Promise<Ending | null> {
  const limited = limits(episode);
  if (limited) return limited;
  announcePhases(episode);
  const stopped = await actRules(episode, 'before-model');
  if (stopped) return stopped;
  const answer = await ask(episode, 'tools');
  if (!answer) return { stopReason: 'context-overflow', finalText: '' };
  return act(episode, answer);
}

async function act(episode: Episode, answer: ChatAnswer): Promise<Ending | null> {
  const calls = answer.toolCalls.slice(0, MAX_CALLS_PER_ANSWER);
  note(episode, { type: 'answer', text: answer.text, toolCalls: calls.length });
  const step = episode.recorder.answer(answer, calls);
  const kind = classifyAnswer(answer);
  switch (kind.kind) {
    case 'refused':
      return { stopReason: 'model-refused', finalText: answer.text };
    case 'broken':
      step.extra = { ...step.extra, broken: kind.problem };
      if (answer.text !== '') episode.conversation.push({ role: 'assistant', content: answer.text });
      return broken(episode, kind.nudge);
    case 'answered': {
      episode.brokenInARow = 0;
      episode.conversation.push({ role: 'assistant', content: answer.text });
      const { ending, refusal, messages } = await tryFinish(episode, step, 'answered', answer.text);
      if (!ending) inject(episode, [refusal, ...messages], {});
      return ending;
    }
    case 'calls': {
      episode.conversation.push({ role: 'assistant', content: answer.text, toolCalls: calls });
      const { ending, allMalformed } = await runCalls(episode, calls, step);
      if (ending) return ending;
      if (calls.length < answer.toolCalls.length) {
        inject(episode, [`Only the first ${MAX_CALLS_PER_ANSWER} calls of one answer are run.`], {});
      }
      if (allMalformed) return broken(episode, null);
      episode.brokenInARow = 0;
      return null;
    }
  }
}

/** One more unusable answer in a row. Malformed calls have their own results, so they need no nudge. */
function broken(episode: Episode, nudge: string | null): Ending | null {
  episode.brokenInARow += 1;
  if (episode.brokenInARow > MAX_NUDGES) return { stopReason: 'model-broken', finalText: '' };
  if (nudge !== null) inject(episode, [nudge], { nudge: true });
  return null;
}

async function plan(episode: Episode): Promise<Ending | null> {
  if (episode.harness.orchestration.plan !== 'first') return null;
  const limited = limits(episode);
  if (limited) return limited;
  inject(episode, [PLAN_REQUEST], { plan: true });
  const answer = await ask(episode, 'no-tools');
  if (!answer) return { stopReason: 'context-overflow', finalText: '' };
  note(episode, { type: 'answer', text: answer.text, toolCalls: 0 });
  episode.recorder.answer(answer, []);
  if (answer.finishReason === 'content-filter')
    return { stopReason: 'model-refused', finalText: answer.text };
  if (answer.text.trim() !== '') episode.conversation.push({ role: 'assistant', content: answer.text });
  inject(episode, [PLAN_GO], { plan: true });
  return null;
}

/** Lets the rules of an event outside of tool calls act. */
async function actRules(episode: Episode, event: 'start' | 'before-model'): Promise<Ending | null> {
  const effects = await applyRules(episode, event);
  if (effects.fired.length + effects.errors.length === 0) return null;
  const shown = inject(episode, effects.messages, {});
  noteRules(shown ?? episode.recorder.step('system', effects.stopped?.message ?? ''), effects);
  return effects.stopped ? { stopReason: 'rule-stop', finalText: effects.stopped.message } : null;
}

function announcePhases(episode: Episode): void {
  const due = Object.entries(episode.harness.orchestration.phases)
    .filter(([name, phase]) => {
      return phase.afterToolCalls <= episode.state.toolCalls && !episode.announced.has(name);
    })
    .sort(([a, x], [b, y]) => x.afterToolCalls - y.afterToolCalls || (a < b ? -1 : 1));
  for (const [name, phase] of due) {
    episode.announced.add(name);
    inject(episode, [phase.text], { phase: name });
  }
}

/** Ends the run at a limit, or begins its wrap-up. */
function limits(episode: Episode): Ending | null {
  const { budget, conversation, harness } = episode;
  const limit = budget.exhausted(RESOURCES, conversation.contextTokens);
  if (limit) return atLimit(episode, limit);
  const due = budget.wrapUpDue();
  if (due) {
    budget.beginWrapUp(due, harness.runtime.wrapUp.turns);
    inject(episode, [harness.runtime.wrapUp.text], { limit: due, wrap_up: true });
  }
  return null;
}

function atLimit(episode: Episode, limit: Resource): Ending {
  episode.recorder.step('system', `The limit on ${limit} ended the run.`, { extra: { limit } });
  return { stopReason: LIMIT_STOP[limit], finalText: '' };
}

/** Runs a subagent on a task, in the parent's sandbox and within what is left of the parent's budget. */
async function delegate(
  parent: Episode,
  name: string,
  task: string,
  trajectoryId: string,
): Promise<ToolOutcome> {
  const { run, deadline } = parent;
  const harness = subagentHarness(parent.harness, name);
  const lines = budgetLines(run.limits, harness.runtime);
  const episode = openEpisode({
    run,
    harness,
    instruction: task,
    deadline,
    budget: new Budget(lines, deadline.elapsedSeconds, parent.budget),
    usage: new UsageMeter(parent.usage),
    delegate: async () => failed('A helper has no helpers.'),
    trajectoryId,
  });
  const ending = await converse(episode);
  const trajectory = trajectoryOf(episode, ending, run.harnessDigest);
  const done = ending.stopReason === 'finished' || ending.stopReason === 'answered';
  const words = clipMiddle(ending.finalText || episode.state.answer.text, MAX_SUBAGENT_ANSWER);
  return done
    ? succeeded(words || '[the helper finished without a word]', { trajectory })
    : failed(`[the helper did not finish: ${ending.stopReason}]\n${words}`, { trajectory });
}
