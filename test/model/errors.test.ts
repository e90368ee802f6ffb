import { APIConnectionTimeoutError, APIUserAbortError } from 'openai';
import { createChatModel } from '../../src/model/create.js';
import { classify, retryAfterMs } from '../../src/model/errors.js';
import { ModelError } from '../../src/model/types.js';
import { delta, fakeEndpoint, json, modelConfig, sse } from './fake-endpoint.js';

const names = { baseUrl: 'http://e/v1', model: 'm', apiKeyEnv: 'MY_API_KEY' };

type Row = {
  what: string;
  status: number;
  body: unknown;
  headers?: Record<string, string>;
  kind: string;
  retryable: boolean;
  retryAfterMs?: number | null;
  says?: RegExp;
};

const error = (message: string, code?: string, type?: string) => ({ error: { message, code, type } });

const rows: Row[] = [
  { what: '429', status: 429, body: error('slow down'), kind: 'rate-limit', retryable: true },
  {
    what: '429 with delay in ms',
    status: 429,
    body: error('slow down'),
    headers: { 'retry-after-ms': '1500' },
    kind: 'rate-limit',
    retryable: true,
    retryAfterMs: 1500,
  },
  {
    what: '503 with delay in seconds',
    status: 503,
    body: error('busy'),
    headers: { 'retry-after': '7' },
    kind: 'server',
    retryable: true,
    retryAfterMs: 7000,
  },
  {
    what: '429 that is a quota',
    status: 429,
    body: error('You exceeded your current quota', 'insufficient_quota'),
    kind: 'quota',
    retryable: false,
    says: /MY_API_KEY.*Add credit/,
  },
  {
    what: 'quota, even when the server asks to retry',
    status: 429,
    body: error('no', 'insufficient_quota'),
    headers: { 'x-should-retry': 'true' },
    kind: 'quota',
    retryable: false,
  },
  { what: '402', status: 402, body: error('pay'), kind: 'quota', retryable: false },
  {
    what: 'rate limit that mentions tokens',
    status: 429,
    body: error('Request too large: too many tokens per minute'),
    kind: 'rate-limit',
    retryable: true,
  },
  {
    what: '401',
    status: 401,
    body: error('Incorrect API key'),
    kind: 'authentication',
    retryable: false,
    says: /Set MY_API_KEY/,
  },
  { what: '403', status: 403, body: error('no'), kind: 'authentication', retryable: false },
  {
    what: '404',
    status: 404,
    body: error('The model `m` does not exist', 'model_not_found'),
    kind: 'not-found',
    retryable: false,
    says: /model\.name/,
  },
  {
    what: '400 about an unknown model',
    status: 400,
    body: error('Model not found: m'),
    kind: 'not-found',
    retryable: false,
  },
  {
    what: '404 with a bare string',
    status: 404,
    body: { error: 'model "m" not found' },
    kind: 'not-found',
    retryable: false,
    says: /model "m" not found/,
  },
  {
    what: 'context length by code',
    status: 400,
    body: error('no', 'context_length_exceeded'),
    kind: 'context-length',
    retryable: true,
    says: /contextTokens/,
  },
  {
    what: 'context length in words 1',
    status: 400,
    body: error("This model's maximum context length is 4096 tokens"),
    kind: 'context-length',
    retryable: true,
  },
  {
    what: 'context length in words 2',
    status: 400,
    body: { object: 'error', message: 'the request exceeds the available context size' },
    kind: 'context-length',
    retryable: true,
  },
  {
    what: 'context length in words 3',
    status: 422,
    body: { detail: 'prompt is too long: 210000 tokens > 200000' },
    kind: 'context-length',
    retryable: true,
  },
  // The requests of these tests are short, so that none of them can have been too long.
  { what: '413', status: 413, body: 'x', kind: 'context-length', retryable: true },
  {
    what: 'limit on the answer too large',
    status: 400,
    body: error("'max_tokens' is too large: 9. This model's maximum context length is 4"),
    kind: 'bad-request',
    retryable: false,
  },
  {
    what: '400',
    status: 400,
    body: error('messages: bad role'),
    kind: 'bad-request',
    retryable: false,
    says: /bad role/,
  },
  {
    what: '422 with details',
    status: 422,
    body: { detail: [{ loc: ['body'], msg: 'odd' }] },
    kind: 'bad-request',
    retryable: false,
    says: /odd/,
  },
  { what: '408', status: 408, body: error('late'), kind: 'timeout', retryable: true },
  { what: '409', status: 409, body: error('lock'), kind: 'server', retryable: true },
  { what: '500', status: 500, body: 'oops', kind: 'server', retryable: true },
  {
    what: '500 that must not be retried',
    status: 500,
    body: error('no'),
    headers: { 'x-should-retry': 'false' },
    kind: 'server',
    retryable: false,
  },
  {
    what: '400 that may be retried',
    status: 400,
    body: error('hiccup'),
    headers: { 'x-should-retry': 'true' },
    kind: 'bad-request',
    retryable: true,
  },
  {
    what: '529',
    status: 529,
    body: error('Overloaded', undefined, 'overloaded_error'),
    kind: 'server',
    retryable: true,
  },
  { what: '301', status: 301, body: '', kind: 'bad-request', retryable: false, says: /final address/ },
];

