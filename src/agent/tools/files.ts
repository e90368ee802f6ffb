/** Tools on single files. Contents are handled as bytes, so that what is not UTF-8 survives an edit. */
import { posix } from 'node:path';
import type { Harness } from '../../harness/schema.js';
import { clipEnd, shellQuote } from '../text.js';
import { type Arguments, failed, succeeded, type Tool, type ToolContext, type ToolOutcome } from './types.js';

/** Bytes that are fetched to look at a file; of a larger one, `read` has the sandbox cut out the window. */
const MAX_READ = 256 << 10;
const MAX_EDIT = 8 << 20;
const MAX_WRITE = 8 << 20;
const NEWLINE = 10;

const path = { type: 'string', minLength: 1, maxLength: 4096, description: 'Path of the file.' };

/** The path of a call, relative ones taken from the working directory; `link/..` still means what it means in the sandbox. */
export function absolutePath(args: Arguments, workdir: string): string {
  if (typeof args.path !== 'string' || args.path === '') return workdir;
  return args.path.startsWith('/') ? args.path : `${workdir}/${args.path}`;
}

export function factsOfPath(args: Arguments, workdir: string): { command: string; path: string } {
  return { command: '', path: posix.normalize(absolutePath(args, workdir)) };
}

export function readTool(settings: Harness['tools']['builtin']['read']): Tool {
  const { outputBytes } = settings;
  return {
    definition: {
      name: 'read',
      description:
        settings.description ||
        `Reads a text file. Shows at most ${outputBytes} bytes of whole lines from line offset on, and says where to read on.`,
      parameters: {
        type: 'object',
        properties: {
          path,
          offset: { type: 'integer', minimum: 1, description: 'First line to show; default 1.' },
          limit: { type: 'integer', minimum: 1, description: 'Lines to show at most.' },
          line_numbers: {
            type: 'boolean',
            description: 'Whether to put its number before each line; default false.',
          },
        },
        required: ['path'],
        additionalProperties: false,
      },
    },
    runsCommands: false,
    facts: factsOfPath,
    async run(args, context) {
      const file = absolutePath(args, context.workdir);
      const window = {
        offset: (args.offset as number | undefined) ?? 1,
        limit: (args.limit as number | undefined) ?? Number.MAX_SAFE_INTEGER,
        numbers: args.line_numbers === true,
        maxBytes: outputBytes,
      };
      const read = await context.readFile(file, MAX_READ);
      if (read.ok && read.size <= read.content.length) return showWindow(file, read.content, window);
      return readLarge(file, window, context, read.ok ? null : read.reason);
    },
  };
}

interface Window {
  /** First line, from 1. */
  offset: number;
  limit: number;
  numbers: boolean;
  maxBytes: number;
}

function showWindow(file: string, content: Buffer, window: Window): ToolOutcome {
  if (isBinary(content)) {
    return failed(`${file} is not a text file (${content.length} bytes). Use the shell to look into it.`);
  }
  if (content.length === 0) return succeeded(`[${file} is empty]`);
  let start = 0;
  for (let line = 1; line < window.offset; line += 1) {
    const end = content.indexOf(NEWLINE, start);
    if (end === -1 || end + 1 >= content.length)
      return failed(`${file} has ${line} lines; there is no line ${window.offset}.`);
    start = end + 1;
  }
  const { text, shown, end } = takeLines(content, start, window);
  if (end >= content.length) return succeeded(text);
  const next = window.offset + shown;
  const note = `[${content.length - end} more bytes; read on with offset ${next}]`;
  return succeeded(`${text}${note}`, { omittedBytes: content.length - end });
}

/** Whole lines from `start` on, as many as fit; of a line that alone is too long, its beginning. */
function takeLines(content: Buffer, start: number, window: Window) {
  const lines: string[] = [];
  let at = start;
  let bytes = 0;
  while (at < content.length && lines.length < window.limit) {
    const newline = content.indexOf(NEWLINE, at);
    const end = newline === -1 ? content.length : newline + 1;
    bytes += end - at;
    const number = window.numbers ? `${String(window.offset + lines.length).padStart(6)}\t` : '';
    if (bytes > window.maxBytes) {
      if (lines.length > 0) break;
      const cut = content.subarray(at, at + window.maxBytes).toString('utf8');
      lines.push(`${number}${cut}\n[the line goes on for ${end - at - window.maxBytes} bytes]\n`);
    } else {
      lines.push(number + content.subarray(at, end).toString('utf8'));
    }
    at = end;
  }
  const text = lines.join('');
  return {
    text: text.endsWith('\n') || at >= content.length ? text : `${text}\n`,
    shown: lines.length,
    end: at,
  };
}

