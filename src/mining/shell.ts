/**
 * A reader of shell text, as far as the detectors need one: simple commands with their words, redirections and
 * assignments. It follows quotes, comments, here-documents and the usual wrappers. It never runs or expands anything, and
 * what it cannot follow it reads as plain words: a detector then sees less, never something else.
 */

/** One simple command of a line. */
export interface SimpleCommand {
  /** Program and arguments without quotes; wrappers such as `sudo` or `timeout 5` and keywords are left out. */
  words: string[];
  /** Names assigned in front of the program or, when there is none, for the shell itself. */
  assigned: string[];
  /** Files that its output is redirected into; devices and descriptors are left out. */
  writes: string[];
  /** Ends with `&`. */
  background: boolean;
  /** Ran under `timeout` or a similar bound. */
  bounded: boolean;
}

const CHARS_MAX = 8_000;
const KEYWORDS = new Set(['if', 'then', 'elif', 'else', 'while', 'until', 'do', '!', '{', '}', 'time']);
const STRUCTURE = new Set(['for', 'case', 'select', 'fi', 'done', 'esac', 'in', '[[']);
const WRAPPERS = new Set(['sudo', 'nohup', 'setsid', 'exec', 'command', 'env', 'nice', 'stdbuf', 'timeout']);

/** The simple commands of `text`, in order; at most the first 8,000 characters are read. */
export function simpleCommands(text: string): SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  let tokens: Token[] = [];
  const close = (background: boolean) => {
    const command = simpleCommand(tokens, background);
    if (command) commands.push(command);
    tokens = [];
  };
  for (const token of lex(text.slice(0, CHARS_MAX))) {
    if (token.kind === 'end') close(token.text === '&');
    else tokens.push(token);
  }
  close(false);
  return commands;
}

/** Last part of the program's path, such as `python3`; '' for a bare assignment. */
export function programOf(command: SimpleCommand): string {
  return (command.words[0] ?? '').split('/').pop() ?? '';
}

type Token = { kind: 'word' | 'redirect' | 'end'; text: string; quoted?: boolean };

function* lex(text: string): Generator<Token> {
  const hereEnds: string[] = [];
  let word = '';
  let inWord = false;
  let quoted = false;
  let i = 0;
  const take = function* (): Generator<Token> {
    if (inWord) yield { kind: 'word', text: word, quoted };
    word = '';
    inWord = false;
    quoted = false;
  };
  while (i < text.length) {
    const c = text[i]!;
    if (c === '\\') {
      if (text[i + 1] !== '\n') {
        word += text[i + 1] ?? '';
        inWord = true;
      }
      i += 2;
    } else if (c === "'" || c === '"') {
      const end = closingQuote(text, i);
      word += text.slice(i + 1, end);
      inWord = true;
      quoted = true;
      i = end + 1;
    } else if (c === '#' && !inWord) {
      i = lineEnd(text, i);
    } else if (c === '<' && text.startsWith('<<', i) && text[i + 2] !== '<') {
      yield* take();
      const match = /^<<-?\s*(["']?)([\w.-]+)\1/.exec(text.slice(i, i + 80));
      if (match) hereEnds.push(match[2]!);
      i += match ? match[0].length : 2;
    } else if (c === '>' || c === '<' || (c === '&' && text[i + 1] === '>')) {
      // A number directly before the sign is a descriptor, not an argument.
      if (inWord && /^\d$/.test(word)) {
        word = '';
        inWord = false;
      }
      yield* take();
      const sign = /^&?[<>]+[|&]?/.exec(text.slice(i, i + 4))![0];
      yield { kind: 'redirect', text: sign };
      i += sign.length;
    } else if (c === '\n') {
      yield* take();
      yield { kind: 'end', text: c };
      i = hereEnds.length > 0 ? afterHere(text, i + 1, hereEnds.splice(0)) : i + 1;
    } else if (';|&()'.includes(c)) {
      yield* take();
      yield { kind: 'end', text: c === '&' && text[i + 1] !== '&' ? '&' : ';' };
      i += c !== '(' && c !== ')' && text[i + 1] === c ? 2 : 1;
    } else if (c === ' ' || c === '\t' || c === '\r') {
      yield* take();
      i += 1;
    } else {
      word += c;
      inWord = true;
      i += 1;
    }
  }
  yield* take();
}

function closingQuote(text: string, from: number): number {
  const quote = text[from];
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\' && quote === '"') i += 1;
    else if (text[i] === quote) return i;
  }
  return text.length;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** Where the text goes on after the here-documents that begin at `from`. */
function afterHere(text: string, from: number, ends: string[]): number {
  let i = from;
  for (const end of ends) {
    while (i < text.length) {
      const stop = lineEnd(text, i);
      const line = text.slice(i, stop).trim();
      i = Math.min(stop + 1, text.length);
      if (line === end) break;
    }
  }
  return i;
}

function simpleCommand(tokens: Token[], background: boolean): SimpleCommand | undefined {
  const command: SimpleCommand = { words: [], assigned: [], writes: [], background, bounded: false };
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.kind === 'redirect') {
      const target = tokens[++i]?.text ?? '';
      if (token.text.includes('>') && isFile(token.text, target)) command.writes.push(target);
    } else if (command.words.length === 0 && /^[A-Za-z_]\w*\+?=/.test(token.text)) {
      command.assigned.push(token.text.split(/\+?=/, 1)[0]!);
    } else if (command.words.length === 0 && !token.quoted && KEYWORDS.has(token.text)) {
    } else if (command.words.length === 0 && WRAPPERS.has(token.text)) {
      if (token.text === 'timeout') command.bounded = true;
      i = skipWrapperArguments(tokens, i);
    } else {
      command.words.push(token.text);
    }
  }
  if (STRUCTURE.has(command.words[0] ?? '')) command.words = [];
  const empty = command.words.length + command.assigned.length + command.writes.length === 0;
  return empty ? undefined : command;
}

function isFile(sign: string, target: string): boolean {
  if (target === '' || target.startsWith('/dev/')) return false;
  return !(sign.endsWith('&') && /^[\d-]+$/.test(target));
}

/** Skips options and durations behind a wrapper; returns the index of the last one skipped. */
function skipWrapperArguments(tokens: Token[], wrapper: number): number {
  let i = wrapper;
  const next = () => tokens[i + 1]?.text ?? '';
  while (next().startsWith('-') || (tokens[wrapper]!.text === 'timeout' && /^[\d.]+[smhd]?$/.test(next()))) {
    // `-k 5`, `-s KILL`, `-n 10`, `-u name`: an option that takes the next word.
    const takesValue = /^-[ksnu]$/.test(next());
    i += takesValue ? 2 : 1;
  }
  return Math.min(i, tokens.length - 1);
}
