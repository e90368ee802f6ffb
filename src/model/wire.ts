/** Requests as they go over the wire: what the endpoint is known to take, and nothing else. */
import type { ModelConfig } from '../contract/config.js';
import type { Capabilities } from './capabilities.js';
import { wireArguments } from './tool-arguments.js';
import type { ChatMessage, ChatRequest } from './types.js';

/** The body of POST /chat/completions. */
export function wireRequest(
  request: ChatRequest,
  model: Pick<ModelConfig, 'name' | 'sampling'>,
  capabilities: Capabilities,
): Record<string, unknown> {
  const { sampling } = model;
  const level = request.response ? capabilities.responseLevel(request.response.name) : 'json_schema';
  const told = request.response && level !== 'json_schema' ? withSchema(request) : request.messages;
  const body: Record<string, unknown> = { model: model.name, messages: told.map(wireMessage) };
  const set = (name: Parameters<Capabilities['takes']>[0], value: unknown): void => {
    if (value !== undefined && capabilities.takes(name)) body[name] = value;
  };
  set('stream', true);
  if (body.stream) set('stream_options', { include_usage: true });
  set('seed', sampling.seed ? request.seed : undefined);
  set('temperature', sampling.temperature);
  set('top_p', sampling.topP);
  set('reasoning_effort', sampling.reasoningEffort);
  // Never dropped in silence: whoever offers tools decides what to do where they are refused.
  if (request.tools?.length) body.tools = request.tools.map((tool) => ({ type: 'function', function: tool }));
  const maxTokens = request.maxTokens ?? sampling.maxTokens;
  if (maxTokens !== undefined && capabilities.maxTokensName) body[capabilities.maxTokensName] = maxTokens;
  if (request.response && level !== 'text') body.response_format = responseFormat(request.response, level);
  return body;
}

function wireMessage(message: ChatMessage): Record<string, unknown> {
  if (message.role === 'tool')
    return { role: 'tool', tool_call_id: message.toolCallId, content: message.content };
  if (message.role !== 'assistant' || !message.toolCalls?.length)
    return { role: message.role, content: message.content };
  return {
    role: 'assistant',
    content: message.content === '' ? null : message.content,
    tool_calls: message.toolCalls.map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: wireArguments(call) },
    })),
  };
}

function responseFormat(
  response: NonNullable<ChatRequest['response']>,
  level: 'json_schema' | 'json_object',
) {
  if (level === 'json_object') return { type: 'json_object' };
  const { name, schema } = response;
  return { type: 'json_schema', json_schema: { name, schema, strict: allowsStrict(schema) } };
}

/** Where the endpoint does not hold the answer to the schema, the model is told of it. */
function withSchema(request: ChatRequest): ChatMessage[] {
  const note = [
    'Answer with one JSON object and nothing else: no prose, no code fences. It has to match this JSON Schema:',
    JSON.stringify(request.response!.schema),
  ].join('\n');
  const [first, ...rest] = request.messages;
  if (first?.role === 'system') return [{ role: 'system', content: `${first.content}\n\n${note}` }, ...rest];
  return [{ role: 'system', content: note }, ...request.messages];
}

/** Strict mode takes only schemas whose objects are closed and require all that they name. */
export function allowsStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(allowsStrict);
  if (typeof schema !== 'object' || schema === null) return true;
  const node = schema as Record<string, unknown>;
  if (Object.keys(node).length === 0) return false;
  if (node.type === 'object') {
    const properties = Object.keys((node.properties as object | undefined) ?? {});
    const required = new Set((node.required as string[] | undefined) ?? []);
    if (node.additionalProperties !== false || !properties.every((name) => required.has(name))) return false;
  }
  return Object.entries(node).every(([name, value]) => {
    if (['required', 'enum', 'const', 'default', 'examples'].includes(name)) return true;
    if (['properties', '$defs', 'definitions'].includes(name))
      return Object.values(value as object).every(allowsStrict);
    return allowsStrict(value);
  });
}
