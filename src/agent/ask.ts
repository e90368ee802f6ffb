/** Asks the model: keeps the context within bounds, meters what the answer cost, never waits past the deadline. */
import {
  type ChatAnswer,
  type ChatMessage,
  type ChatRequest,
  ModelError,
  type ToolDefinition,
} from '../model/types.js';
import { type Compaction, compact } from './compaction.js';
import { DeadlineReached } from './deadline.js';
import { type Episode, progress } from './episode.js';

/** Share of the context at which an endpoint refused, above which it is condensed from then on. */
const SAFE_SHARE = 0.7;
/** Share of the trial's time for which an endpoint may be silent at its end before that is the endpoint's fault. */
const SILENT_SHARE = 0.5;

/**
 * The next answer; null when the context does not fit the model even after it was condensed.
 * @throws {ModelError} of any other kind, and where an endpoint that keeps the agent waiting uses up its time: then the
 *   trial says nothing of the harness.
 */
export async function ask(episode: Episode, offer: 'tools' | 'no-tools'): Promise<ChatAnswer | null> {
  const tools = offer === 'tools' ? episode.toolset.definitions : [];
  if (
    episode.harness.orchestration.compaction.enabled &&
    episode.conversation.contextTokens > episode.compactAt
  ) {
    await condense(episode, false);
  }
  try {
    return await complete(episode, [...episode.conversation.messages], tools);
  } catch (error) {
    if (!isTooLong(error)) throw error;
  }
  if (!episode.harness.orchestration.compaction.enabled) return null;
  episode.compactAt = Math.floor(episode.conversation.contextTokens * SAFE_SHARE);
  if (!(await condense(episode, true))) return null;
  try {
    return await complete(episode, [...episode.conversation.messages], tools);
  } catch (error) {
    if (isTooLong(error)) return null;
    throw error;
  }
}

async function complete(
  episode: Episode,
  messages: ChatMessage[],
  tools: ToolDefinition[],
): Promise<ChatAnswer> {
  const request = { messages, seed: episode.run.seed, ...(tools.length > 0 ? { tools } : {}) };
  const answer = await call(episode, request, 'model');
  episode.budget.spend('turns', 1);
  if (tools.length > 0) episode.conversation.calibrate(answer.usage);
  return answer;
}

async function condense(episode: Episode, hard: boolean): Promise<Compaction | null> {
  const { compaction } = episode.harness.orchestration;
  let summaryUsage: ChatAnswer['usage'] | null = null;
  const done = await compact(episode.conversation, {
    keepTurns: hard ? Math.min(2, compaction.keepTurns) : compaction.keepTurns,
    targetTokens: hard ? Math.floor(episode.compactAt * SAFE_SHARE) : episode.compactAt,
    hard,
    summarise: async (messages) => {
      const answer = await summarise(episode, messages);
      summaryUsage = answer?.usage ?? null;
      return answer?.text ?? '';
    },
  });
  if (!done) return null;
  // Where what has to stay is nearly all there is, condensing again at each turn would gain nothing.
  episode.compactAt = Math.max(episode.compactAt, done.tokensAfter + Math.floor(episode.compactAt / 4));
  episode.recorder.step('system', `Condensed ${done.replaced} messages of the context.`, {
    observation: { results: [{ content: done.summary }] },
    extra: {
      context_management: { type: 'compaction', boundary: 'replace' },
      tokens_before: done.tokensBefore,
      tokens_after: done.tokensAfter,
      ...(hard ? { after_overflow: true } : {}),
      ...(summaryUsage ? { usage: summaryUsage } : {}),
    },
  });
  return done;
}

/** null: the summary itself did not fit; the caller has a plain outline to fall back on. */
async function summarise(episode: Episode, messages: ChatMessage[]): Promise<ChatAnswer | null> {
  try {
    return await call(episode, { messages, seed: episode.run.seed }, 'compaction');
  } catch (error) {
    if (isTooLong(error)) return null;
    throw error;
  }
}

/** One call of the model. What an endpoint loses by failing is not the agent's time. */
async function call(episode: Episode, request: ChatRequest, phase: string): Promise<ChatAnswer> {
  const { run, deadline } = episode;
  progress(episode, phase);
  let heard = deadline.elapsedSeconds();
  let failing = false;
  const onProgress = () => {
    heard = deadline.elapsedSeconds();
    failing = false;
    progress(episode, phase);
  };
  const onLost = (ms: number) => {
    failing = true;
    deadline.lose(ms);
  };
  try {
    const answer = await deadline.guard((signal) =>
      run.model.complete(request, {
        ...{ signal, onLost, onProgress },
        // Paid for, but no use of the agent's: it is not in the way of its limit.
        onLostUsage: (lost) => episode.usage.add(lost),
      }),
    );
    episode.usage.add(answer.usage);
    episode.budget.spend('tokens', answer.usage.promptTokens + answer.usage.completionTokens);
    return answer;
  } catch (error) {
    if (!(error instanceof DeadlineReached)) throw error;
    const silent = deadline.elapsedSeconds() - heard;
    if (!failing && silent < run.limits.agentSeconds * SILENT_SHARE) throw error;
    throw new ModelError(
      failing
        ? 'The time of the trial ended while the endpoint was failing and was asked again.'
        : `The endpoint had been silent for ${Math.round(silent)} of the trial's ${run.limits.agentSeconds} seconds when these ended.`,
      'timeout',
      { cause: error },
    );
  }
}

/** An overflow that cannot be is retryable: a fault of the endpoint like any other. */
function isTooLong(error: unknown): boolean {
  return error instanceof ModelError && error.kind === 'context-length' && !error.retryable;
}