describe('classification by status', () => {
  let server: Awaited<ReturnType<typeof fakeEndpoint>>;
  beforeAll(async () => {
    server = await fakeEndpoint(() => {});
  });
  afterAll(() => server.close());

  test.each(rows)('$what', async (row) => {
    server.use((_body, response) => json(response, row.status, row.body, row.headers));
    const failure = await ask(server.url);
    expect(failure).toMatchObject({ kind: row.kind, retryable: row.retryable });
    if (row.status >= 400) expect(failure.status).toBe(row.status);
    if (row.retryAfterMs !== undefined) expect(failure.retryAfterMs).toBe(row.retryAfterMs);
    if (row.says) expect(failure.message).toMatch(row.says);
  });

  test.each([
    ['rate limit by code', { error: { code: 429, message: 'slow' } }, 'rate-limit', true],
    ['upstream failure', { error: { code: 502, message: 'Provider returned error' } }, 'server', true],
    ['without a code', { error: { message: 'Overloaded' } }, 'server', true],
    ['as text', { error: 'something odd' }, 'protocol', true],
    [
      'in a choice',
      { choices: [{ error: { code: 400, message: 'maximum context length' } }] },
      'context-length',
      true,
    ],
  ])('an error inside a 200, %s', async (_what, body, kind, retryable) => {
    server.use((_body, response) => json(response, 200, body));
    expect(await ask(server.url)).toMatchObject({ kind, retryable });
    server.use((_body, response) => sse(response, [delta({ content: 'half' }), body]));
    expect(await ask(server.url)).toMatchObject({ kind, retryable });
  });
});

describe('classification without a status', () => {
  test('nothing listens', async () => {
    const server = await fakeEndpoint(() => {});
    await server.close();
    const failure = await ask(server.url);
    expect(failure).toMatchObject({ kind: 'connection', retryable: true });
    expect(failure.message).toMatch(/nothing listens there.*OPENAI_BASE_URL/);
  });
  test('unknown host', () => {
    const cause = Object.assign(new Error('getaddrinfo ENOTFOUND x'), { code: 'ENOTFOUND' });
    const failure = classify(new Error('outer', { cause }), names);
    expect(failure).toMatchObject({ kind: 'connection', retryable: true });
    expect(failure.message).toMatch(/host name is unknown/);
  });
  test('a host name that nobody knows, looked up for real', async () => {
    // Longer than a name may be, so that the answer needs no network.
    const failure = await ask(`http://${'x'.repeat(64)}.invalid/v1`);
    expect(failure).toMatchObject({ kind: 'connection', retryable: true });
    expect(failure.message).toMatch(/host name/);
  });
  test('several addresses tried', () => {
    const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const failure = classify(
      Object.assign(new AggregateError([cause, cause]), { code: 'ECONNREFUSED' }),
      names,
    );
    expect(failure.message).toMatch(/nothing listens/);
  });
  test('certificate', () => {
    const cause = Object.assign(new Error('self-signed certificate'), {
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(classify(cause, names).message).toMatch(/NODE_EXTRA_CA_CERTS/);
  });
  test('timeout of the client', () => {
    expect(classify(new APIConnectionTimeoutError(), names)).toMatchObject({
      kind: 'timeout',
      retryable: true,
    });
  });
  test('abort of the client', () => {
    expect(classify(new APIUserAbortError(), names)).toMatchObject({ kind: 'cancelled', retryable: false });
  });
});

test('a delay given as an HTTP date counts from now, never back, never beyond an hour', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const at = (date: string) => retryAfterMs(new Headers({ 'retry-after': date }), now);
  expect(at('Thu, 01 Jan 2026 00:00:30 GMT')).toBe(30_000);
  expect(at('Wed, 31 Dec 2025 23:00:00 GMT')).toBe(0);
  expect(at('Fri, 01 Jan 2027 00:00:00 GMT')).toBe(3_600_000);
  expect(at('soon')).toBeNull();
  expect(retryAfterMs(new Headers())).toBeNull();
});

async function ask(url: string): Promise<ModelError> {
  const model = createChatModel(modelConfig(url, { endpoint: { apiKeyEnv: 'MY_API_KEY' } }), {
    MY_API_KEY: 'k',
  });
  const failure = await model.complete({ messages: [{ role: 'user', content: 'hi' }] }).then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ModelError);
  return failure as ModelError;
}
