/** Stands before an endpoint and keeps every request that it passes on. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

export interface RecordingProxy {
  url: string;
  /** Bodies of requests for completions, as they came. */
  bodies: string[];
  close(): Promise<void>;
}

/** @param target base address of the endpoint, with its `/v1` */
export async function recordingProxy(target: string): Promise<RecordingProxy> {
  const bodies: string[] = [];
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
      if (answer.body)
        Readable.fromWeb(answer.body as never)
          .on('error', () => response.destroy())
          .pipe(response);
      else response.end();
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
