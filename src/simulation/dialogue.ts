/** A chat completion request as a simulated model reads it: who said what, which hands it is offered, what shape the answer shall have. */
import { draw, shortHash } from './chance.js';

export interface OfferedTool {
  name: string;
  description: string;
  parameters: Record<string, unknown>;
}

/** What the harness said besides results: after which kind of move, word for word. */
export interface Speech {
  channel: 'injected' | 'blocked' | 'refused';
  text: string;
}

/** What came of one call. */
export interface CallResult {
  text: string;
  /** null: the result does not look like that of a command. */
  exitCode: number | null;
}

/** One answer of ours and what followed it. */
export interface Turn {
  text: string;
  calls: number;
  results: CallResult[];
  /** Messages after it, results apart. */
  messages: string[];
}

export interface Dialogue {
  model: string;
  /** Seed of the request; null: none was sent. */
  seed: number | null;
  system: string;
  /** Messages before our first answer, other than the system's. */
  opening: string[];
  turns: Turn[];
  tools: OfferedTool[];
  /** `text`: tools were described in words; calls are written in fenced blocks. */
  toolMode: 'native' | 'text' | 'none';
  /** Schema that the answer shall have; null: no JSON was asked for, {}: JSON of any shape. */
  schema: Record<string, unknown> | null;
  /** Constant through a conversation, whatever the seeds of its requests. */
  base: string;
  stream: boolean;
  includeUsage: boolean;
}

type Json = Record<string, unknown>;

/** Reads a request body. @throws {Error} with a sentence for the client when it is no chat completion request. */
export function readDialogue(body: unknown): Dialogue {
  if (!isObject(body) || !Array.isArray(body.messages)) throw new Error('expected an object with `messages`');
  if (typeof body.model !== 'string') throw new Error('expected `model` to be a string');
  const messages = body.messages.filter(isObject);
  const system: string[] = [];
  const opening: string[] = [];
  const turns: Turn[] = [];
  let firstCallId = '';
  for (const message of messages) {
    const content = contentOf(message.content);
    const turn = turns.at(-1);
    if (message.role === 'assistant') {
      const calls = Array.isArray(message.tool_calls) ? message.tool_calls.filter(isObject) : [];
      firstCallId ||= String(calls[0]?.id ?? '');
      turns.push({ text: content, calls: calls.length || textCalls(content), results: [], messages: [] });
    } else if (message.role === 'tool') turn?.results.push(readResult(content));
    else if (!turn && message.role === 'system') system.push(content);
    else if (!turn) opening.push(content);
    else addWords(turn, content);
  }
  const systemText = system.join('\n\n');
  const native = Array.isArray(body.tools) ? body.tools.flatMap(readTool) : [];
  const described = native.length === 0 ? describedTools(systemText) : [];
  const seed = typeof body.seed === 'number' ? body.seed : null;
  const carried = /^sim_([0-9a-z]+)_/.exec(firstCallId)?.[1];
  return {
    model: body.model,
    seed,
    system: systemText,
    opening,
    turns,
    tools: native.length > 0 ? native : described,
    toolMode: native.length > 0 ? 'native' : described.length > 0 ? 'text' : 'none',
    schema: schemaOf(body, systemText),
    base: carried ?? shortHash(body.model, opening[0] ?? '', seed ?? 'none'),
    stream: body.stream === true,
    includeUsage: isObject(body.stream_options) && body.stream_options.include_usage === true,
  };
}

/** A draw that is the same in every request of the conversation. */
export function chanceOf(dialogue: Dialogue): (...words: (string | number)[]) => number {
  return (...words) => draw(dialogue.base, ...words);
}

/** Commands end in their status in most harnesses; what says none may be the harness's own word. */
export function readResult(text: string): CallResult {
  const tail = text.slice(-200);
  const status = /exit(?:ed)?(?: with)?(?: code| status)?[ :=]*(-?\d+)/i.exec(tail);
  return { text, exitCode: status ? Number(status[1]) : null };
}

function addWords(turn: Turn, content: string): void {
  let rest = content;
  for (const match of content.matchAll(/<tool-result[^>]*>\n?([\s\S]*?)\n?<\/tool-result>/g)) {
    turn.results.push(readResult(match[1]!));
    rest = rest.replace(match[0], '');
  }
  if (rest.trim() !== '') turn.messages.push(rest.trim());
}

function textCalls(content: string): number {
  return content.match(/^```tool\s*$/gm)?.length ?? 0;
}

function readTool(tool: unknown): OfferedTool[] {
  const fn = isObject(tool) && isObject(tool.function) ? tool.function : null;
  if (!fn || typeof fn.name !== 'string') return [];
  const parameters = isObject(fn.parameters) ? fn.parameters : {};
  return [{ name: fn.name, description: String(fn.description ?? ''), parameters }];
}

/** Tools told in a prompt: `- name: what it does`, and on one of the next lines the JSON Schema of its arguments. */
function describedTools(system: string): OfferedTool[] {
  if (!/```tool/.test(system)) return [];
  const found: OfferedTool[] = [];
  for (const match of system.matchAll(/^- ([\w-]+): ([\s\S]*?)\n\s*arguments[^\n{]*(\{.*\})$/gm)) {
    const parameters = tryJson(match[3]!);
    if (isObject(parameters)) found.push({ name: match[1]!, description: match[2]!, parameters });
  }
  return found;
}

function schemaOf(body: Json, system: string): Json | null {
  const format = isObject(body.response_format) ? body.response_format : null;
  const declared = isObject(format?.json_schema) ? format.json_schema.schema : null;
  if (isObject(declared)) return declared;
  const written = /JSON Schema:?\s*\n?(\{[\s\S]*\})/.exec(system);
  const parsed = written ? tryJson(written[1]!) : null;
  if (isObject(parsed)) return parsed;
  if (format?.type === 'json_object') return {};
  return !body.tools && /\bJSON object\b/.test(system) && !/```tool/.test(system) ? {} : null;
}

function contentOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
