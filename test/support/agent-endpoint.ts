/** A model of the tests' own behind the real wire protocol: it tries one command a turn and gives up. */
import { type Body, delta, fakeEndpoint, json, sse } from '../model/fake-endpoint.js';

export interface AgentEndpoint {
  url: string;
  /** Time of the agent's latest request by seed: a trial sends one seed in all of its requests. */
  lastRequest: Map<number, number>;
  requests: number;
  close(): Promise<void>;
}

/** @param turnMs how long an answer takes: gives a test something to interrupt */
export async function agentEndpoint(turns: number, turnMs: number): Promise<AgentEndpoint> {
  const lastRequest = new Map<number, number>();
  const state = { requests: 0 };
  const endpoint = await fakeEndpoint(async (body: Body, response, request) => {
    if (request.method === 'GET') return json(response, 200, { data: [{ id: 'patient' }] });
    state.requests += 1;
    if (body.tools && typeof body.seed === 'number') lastRequest.set(body.seed, Date.now());
    await new Promise((resolve) => setTimeout(resolve, turnMs));
    if (!body.tools) return sse(response, [delta({ content: '{}' }), delta({}, 'stop')]);
    const taken = body.messages.filter(({ role }: { role: string }) => role === 'assistant').length;
    const call =
      taken < turns
        ? { name: 'shell', arguments: JSON.stringify({ command: `echo step ${taken}` }) }
        : { name: 'finish', arguments: JSON.stringify({ message: 'done' }) };
    const toolCall = { index: 0, id: `call-${taken}`, type: 'function', function: call };
    sse(response, [delta({ tool_calls: [toolCall] }), delta({}, 'tool_calls')]);
  });
  return {
    url: endpoint.url,
    lastRequest,
    get requests() {
      return state.requests;
    },
    close: endpoint.close,
  };
}
