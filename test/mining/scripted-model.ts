import { type ChatAnswer, type ChatModel, type ChatRequest, ModelError } from '../../src/model/types.js';

/** Answers with the given texts in turn, the last one for ever; keeps the requests. An error is thrown. */
export function scriptedModel(...script: (string | Error)[]): ChatModel & { requests: ChatRequest[] } {
  const requests: ChatRequest[] = [];
  return {
    requests,
    async complete(request, options): Promise<ChatAnswer> {
      if (options?.signal?.aborted) throw new ModelError('cancelled', 'cancelled');
      const next = script[Math.min(requests.length, script.length - 1)]!;
      requests.push(structuredClone(request));
      if (next instanceof Error) throw next;
      return {
        text: next,
        reasoning: '',
        toolCalls: [],
        finishReason: 'stop',
        usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1, estimated: false },
        model: 'scripted',
      };
    },
  };
}

/** All that a request puts before the model. */
export function promptOf(request: ChatRequest): string {
  return request.messages.map(({ content }) => content).join('\n');
}
