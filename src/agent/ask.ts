/** Asks the model: keeps the context within bounds, meters what the answer cost, never waits past the deadline. */
import { type ChatAnswer, type ChatMessage, ModelError, type ToolDefinition } from '../model/types.js';
import { type Compaction, compact } from './compaction.js';
import { type Episode, progress } from './episode.js';

/** Share of the context at which an endpoint refused, above which it is condensed from then on. */
const SAFE_SHARE = 0.7;

/**
 * The next answer; null when the context does not fit the model even after it was condensed.
 * @throws {ModelError} of any other kind.
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
    if (!isContextLength(error)) throw error;
  }
  if (!episode.harness.orchestration.compaction.enabled) return null;
  episode.compactAt = Math.floor(episode.conversation.contextTokens * SAFE_SHARE);
  if (!(await condense(episode, true))) return null;
  try {
    return await complete(episode, [...episode.conversation.messages], tools);
  } catch (error) {
    if (isContextLength(error)) return null;
    throw error;
  }
}

async function complete(
  episode: Episode,
  messages: ChatMessage[],
  tools: ToolDefinition[],
): Promise<ChatAnswer> {
  const { run, deadline } = episode;
  progress(episode, 'model');
  const answer = await deadline.guard((signal) =>
    run.model.complete(
      { messages, seed: run.seed, ...(tools.length > 0 ? { tools } : {}) },
      { signal, onProgress: () => progress(episode, 'model') },
    ),
  );
  meter(episode, answer);
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
  const { run, deadline } = episode;
  progress(episode, 'compaction');
  try {
    const answer = await deadline.guard((signal) =>
      run.model.complete(
        { messages, seed: run.seed },
        { signal, onProgress: () => progress(episode, 'compaction') },
      ),
    );
    meter(episode, answer);
    return answer;
  } catch (error) {
    if (isContextLength(error)) return null;
    throw error;
  }
}

function meter(episode: Episode, { usage }: ChatAnswer): void {
  episode.usage.add(usage);
  episode.budget.spend('tokens', usage.promptTokens + usage.completionTokens);
}

function isContextLength(error: unknown): boolean {
  return error instanceof ModelError && error.kind === 'context-length';
}
