/** Arguments of tool calls as models send them: a JSON text, nothing, an object, or half of a JSON text. */
import type { ToolCall } from './types.js';

const quotedChars = 160;

/** Makes a tool call out of what was sent; never throws. */
export function toolCall(id: string, name: string, sent: unknown): ToolCall {
  if (sent === undefined || sent === null || (typeof sent === 'string' && sent.trim() === ''))
    return { id, name, rawArguments: '{}', arguments: {} };
  if (typeof sent !== 'string') {
    return isObject(sent)
      ? { id, name, rawArguments: JSON.stringify(sent), arguments: sent }
      : malformed(id, name, JSON.stringify(sent) ?? '', 'not an object');
  }
  try {
    const parsed: unknown = JSON.parse(sent);
    if (isObject(parsed)) return { id, name, rawArguments: sent, arguments: parsed };
    // Some servers encode the text twice.
    if (typeof parsed === 'string') {
      const inner: unknown = JSON.parse(parsed);
      if (isObject(inner)) return { id, name, rawArguments: parsed, arguments: inner };
    }
    return malformed(id, name, sent, 'not an object');
  } catch (error) {
    return malformed(id, name, sent, (error as Error).message);
  }
}

/** What goes back to the endpoint: templates of several servers parse it and fail on anything but an object. */
export function wireArguments(call: ToolCall): string {
  return call.arguments === null ? '{}' : call.rawArguments;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(id: string, name: string, raw: string, why: string): ToolCall {
  const head = raw.length > quotedChars ? `${raw.slice(0, quotedChars)}...` : raw;
  return {
    id,
    name,
    rawArguments: raw,
    arguments: null,
    problem: `the arguments are not a JSON object (${why.slice(0, quotedChars)}): ${head}`,
  };
}
