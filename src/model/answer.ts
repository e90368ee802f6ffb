/** Puts an answer together from the chunks of a stream, or from one whole body: the wire's many dialects end here. */
import { isObject, toolCall } from './tool-arguments.js';
import type { ChatAnswer, ChatRequest, ToolCall, Usage } from './types.js';

/** Characters of text, reasoning and arguments together; a longer answer is cut and counts as `length`. */
export const maxAnswerChars = 1024 * 1024;
/** Tool calls of one answer; what comes after is dropped. */
const maxToolCalls = 128;
/** Characters per token when the endpoint does not count: a rough mean over English text and code. */
const charsPerToken = 4;

interface PartialCall {
  index: number | null;
  id: string;
  name: string;
  text: string;
  object: Record<string, unknown> | null;
}

/** Takes in chunks (or one body) in order; `full` says that nothing more will be kept. */
export class AnswerBuilder {
  private readonly text: string[] = [];
  private readonly reasoning: string[] = [];
  private readonly calls: PartialCall[] = [];
  private chars = 0;
  private usage: Record<string, unknown> | null = null;
  private model = '';
  /** Whether any choice was seen at all. */
  sawChoice = false;
  finishReason: string | null = null;

  get full(): boolean {
    return this.chars > maxAnswerChars;
  }

  /** One parsed chunk or body. Unknown shapes add nothing. */
  add(chunk: Record<string, unknown>): void {
    if (typeof chunk.model === 'string') this.model = chunk.model.slice(0, 200);
    if (isObject(chunk.usage)) this.usage = chunk.usage;
    const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    if (!isObject(choice)) return;
    this.sawChoice = true;
    if (typeof choice.finish_reason === 'string') this.finishReason = choice.finish_reason;
    const part = isObject(choice.delta) ? choice.delta : choice.message;
    if (isObject(part)) this.addPart(part);
  }

  build(request: ChatRequest, newId: () => string): ChatAnswer {
    const spoken = splitReasoning(this.text.join(''));
    const reasoning = [this.reasoning.join(''), spoken.reasoning].filter(Boolean).join('\n');
    const toolCalls = this.calls.map((call): ToolCall => {
      const sent = call.object ?? call.text;
      return toolCall(call.id || newId(), call.name, sent);
    });
    return {
      text: spoken.text,
      reasoning,
      toolCalls,
      finishReason: this.full ? 'length' : finish(this.finishReason, toolCalls.length > 0),
      usage: usageOf(this.usage, request, this.chars),
      model: this.model,
    };
  }

  /** Of an answer that came to no end: what was sent with it, and what arrived. */
  lostUsage(request: ChatRequest): Usage {
    return { ...usageOf(this.usage, request, this.chars), estimated: true };
  }

  private addPart(part: Record<string, unknown>): void {
    this.keep(this.text, contentText(part.content ?? part.refusal));
    const thought = part.reasoning_content ?? part.reasoning;
    this.keep(this.reasoning, typeof thought === 'string' ? thought : '');
    if (!Array.isArray(part.tool_calls)) return;
    for (const call of part.tool_calls) if (isObject(call)) this.addCall(call);
  }

  private addCall(delta: Record<string, unknown>): void {
    const fn = isObject(delta.function) ? delta.function : {};
    const id = typeof delta.id === 'string' ? delta.id.slice(0, 200) : '';
    const name = typeof fn.name === 'string' ? fn.name.slice(0, 200) : '';
    const index = typeof delta.index === 'number' ? delta.index : null;
    let call = this.findCall(index, id, name);
    if (!call) {
      if (this.calls.length >= maxToolCalls) return;
      call = { index, id, name, text: '', object: null };
      this.calls.push(call);
    }
    call.id ||= id;
    call.name ||= name;
    if (isObject(fn.arguments)) call.object = fn.arguments;
    else if (typeof fn.arguments === 'string') {
      call.text += fn.arguments;
      this.chars += fn.arguments.length;
    }
  }

  /**
   * The call that a delta continues: same index (unless it brings another id: some servers give every call index 0),
   * else same id, else, when it brings neither id nor name, the latest.
   */
  private findCall(index: number | null, id: string, name: string): PartialCall | undefined {
    if (index !== null)
      return this.calls.findLast((call) => call.index === index && (!id || !call.id || call.id === id));
    if (id) return this.calls.find((call) => call.id === id);
    return name ? undefined : this.calls.at(-1);
  }

  private keep(parts: string[], text: string): void {
    if (text === '' || this.full) return;
    this.chars += text.length;
    parts.push(text);
  }
}

function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

/** Separates leading <think> blocks from the answer; templates that open the block themselves send only its end. */
export function splitReasoning(text: string): { text: string; reasoning: string } {
  let rest = text;
  const thoughts: string[] = [];
  for (;;) {
    const open = /^\s*<(think|thinking)>/.exec(rest);
    if (!open) break;
    const close = rest.indexOf(`</${open[1]}>`);
    thoughts.push(rest.slice(open[0].length, close === -1 ? undefined : close).trim());
    rest = close === -1 ? '' : rest.slice(close + open[1]!.length + 3);
  }
  const orphan = thoughts.length === 0 ? rest.indexOf('</think>') : -1;
  if (orphan !== -1 && !rest.slice(0, orphan).includes('<think>')) {
    thoughts.push(rest.slice(0, orphan).trim());
    rest = rest.slice(orphan + '</think>'.length);
  }
  return thoughts.length === 0
    ? { text, reasoning: '' }
    : { text: rest.trimStart(), reasoning: thoughts.join('\n') };
}

function finish(reason: string | null, hasCalls: boolean): ChatAnswer['finishReason'] {
  if (reason === 'length' || reason === 'max_tokens') return 'length';
  if (reason === 'content_filter') return 'content-filter';
  if (hasCalls) return 'tool-calls';
  return reason === 'stop' || reason === 'eos' || reason === 'end_turn' ? 'stop' : 'other';
}

function usageOf(sent: Record<string, unknown> | null, request: ChatRequest, answerChars: number): Usage {
  const prompt = tokens(sent?.prompt_tokens);
  const completion = tokens(sent?.completion_tokens);
  const details = isObject(sent?.prompt_tokens_details) ? sent.prompt_tokens_details : {};
  const cached = tokens(details.cached_tokens) ?? tokens(sent?.prompt_cache_hit_tokens) ?? 0;
  const promptTokens = prompt ?? estimatePromptTokens(request);
  const total = tokens(sent?.total_tokens) ?? 0;
  // Some endpoints count reasoning in the total alone.
  const answered = completion === undefined ? undefined : Math.max(completion, total - promptTokens);
  return {
    promptTokens,
    cachedTokens: Math.min(cached, promptTokens),
    completionTokens: answered ?? Math.ceil(answerChars / charsPerToken),
    estimated: prompt === undefined || completion === undefined,
  };
}

function tokens(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined;
}

/** Tokens of a request, counted by characters. */
export function estimatePromptTokens(request: ChatRequest): number {
  let chars = request.tools ? JSON.stringify(request.tools).length : 0;
  for (const message of request.messages) {
    chars += message.content.length;
    if (message.role === 'assistant')
      for (const call of message.toolCalls ?? []) chars += call.name.length + call.rawArguments.length;
  }
  return Math.ceil(chars / charsPerToken);
}
