/** Stands before an endpoint, keeps every request that it passes on, and counts the tokens of the answers. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordingProxy {
  url: string;
  /** Bodies of requests for completions, as they came. */
  bodies: string[];
  /** Tokens of all answers that came to their end, by their own account. */
  tokens(): number;
  close(): Promise<void>;
}

/** @param target base address of the endpoint, with its `/v1` */
export async function recordingProxy(target: string): Promise<RecordingProxy> {
  const bodies: string[] = [];
  let tokens = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    if (request.method === 'POST') bodies.push(body);
    const left = new AbortController();
    response.once('close', () => left.abort());
    try {
      const answer = await fetch(new URL(request.url!, target), {
        method: request.method,
        headers: { 'content-type': 'application/json' },
        body: request.method === 'POST' ? body : undefined,
        signal: left.signal,
      });
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'text/plain',
      });
      let text = '';
      for await (const chunk of answer.body ?? []) {
        text += Buffer.from(chunk).toString('latin1');
        response.write(chunk);
      }
      tokens += Number(text.match(/.*"total_tokens":\s*(\d+)/s)?.[1] ?? 0);
      response.end();
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies,
    tokens: () => tokens,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
