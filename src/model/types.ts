/** Messages as the product handles them; adapters translate to the wire. */
export type ChatMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string }
  | { role: 'assistant'; content: string; toolCalls?: ToolCall[] }
  | { role: 'tool'; toolCallId: string; content: string };

export interface ToolDefinition {
  name: string;
  description: string;
  /** JSON Schema of an object. */
  parameters: Record<string, unknown>;
}

export interface ToolCall {
  id: string;
  name: string;
  /** The arguments as sent, kept for the conversation's next request. */
  rawArguments: string;
  /** Parsed arguments; null when they were not a JSON object, then `problem` says why. */
  arguments: Record<string, unknown> | null;
  problem?: string;
}

export interface ChatRequest {
  messages: ChatMessage[];
  tools?: ToolDefinition[];
  /** Asks for JSON of this shape, by the best way the endpoint has; the caller validates all the same. */
  response?: { name: string; schema: Record<string, unknown> };
  /** Sent where the endpoint takes it; makes attempts of a simulated or seeded model reproducible. */
  seed?: number;
  maxTokens?: number;
}

/** Tokens as the endpoint reported them, else counted by us (`estimated`). */
export interface Usage {
  promptTokens: number;
  /** Part of promptTokens. */
  cachedTokens: number;
  completionTokens: number;
  estimated: boolean;
}

export interface ChatAnswer {
  /** Text without reasoning. */
  text: string;
  reasoning: string;
  toolCalls: ToolCall[];
  finishReason: 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'other';
  usage: Usage;
  /** The model's name as the endpoint echoed it. */
  model: string;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Called whenever bytes arrive: liveness for heartbeats. */
  onProgress?: () => void;
  /** Called with what a request took that was sent and came to no answer of use: estimated, it may have been billed. */
  onLostUsage?: (usage: Usage) => void;
  /** Called with the milliseconds of a try that failed, and of the wait until the next, where the call is made again. */
  onLost?: (ms: number) => void;
}

/** Port to a model. @throws {ModelError} only. */
export interface ChatModel {
  complete(request: ChatRequest, options?: CallOptions): Promise<ChatAnswer>;
}

export type ModelErrorKind =
  | 'connection'
  | 'timeout'
  | 'rate-limit'
  | 'server'
  | 'protocol'
  | 'quota'
  | 'authentication'
  | 'not-found'
  | 'context-length'
  | 'bad-request'
  | 'cancelled';

/** Faults that every call would meet: they are nobody's own, and a person has to act. */
export const EVERYONES: ReadonlySet<ModelErrorKind> = new Set(['quota', 'authentication', 'not-found']);

/** A failed call, classified once. `retryable` is what the caller acts on. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly kind: ModelErrorKind;
  readonly retryable: boolean;
  /** The server's own wish, milliseconds. */
  readonly retryAfterMs: number | null;
  readonly status: number | null;
  constructor(
    message: string,
    kind: ModelErrorKind,
    details: {
      retryAfterMs?: number | null;
      status?: number | null;
      retryable?: boolean;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.retryable =
      details.retryable ?? ['connection', 'timeout', 'rate-limit', 'server', 'protocol'].includes(kind);
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.status = details.status ?? null;
  }
}