/** Has the sandbox cut the window out of a file that is too large to fetch. */
async function readLarge(file: string, window: Window, context: ToolContext, reason: string | null) {
  const quoted = shellQuote(file);
  const limit = window.limit === Number.MAX_SAFE_INTEGER ? '' : ` | head -n ${window.limit}`;
  const command = `[ -f ${quoted} ] && [ -r ${quoted} ] && tail -n +${window.offset} -- ${quoted}${limit} | head -c ${window.maxBytes}`;
  const cut = await context.exec(command, {
    timeoutSeconds: 30,
    outputBytes: window.maxBytes,
    cwd: '/',
  });
  if (cut.exitCode !== 0 || cut.timedOut)
    return failed(reason ?? `${file} cannot be read: ${clipEnd(cut.output, 500)}`);
  if (cut.output === '') return failed(`${file} has no line ${window.offset}.`);
  const fetched = Buffer.from(cut.output, 'utf8');
  if (isBinary(fetched)) return failed(`${file} is not a text file. Use the shell to look into it.`);
  const whole = fetched.subarray(0, fetched.lastIndexOf(NEWLINE) + 1);
  const { text, shown } = takeLines(whole.length > 0 ? whole : fetched, 0, window);
  const next = window.offset + shown;
  return succeeded(`${text}[part of a large file; what follows, if anything, begins at offset ${next}]`);
}

export function writeTool(settings: Harness['tools']['builtin']['write']): Tool {
  return {
    definition: {
      name: 'write',
      description:
        settings.description ||
        'Writes a file: creates it, with its parent directories, or replaces its whole content.',
      parameters: {
        type: 'object',
        properties: { path, content: { type: 'string', description: 'The whole content.' } },
        required: ['path', 'content'],
        additionalProperties: false,
      },
    },
    runsCommands: false,
    facts: factsOfPath,
    async run(args, context) {
      const file = absolutePath(args, context.workdir);
      const content = Buffer.from(args.content as string, 'utf8');
      if (content.length > MAX_WRITE)
        return failed(`The content has ${content.length} bytes; expected at most ${MAX_WRITE}.`);
      const written = await context.writeFile(file, content);
      if (!written.ok) return failed(`Nothing was written: ${written.reason}`);
      return succeeded(`Wrote ${content.length} bytes to ${file}.`, { wrote: posix.normalize(file) });
    },
  };
}

export function editTool(settings: Harness['tools']['builtin']['edit']): Tool {
  return {
    definition: {
      name: 'edit',
      description:
        settings.description ||
        'Replaces one piece of text in a file. old_string has to occur in it exactly once, character by character.',
      parameters: {
        type: 'object',
        properties: {
          path,
          old_string: { type: 'string', minLength: 1, description: 'The text that is there now.' },
          new_string: { type: 'string', description: 'The text to put in its place.' },
        },
        required: ['path', 'old_string', 'new_string'],
        additionalProperties: false,
      },
    },
    runsCommands: false,
    facts: factsOfPath,
    async run(args, context) {
      const file = absolutePath(args, context.workdir);
      const read = await context.readFile(file, MAX_EDIT);
      if (!read.ok) return failed(`Nothing was changed: ${read.reason}`);
      if (read.size > read.content.length) {
        return failed(`${file} has ${read.size} bytes, too many to edit (${MAX_EDIT}). Use the shell.`);
      }
      const edited = replaceOnce(read.content, args.old_string as string, args.new_string as string);
      if (!edited.ok) return failed(`Nothing was changed in ${file}: ${edited.problem}`);
      const written = await context.writeFile(file, edited.content);
      if (!written.ok) return failed(`Nothing was written: ${written.reason}`);
      return succeeded(`Replaced one occurrence in ${file}, at line ${edited.line}.`, {
        wrote: posix.normalize(file),
      });
    },
  };
}

type Replacement = { ok: true; content: Buffer; line: number } | { ok: false; problem: string };

export function replaceOnce(content: Buffer, oldText: string, newText: string): Replacement {
  if (oldText === newText) return { ok: false, problem: 'old_string and new_string are the same.' };
  const old = Buffer.from(oldText, 'utf8');
  const at = content.indexOf(old);
  if (at === -1) {
    const hint = content.includes(Buffer.from(oldText.trim() || oldText, 'utf8'))
      ? 'It is there with other white space around it.'
      : 'Read the file and copy the text exactly.';
    return { ok: false, problem: `old_string does not occur in it. ${hint}` };
  }
  if (content.indexOf(old, at + 1) !== -1) {
    return {
      ok: false,
      problem: `old_string occurs ${count(content, old)} times in it. Take in more of the text around the place that is meant.`,
    };
  }
  const edited = Buffer.concat([
    content.subarray(0, at),
    Buffer.from(newText, 'utf8'),
    content.subarray(at + old.length),
  ]);
  return { ok: true, content: edited, line: count(content.subarray(0, at), Buffer.from('\n')) + 1 };
}

function count(content: Buffer, piece: Buffer): number {
  let found = 0;
  for (let at = content.indexOf(piece); at !== -1; at = content.indexOf(piece, at + 1)) found += 1;
  return found;
}

function isBinary(content: Buffer): boolean {
  return content.subarray(0, 8000).includes(0);
}
