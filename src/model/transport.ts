/**
 * HTTP for the OpenAI client over node:http instead of the global fetch: no 300-second limit on the wait for headers,
 * no web streams in between (most of the CPU of a short call), and connections that are kept alive.
 */
import http from 'node:http';
import https from 'node:https';

const maxErrorBytes = 64 * 1024;
/** Lists of models of large gateways take about half a megabyte. */
const maxJsonBytes = 16 * 1024 * 1024;
const agents = {
  'http:': new http.Agent({ keepAlive: true, scheduling: 'lifo' }),
  'https:': new https.Agent({ keepAlive: true, scheduling: 'lifo' }),
};

/** The part of fetch that the client uses, its body being a Node stream. */
export async function nodeFetch(url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const target = new URL(url instanceof Request ? url.url : url);
  const body = typeof init.body === 'string' ? Buffer.from(init.body) : undefined;
  const incoming = await send(target, init, body, true);
  return asResponse(incoming, target);
}

function send(
  target: URL,
  init: RequestInit,
  body: Buffer | undefined,
  mayRepeat: boolean,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    if (target.protocol !== 'http:' && target.protocol !== 'https:')
      return reject(new Error(`expected an http or https address, found ${target.protocol}`));
    const headers = Object.fromEntries(new Headers(init.headers));
    if (body) headers['content-length'] = String(body.length);
    const request = (target.protocol === 'http:' ? http : https).request(target, {
      method: init.method ?? 'GET',
      headers,
      agent: agents[target.protocol],
      signal: init.signal ?? undefined,
    });
    request.once('response', resolve);
    request.once('error', (error: NodeJS.ErrnoException) => {
      // A kept-alive connection that the server closed at the moment of reuse: nothing was processed, ask once more.
      if (mayRepeat && request.reusedSocket && error.code === 'ECONNRESET')
        send(target, init, body, false).then(resolve, reject);
      else reject(error);
    });
    request.end(body);
  });
}

function asResponse(incoming: http.IncomingMessage, target: URL): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const status = incoming.statusCode ?? 0;
  // The client touches only these members of a Response, `text` only for errors.
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText: incoming.statusMessage ?? '',
    headers,
    url: target.href,
    body: incoming,
    text: async () => errorBody(await readText(incoming, maxErrorBytes)),
    json: async () => JSON.parse(await readText(incoming, maxJsonBytes)),
  } as unknown as Response;
}

async function readText(incoming: http.IncomingMessage, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of incoming) {
    parts.push(part as Buffer);
    size += (part as Buffer).length;
    if (size > maxBytes) break;
  }
  return Buffer.concat(parts).subarray(0, maxBytes).toString('utf8');
}

/** Servers wrap errors in several ways (`detail`, `message`, a bare string); the client reads only `{error: {...}}`. */
function errorBody(text: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return text;
  }
  if (typeof parsed !== 'object' || parsed === null)
    return JSON.stringify({ error: { message: String(parsed) } });
  const body = (Array.isArray(parsed) ? parsed[0] : parsed) as Record<string, unknown>;
  if (typeof body?.error === 'object' && body.error !== null) return JSON.stringify(body);
  const message = body?.error ?? body?.message ?? body?.detail ?? body;
  return JSON.stringify({
    error: {
      ...(typeof body === 'object' ? body : {}),
      message: typeof message === 'string' ? message : JSON.stringify(message),
    },
  });
}
