/** The `ChatModel` over an OpenAI-compatible endpoint: always streams, retries nothing, trusts nothing. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { APIError, type OpenAI } from 'openai';
import type { ModelConfig } from '../contract/config.js';
import { AnswerBuilder } from './answer.js';
import { Capabilities, type OptionalParameter } from './capabilities.js';
import { classify, classifyReported, type EndpointNames } from './errors.js';
import { eventData } from './sse.js';
import { isObject } from './tool-arguments.js';
import { type CallOptions, type ChatAnswer, type ChatModel, type ChatRequest, ModelError } from './types.js';
import { wireRequest } from './wire.js';

/** Seconds without a byte, once an answer has begun, after which it counts as cut. */
const idleSeconds = 120;
/** Parameters that can be dropped from one request: as many as there are, each response level counted. */
const maxDropped = 12;

export interface EndpointOptions {
  /** With `maxRetries: 0`. */
  client: OpenAI;
  config: ModelConfig;
  names: EndpointNames;
  capabilities?: Capabilities;
  /** Told once for each optional parameter that the endpoint refused. */
  onRefused?: (parameter: OptionalParameter) => void;
}

export function endpointModel(options: EndpointOptions): ChatModel {
  const { config, names, capabilities = new Capabilities() } = options;
  return {
    async complete(request, callOptions = {}) {
      for (let dropped = 0; ; dropped++) {
        const body = wireRequest(request, config, capabilities);
        try {
          return await callOnce(options, request, body, callOptions);
        } catch (error) {
          const sent = new Set(Object.keys(body));
          const parameter = capabilities.learn(error, sent, request.response?.name);
          if (parameter === null || dropped >= maxDropped || callOptions.signal?.aborted)
            throw classify(error, names);
          options.onRefused?.(parameter);
          // Whoever offered tools decides what to do without them.
          if (parameter === 'tools') throw classify(error, names);
        }
      }
    },
  };
}

async function callOnce(
  { client, config, names }: EndpointOptions,
  request: ChatRequest,
  body: Record<string, unknown>,
  { signal, onProgress, onLostUsage }: CallOptions,
): Promise<ChatAnswer> {
  const watch = new Watch(config.endpoint.timeoutSeconds, names, signal);
  const answer = new AnswerBuilder();
  const unsent = signal?.aborted === true;
  let begun = false;
  try {
    const response = await client.chat.completions
      .create(body as unknown as OpenAI.ChatCompletionCreateParamsStreaming, {
        signal: watch.signal,
        timeout: (config.endpoint.timeoutSeconds + 60) * 1000,
      })
      .asResponse();
    const incoming = response.body as unknown as IncomingMessage;
    try {
      const bytes = watched(incoming, watch, () => {
        begun = true;
        onProgress?.();
      });
      const type = response.headers.get('content-type') ?? '';
      if (/json/i.test(type)) await wholeBody(answer, bytes, names);
      else await streamed(answer, bytes, names);
      return answer.build(request, () => `call_${randomUUID()}`);
    } finally {
      // An answer that was read to its end leaves the connection for the next request.
      if (!incoming.complete) incoming.destroy();
    }
  } catch (error) {
    // What is refused outright costs nothing. One that was cut off, by whichever side, had its prompt read.
    if ((begun && isCut(error)) || (watch.reason !== null && !unsent))
      onLostUsage?.(answer.lostUsage(request));
    throw watch.reason ?? error;
  } finally {
    watch.end();
  }
}

/** And not an error that the endpoint reports inside its answer. */
function isCut(error: unknown): boolean {
  if (error instanceof ModelError) return ['connection', 'protocol', 'timeout'].includes(error.kind);
  return !(error instanceof APIError);
}

/** Cancelling and both time limits of one call, as one signal; `reason` says which it was. */
class Watch {
  private readonly controller = new AbortController();
  private readonly total: NodeJS.Timeout;
  private idle: NodeJS.Timeout | null = null;
  private readonly cancel: () => void;
  reason: ModelError | null = null;

