import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { evolutionSchema, type ModelConfig } from '../../src/contract/config.js';

// biome-ignore lint/suspicious/noExplicitAny: a request body, looked into by assertions only
export type Body = Record<string, any>;

export type Handler = (
  body: Body,
  response: ServerResponse,
  request: IncomingMessage,
) => void | Promise<void>;

/** A real HTTP server on loopback whose answers a test scripts; requests are kept for assertions. */
export async function fakeEndpoint(handler: Handler) {
  const requests: Body[] = [];
  let current = handler;
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const body = text ? JSON.parse(text) : {};
    if (request.method === 'POST') requests.push(body);
    await current(body, response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    use(next: Handler) {
      current = next;
      requests.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function sse(response: ServerResponse, chunks: unknown[], end = '[DONE]'): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  response.end(end ? `data: ${end}\n\n` : '');
}

export function json(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export const delta = (part: Record<string, unknown>, finish: string | null = null) => ({
  model: 'echoed',
  choices: [{ index: 0, delta: part, finish_reason: finish }],
});

export const text = (content: string): Handler => {
  return (_body, response) => sse(response, [delta({ content }), delta({}, 'stop')]);
};

export function modelConfig(baseUrl: string, overrides: Record<string, unknown> = {}): ModelConfig {
  const { endpoint, ...rest } = overrides as { endpoint?: object };
  return evolutionSchema.parse({
    suite: 'x',
    model: { name: 'm', ...rest, endpoint: { baseUrl, ...endpoint } },
  }).model;
}
