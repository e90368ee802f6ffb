import type { CallOptions, ChatAnswer, ChatModel, ChatRequest, ToolCall } from '../../src/model/types.js';

/** What a scripted model says: text, calls by name and arguments, or any other field of an answer. */
export type Say = Partial<Omit<ChatAnswer, 'toolCalls' | 'usage'>> & {
  /** `[name, arguments]`; a string instead of an object is sent as it is, as broken arguments. */
  calls?: [string, Record<string, unknown> | string][];
  usage?: Partial<ChatAnswer['usage']>;
};
/** A step of the script: what to say, what to throw, or how to find out from the request. */
export type Line = Say | Error | ((request: ChatRequest, options: CallOptions) => Say | Promise<Say>);

/** A model that follows a script, one line a request, and keeps what it was asked. Its last line is repeated for ever. */
export class ScriptedModel implements ChatModel {
  readonly requests: ChatRequest[] = [];

  constructor(private readonly lines: Line[]) {}

  async complete(request: ChatRequest, options: CallOptions = {}): Promise<ChatAnswer> {
    const index = this.requests.push(request) - 1;
    const line = this.lines[Math.min(index, this.lines.length - 1)]!;
    if (line instanceof Error) throw line;
    return answer(typeof line === 'function' ? await line(request, options) : line, `call-${index}`);
  }

  /** The text of all messages of a request; the last one by default. */
  seen(index = this.requests.length - 1): string {
    return this.requests[index]!.messages.map((message) => message.content).join('\n---\n');
  }

  /** Content of the last message of a request; of the last request by default. */
  lastMessage(index = this.requests.length - 1): string {
    return this.requests[index]!.messages.at(-1)!.content;
  }
}

export function answer(say: Say, idBase: string): ChatAnswer {
  const { calls = [], usage, ...rest } = say;
  const toolCalls = calls.map(([name, args], index): ToolCall => {
    const id = `${idBase}-${index}`;
    return typeof args === 'string'
      ? { id, name, rawArguments: args, arguments: null, problem: 'not JSON' }
      : { id, name, rawArguments: JSON.stringify(args), arguments: args };
  });
  return {
    text: '',
    reasoning: '',
    finishReason: toolCalls.length > 0 ? 'tool-calls' : 'stop',
    model: 'scripted',
    ...rest,
    toolCalls,
    usage: { promptTokens: 100, cachedTokens: 0, completionTokens: 10, estimated: false, ...usage },
  };
}

export const shell = (command: string): Say => ({ calls: [['shell', { command }]] });
export const finish = (message = 'done'): Say => ({ calls: [['finish', { message }]] });