  constructor(
    totalSeconds: number,
    private readonly names: EndpointNames,
    private readonly outer?: AbortSignal,
  ) {
    this.cancel = () => this.abort(new ModelError('The call was cancelled.', 'cancelled'));
    this.total = setTimeout(() => {
      const remedy = 'Raise model.endpoint.timeoutSeconds if the model is slow.';
      this.abort(
        new ModelError(`${names.baseUrl} did not answer within ${totalSeconds} s. ${remedy}`, 'timeout'),
      );
    }, totalSeconds * 1000);
    if (outer?.aborted) this.cancel();
    else outer?.addEventListener('abort', this.cancel, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  alive(): void {
    if (this.idle) this.idle.refresh();
    else
      this.idle = setTimeout(() => {
        const message = `${this.names.baseUrl} stopped sending in the middle of an answer (${idleSeconds} s of silence).`;
        this.abort(new ModelError(message, 'timeout'));
      }, idleSeconds * 1000);
  }

  end(): void {
    clearTimeout(this.total);
    if (this.idle) clearTimeout(this.idle);
    this.outer?.removeEventListener('abort', this.cancel);
  }

  private abort(reason: ModelError): void {
    this.reason ??= reason;
    this.controller.abort();
  }
}

async function* watched(
  bytes: AsyncIterable<Uint8Array>,
  watch: Watch,
  onBytes: () => void,
): AsyncGenerator<Uint8Array> {
  for await (const part of bytes) {
    watch.alive();
    onBytes();
    yield part;
  }
}

async function streamed(
  builder: AnswerBuilder,
  bytes: AsyncIterable<Uint8Array>,
  names: EndpointNames,
): Promise<void> {
  let done = false;
  for await (const data of events(bytes, names)) {
    if (done) continue;
    if (data.startsWith('[DONE]')) {
      done = true;
      continue;
    }
    builder.add(checked(parse(data, names), names));
    if (builder.full) return;
  }
  if (!done && builder.finishReason === null)
    throw new ModelError(`The answer of ${names.baseUrl} was cut before its end.`, 'connection');
  needChoice(builder, names);
}

async function* events(bytes: AsyncIterable<Uint8Array>, names: EndpointNames): AsyncGenerator<string> {
  try {
    yield* eventData(bytes);
  } catch (error) {
    if (error instanceof RangeError) throw protocolError(names, error.message);
    throw error;
  }
}

/** Whole bodies come from servers that do not stream; no larger than an event may be. */
async function wholeBody(
  builder: AnswerBuilder,
  bytes: AsyncIterable<Uint8Array>,
  names: EndpointNames,
): Promise<void> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of bytes) {
    size += part.length;
    if (size > 8 * 1024 * 1024) throw protocolError(names, 'the answer is larger than 8 MiB');
    parts.push(part);
  }
  builder.add(checked(parse(Buffer.concat(parts).toString('utf8'), names), names));
  needChoice(builder, names);
}

function needChoice(builder: AnswerBuilder, names: EndpointNames): void {
  if (builder.sawChoice) return;
  throw protocolError(names, 'the answer has no choices');
}

function parse(data: string, names: EndpointNames): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(data);
    if (isObject(parsed)) return parsed;
  } catch {
    // Told below, with what was found.
  }
  throw protocolError(names, `expected a JSON object, found ${JSON.stringify(data.slice(0, 120))}`);
}

/** Gateways report errors of the server behind them inside a 200. */
function checked(chunk: Record<string, unknown>, names: EndpointNames): Record<string, unknown> {
  const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
  const error = chunk.error ?? (isObject(choice) ? choice.error : undefined);
  if (error === undefined || error === null) return chunk;
  const fields = isObject(error) ? error : { message: String(error) };
  const code = fields.code ?? fields.status ?? chunk.status;
  const status = Number(code);
  const httpStatus = status >= 400 && status < 600 ? status : null;
  const message = typeof fields.message === 'string' ? fields.message : JSON.stringify(fields);
  // As the client reports it, so that a parameter refused in this way is learned all the same.
  if (httpStatus !== null && httpStatus < 500 && httpStatus !== 429)
    throw APIError.generate(httpStatus, { error: { ...fields, message } }, undefined, new Headers());
  throw classifyReported(
    {
      status: httpStatus,
      message,
      code: [fields.code, fields.type].filter((part) => typeof part === 'string').join(' '),
      headers: null,
    },
    names,
  );
}

function protocolError(names: EndpointNames, found: string): ModelError {
  const message = `${names.baseUrl} answered something that is not a chat completion: ${found}.`;
  return new ModelError(message, 'protocol');
}
