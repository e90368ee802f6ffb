/**
 * The one place where a failed call is classified. Everything an endpoint, a proxy in front of it or the network can do
 * wrong becomes a `ModelError` whose kind says who can mend it and whose message says how.
 */
import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
  BadRequestError,
} from 'openai';
import { redact } from '../trace/redact.js';
import { ModelError, type ModelErrorKind } from './types.js';

/** What the messages need to name: the address, the model and the variable that holds the key. */
export interface EndpointNames {
  baseUrl: string;
  /** '': no certain model. */
  model: string;
  apiKeyEnv: string;
  /** The key itself, so that no message repeats it: endpoints quote it when they refuse it. */
  apiKey?: string;
}

/** An error as an endpoint reported it: by status, or inside the body of a 200. */
export interface ReportedError {
  status: number | null;
  message: string;
  /** Codes and types as sent, joined: `insufficient_quota`, `context_length_exceeded`, ... */
  code: string;
  headers: { get(name: string): string | null } | null;
}

/** Server delays beyond this are not believed. */
const maxRetryAfterMs = 60 * 60_000;
const maxQuoted = 400;

const outputTooLarge =
  /max_(completion_)?tokens\W* (is|are) too large|max_(completion_)?tokens.{0,40}at most/i;
const contextLength = [
  /context_length_exceeded|exceed_context_size|context_window_exceeded|prompt_too_long/i,
  /maximum context|context (length|window|size)|context limit/i,
  /(prompt|input|request|messages?)( is| are|'s)? too (long|large)/i,
  /too many (input |prompt )?tokens|(input|prompt) tokens? (count )?.{0,20}exceed|exceeds? .{0,40}(token limit|number of tokens)/i,
  /reduce the (length|number of tokens)|longer than .{0,30}(n_ctx|max_model_len|tokens)/i,
];
const quota =
  /insufficient_(quota|funds|balance|credits?)|billing|exceeded your current quota|credit balance|insufficient (quota|credits?|balance|funds)|(out of|not enough|no) credits?|spend(ing)? limit|payment required/i;
const badKey =
  /invalid_api_key|(invalid|incorrect|missing|expired|revoked|no) (api[ _-]?key|token|credentials)|unauthorized|authentication/i;
const unknownModel =
  /model_not_found|unknown model|(model|deployment)\b.{0,120}(not found|does not exist|doesn't exist|not exist|is not available|unavailable)|no such model|not a valid model/i;
const rateLimit = /rate[ _-]?limit|too many requests|throttl/i;
const overloaded = /overloaded|server_error|internal error|upstream|bad gateway|unavailable|try again/i;

/** Turns anything thrown by a call into a `ModelError`. */
export function classify(error: unknown, names: EndpointNames): ModelError {
  const classified = classifyThrown(error, names);
  if (names.apiKey) classified.message = redact(classified.message, [names.apiKey]);
  return classified;
}

function classifyThrown(error: unknown, names: EndpointNames): ModelError {
  if (error instanceof ModelError) return error;
  if (error instanceof APIUserAbortError)
    return new ModelError('The call was cancelled.', 'cancelled', { cause: error });
  if (error instanceof APIConnectionTimeoutError) return timedOut(names, error);
  if (error instanceof APIConnectionError) return connectionFailed(rootCause(error), names);
  if (error instanceof APIError) return classifyReported(reportedBy(error), names, error);
  return connectionFailed(rootCause(error), names);
}

/** Classifies what an endpoint reported, by status or inside a body; see the table in the tests. */
export function classifyReported(reported: ReportedError, names: EndpointNames, cause?: unknown): ModelError {
  const kind = kindOf(reported);
  const { status, headers } = reported;
  const wish = headers?.get('x-should-retry');
  const retryable = wish === 'true' ? true : wish === 'false' ? false : undefined;
  return new ModelError(sentence(kind, reported, names), kind, {
    status,
    retryAfterMs: retryAfterMs(headers),
    ...(retryable === undefined || neverRetried(kind) ? {} : { retryable }),
    cause,
  });
}

/** Whether this is a request that the endpoint understood and refused: what capability learning looks at. */
export function isRefusal(error: unknown): error is APIError {
  if (error instanceof BadRequestError) return true;
  return error instanceof APIError && [404, 405, 422, 500, 501].includes(error.status ?? 0);
}

export function reportedBy(error: APIError): ReportedError {
  return {
    status: error.status ?? null,
    message: error.message,
    code: [error.code, error.type].filter(Boolean).join(' '),
    headers: error.headers ?? null,
  };
}

/** Milliseconds that the server asks to wait; null when it does not say. Dates are compared with `now`. */
export function retryAfterMs(headers: ReportedError['headers'], now = Date.now()): number | null {
  const exact = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (Number.isFinite(exact)) return clampDelay(exact);
  const header = headers?.get('retry-after');
  if (!header) return null;
  const seconds = /^\s*\d/.test(header) ? Number.parseFloat(header) : Number.NaN;
  const delay = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(delay) ? clampDelay(delay) : null;
}

function clampDelay(ms: number): number {
  return Math.min(Math.max(0, Math.round(ms)), maxRetryAfterMs);
}

function kindOf({ status, message, code }: ReportedError): ModelErrorKind {
  const words = `${code} ${message}`;
  const clientError = status === null || (status >= 400 && status < 500);
  if (status === 402 || (clientError && quota.test(words))) return 'quota';
  if (outputTooLarge.test(words)) return 'bad-request';
  if (isContextLength({ status, message, code })) return 'context-length';
  if (status === 401 || status === 403) return 'authentication';
  if (status === 404) return 'not-found';
  if (status === 408) return 'timeout';
  if (status === 429) return 'rate-limit';
  if (status === 409 || (status !== null && status >= 500)) return 'server';
  if (unknownModel.test(words)) return 'not-found';
  if (badKey.test(words)) return 'authentication';
  if (status !== null) return 'bad-request';
  if (rateLimit.test(words)) return 'rate-limit';
  return overloaded.test(words) ? 'server' : 'protocol';
}

export function isContextLength({ status, message, code }: Omit<ReportedError, 'headers'>): boolean {
  const words = `${code} ${message}`;
  if (outputTooLarge.test(words) || status === 429) return false;
  return status === 413 || contextLength.some((pattern) => pattern.test(words));
}

function neverRetried(kind: ModelErrorKind): boolean {
  return ['quota', 'authentication', 'context-length', 'not-found'].includes(kind);
}

function sentence(kind: ModelErrorKind, reported: ReportedError, names: EndpointNames): string {
  const said = quoted(reported);
  const { baseUrl, model, apiKeyEnv } = names;
  switch (kind) {
    case 'authentication':
      return `${baseUrl} refused the key in ${apiKeyEnv}${said}. Set ${apiKeyEnv} to a key that ${model ? `may use "${model}"` : 'it takes'}.`;
    case 'quota':
      return `The account behind ${apiKeyEnv} has no quota left at ${baseUrl}${said}. Add credit or raise its limit, then resume.`;
    case 'not-found':
      return `${baseUrl} does not know the model "${model}", or the address is not that of an OpenAI-compatible API${said}. Check model.name and model.endpoint.baseUrl (usually ends in /v1).`;
    case 'context-length':
      return `The request is longer than the context of "${model}"${said}. Lower model.contextTokens to what the endpoint serves.`;
    case 'rate-limit':
      return `${baseUrl} limits the rate of requests${said}. Lower model.endpoint.concurrency if this goes on.`;
    case 'timeout':
      return `${baseUrl} gave up waiting${said}.`;
    case 'server':
      return `${baseUrl} failed${said}.`;
    case 'bad-request':
      return redirected(reported.status)
        ? `${baseUrl} redirects elsewhere${said}. Set model.endpoint.baseUrl to the final address.`
        : `${baseUrl} refused the request${said}. Check the model's sampling settings.`;
    default:
      return `${baseUrl} answered something that is not a chat completion${said}.`;
  }
}

function redirected(status: number | null): boolean {
  return status !== null && status >= 300 && status < 400;
}

function quoted({ status, message }: ReportedError): string {
  const bare = message.replace(/^\d{3} /, '');
  const text = bare.length > maxQuoted ? `${bare.slice(0, maxQuoted)}...` : bare;
  return ` (${[status === null ? '' : `HTTP ${status}`, text].filter(Boolean).join(': ')})`;
}

function timedOut(names: EndpointNames, cause: unknown): ModelError {
  return new ModelError(
    `${names.baseUrl} did not answer in time. Raise model.endpoint.timeoutSeconds if the model is slow.`,
    'timeout',
    { cause },
  );
}

const remedies: Record<string, string> = {
  ECONNREFUSED:
    'nothing listens there. Start the server, or correct model.endpoint.baseUrl or OPENAI_BASE_URL',
  ENOTFOUND: 'the host name is unknown. Correct model.endpoint.baseUrl or OPENAI_BASE_URL',
  EAI_AGAIN: 'the host name could not be looked up. Check the network and model.endpoint.baseUrl',
  ETIMEDOUT: 'the connection timed out. Check the network or a proxy',
  EHOSTUNREACH: 'the host cannot be reached. Check the network',
  ENETUNREACH: 'the network cannot be reached. Check the network',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
};

function connectionFailed(cause: NodeJS.ErrnoException, names: EndpointNames): ModelError {
  const tls = /certificate|self[- ]signed|CERT|SSL|TLS/i.test(`${cause.code ?? ''} ${cause.message}`)
    ? `its TLS certificate or protocol is not accepted (${cause.message}). Check the address, or set NODE_EXTRA_CA_CERTS`
    : undefined;
  const why = remedies[codeOf(cause)] ?? tls ?? (cause.message || 'the connection failed');
  return new ModelError(`No connection to ${names.baseUrl}: ${why}.`, 'connection', { cause });
}

/** Some wrappers keep only the message of the error that they wrap. */
function codeOf(cause: NodeJS.ErrnoException): string {
  return cause.code ?? /\bE[A-Z_]{4,}\b/.exec(cause.message)?.[0] ?? '';
}

/** The innermost error that carries a code: addresses tried in turn come as one error with several causes. */
function rootCause(error: unknown): NodeJS.ErrnoException {
  let current = error;
  for (let depth = 0; depth < 5; depth++) {
    if (!(current instanceof Error)) break;
    if ((current as NodeJS.ErrnoException).code && !(current instanceof AggregateError)) return current;
    const next: unknown = current instanceof AggregateError ? current.errors[0] : current.cause;
    if (!(next instanceof Error)) return current;
    current = next;
  }
  return current instanceof Error ? current : new Error(String(current));
}
