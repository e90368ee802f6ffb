/**
 * Simulated models behind the OpenAI wire protocol, on loopback. They see the HTTP request and a suite's solutions, and
 * nothing else. What they show is that the machinery finds and mends planted weaknesses; they say nothing of any real model.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Agent, createAgent } from './agent.js';
import { analyse } from './analyst.js';
import { type Dialogue, readDialogue } from './dialogue.js';
import { type Fault, faultPlan, parseFault } from './faults.js';
import type { Answer } from './hands.js';
import { type Profile, profiles } from './profiles.js';
import { knowSuite } from './tasks.js';

export interface SimulationOptions {
  /** Folder of the suite whose solutions the models know. */
  suiteDir: string;
  /** 0: any free port. */
  port?: number;
  /** Default: all of `profiles`. */
  models?: Profile[];
  faults?: Fault[];
}

export interface Simulation {
  /** Base address of the API, for OPENAI_BASE_URL. */
  url: string;
  /** Requests for completions so far. */
  requests(): number;
  close(): Promise<void>;
}

const maxBodyBytes = 32 * 1024 * 1024;

/** @throws {Error} when the suite cannot be read or the port is taken. */
export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const suite = knowSuite(options.suiteDir);
  const models = options.models ?? profiles;
  const agents = new Map(models.map((profile) => [profile.name, createAgent(profile, suite)]));
  const faultsFor = faultPlan(options.faults ?? []);
  let requests = 0;
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0];
    if (request.method === 'GET' && path === '/v1/models') {
      listModels(response, models);
      return;
    }
    if (request.method === 'POST' && path === '/v1/chat/completions') {
      requests++;
      complete(request, response, agents, faultsFor).catch((error: Error) => {
        if (!response.headersSent) sendError(response, 500, error.message);
        else response.destroy();
      });
      return;
    }
    sendError(response, 404, `Unknown address ${path}.`);
  });
  server.keepAliveTimeout = 60_000;
  await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: () => requests,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function complete(
  request: IncomingMessage,
  response: ServerResponse,
  agents: Map<string, Agent>,
  faultsFor: ReturnType<typeof faultPlan>,
): Promise<void> {
  const text = await readBody(request);
  let dialogue: Dialogue;
  try {
    dialogue = readDialogue(JSON.parse(text));
  } catch (error) {
    sendError(response, 400, `The request cannot be read: ${(error as Error).message}.`);
    return;
  }
  const [name, suffix] = dialogue.model.split('@') as [string, string | undefined];
  const agent = agents.get(name);
  const named = [suffix, request.headers['x-sim-fault'] as string | undefined].flatMap((words) =>
    words ? [parseFault(words)] : [],
  );
  if (!agent || named.includes(null)) {
    sendError(response, 404, `The model \`${dialogue.model}\` does not exist.`, 'model_not_found');
    return;
  }
  const faults = faultsFor(text, named as Fault[]);
  for (const fault of faults) if (fault.kind === 'slow') await waiting(response, fault.ms);
  const failing = faults.find((fault) => fault.kind !== 'slow');
  if (failing && failing.kind !== 'cut') {
    fail(response, failing);
    return;
  }
  const answer: Answer =
    dialogue.schema && dialogue.tools.length === 0 ? { text: analyse(dialogue), calls: [] } : agent(dialogue);
  send(response, dialogue, answer, Math.ceil(text.length / 4), failing?.kind === 'cut');
}

/** As long as the client does. @throws {Error} when it has gone. */
async function waiting(response: ServerResponse, ms: number): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.once('close', leave);
  await delay(ms, undefined, { signal: gone.signal });
  response.off('close', leave);
}

function fail(response: ServerResponse, fault: Fault): void {
  if (fault.kind === 'status') {
    const { status, message = `Simulated failure ${status}.`, code, headers } = fault;
    sendError(response, status, message, code, headers);
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    fault.kind === 'inside'
      ? JSON.stringify({ error: { code: fault.status, message: 'Provider returned error' } })
      : '<html>',
  );
}

/** The answer in the way that was asked for; `cut`: only its first half, then the connection ends. */
function send(
  response: ServerResponse,
  dialogue: Dialogue,
  answer: Answer,
  promptTokens: number,
  cut: boolean,
): void {
  const completionTokens = Math.ceil((answer.text.length + JSON.stringify(answer.calls).length) / 4);
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
  const head = {
    id: 'chatcmpl-simulated',
    created: 0,
    model: dialogue.model,
    system_fingerprint: 'simulated',
  };
  const finish_reason = answer.calls.length > 0 ? 'tool_calls' : 'stop';
  const tool_calls = answer.calls.map((call, index) => ({
    index,
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }));
  if (!dialogue.stream) {
    const message = {
      role: 'assistant',
      content: answer.text || null,
      ...(tool_calls.length > 0 ? { tool_calls } : {}),
    };
    const body = JSON.stringify({
      ...head,
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason }],
      usage,
    });
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    if (cut) response.write(body.slice(0, body.length / 2), () => response.destroy());
    else response.end(body);
    return;
  }
  const chunk = (choices: unknown[], more = {}): string =>
    `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...more })}\n\n`;
  const delta = (part: object, reason: string | null = null): string =>
    chunk([{ index: 0, delta: part, finish_reason: reason }]);
  const parts = [delta({ role: 'assistant', content: answer.text })];
  for (const call of tool_calls) parts.push(delta({ tool_calls: [call] }));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (cut) {
    response.write(parts[0]!, () => response.destroy());
    return;
  }
  parts.push(delta({}, finish_reason));
  if (dialogue.includeUsage) parts.push(chunk([], { usage }));
  response.end(`${parts.join('')}data: [DONE]\n\n`);
}

function listModels(response: ServerResponse, models: Profile[]): void {
  const data = models.map(({ name }) => ({ id: name, object: 'model', created: 0, owned_by: 'simulated' }));
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ object: 'list', data }));
}

function sendError(
  response: ServerResponse,
  status: number,
  message: string,
  code?: string,
  headers?: Record<string, string>,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(
    JSON.stringify({ error: { message, type: 'simulated_error', code: code ?? null, param: null } }),
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > maxBodyBytes) throw new Error('The request is too large.');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
