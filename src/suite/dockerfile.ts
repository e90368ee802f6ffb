/**
 * The text of a Dockerfile as instructions: comments and continuations resolved, flags split off, words unquoted and
 * variables substituted by Docker's rules. What the instructions mean is `build.ts`'s business.
 */

export interface Instruction {
  /** 1-based line on which it starts. */
  line: number;
  /** Upper case. */
  keyword: string;
  /** `--name=value` flags before the arguments; '' for a flag without value. */
  flags: Map<string, string>;
  /** The arguments, continuation lines joined, otherwise as written. */
  rest: string;
}

/** Comment lines vanish, also between continued lines; a trailing backslash joins a line to the next. */
export function parseDockerfile(text: string): Instruction[] {
  const instructions: Instruction[] = [];
  let joined = '';
  let start = 0;
  const finish = () => {
    if (joined.trim() !== '') instructions.push(toInstruction(joined.trim(), start));
    joined = '';
    start = 0;
  };
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    if (start === 0) start = index + 1;
    const continued = /\\[ \t]*$/.test(line);
    joined += continued ? line.replace(/\\[ \t]*$/, '') : line;
    if (!continued) finish();
  }
  finish();
  return instructions;
}

/** Whether the text chooses another escape character than the backslash. */
export function hasOtherEscape(text: string): boolean {
  const directive = /^(?:#\s*\w+\s*=.*\n)*?#\s*escape\s*=\s*(\S)/i.exec(text);
  return directive !== null && directive[1] !== '\\';
}

/** Whether an instruction's arguments hold a here-document (`<<EOF`; not a here-string or a shift). */
export function hasHeredoc(rest: string): boolean {
  return /(?:^|\s)\d*<<-?["']?[A-Za-z0-9_]/.test(rest);
}

/** The JSON form `["a", "b"]`, or null when the arguments are not in it. */
export function jsonForm(rest: string): string[] | null {
  if (!rest.startsWith('[')) return null;
  try {
    const value: unknown = JSON.parse(rest);
    return Array.isArray(value) && value.every((word) => typeof word === 'string') ? value : null;
  } catch {
    return null;
  }
}

/** Splits at blanks that no quote and no backslash protects; quotes stay, for `expand` to resolve. */
export function splitWords(text: string): string[] {
  return text.match(/(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s\\"']|["'\\])+/gs) ?? [];
}

/**
 * Resolves quotes, escapes and `$name`, `${name}`, `${name:-word}`, `${name:+word}` as Docker does.
 * @returns null when it uses a form of substitution that is not known here.
 */
export function expand(word: string, variables: Readonly<Record<string, string>>): string | null {
  let out = '';
  for (let i = 0; i < word.length; ) {
    const rest = word.slice(i);
    const single = /^'([^']*)'/.exec(rest);
    const double = /^"((?:\\.|[^"\\])*)"/s.exec(rest);
    if (single) {
      out += single[1];
      i += single[0].length;
    } else if (double) {
      const inner = substitute(double[1]!, variables, /["$\\]/);
      if (inner === null) return null;
      out += inner;
      i += double[0].length;
    } else {
      const plain = /^(?:\\.|[^"'\\])+|^./s.exec(rest)![0];
      const inner = substitute(plain, variables, /./s);
      if (inner === null) return null;
      out += inner;
      i += plain.length;
    }
  }
  return out;
}

const VARIABLE = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:[-+])([^{}]*))?\})/;

function substitute(
  text: string,
  variables: Readonly<Record<string, string>>,
  escapable: RegExp,
): string | null {
  let out = '';
  for (let i = 0; i < text.length; ) {
    const char = text[i]!;
    const next = text[i + 1];
    if (char === '\\' && next !== undefined) {
      out += escapable.test(next) ? next : char + next;
      i += 2;
    } else if (char === '$' && next !== undefined && /[A-Za-z_{]/.test(next)) {
      const match = VARIABLE.exec(text.slice(i));
      if (!match) return null;
      const value = Object.hasOwn(variables, match[1] ?? match[2]!) ? variables[match[1] ?? match[2]!]! : '';
      if (match[3] === ':-') out += value === '' ? match[4] : value;
      else if (match[3] === ':+') out += value === '' ? '' : match[4];
      else out += value;
      i += match[0].length;
    } else {
      out += char;
      i += 1;
    }
  }
  return out;
}

function toInstruction(text: string, line: number): Instruction {
  const keyword = /^\S+/.exec(text)![0];
  let rest = text.slice(keyword.length).trimStart();
  const flags = new Map<string, string>();
  for (let flag = takeFlag(rest); flag; flag = takeFlag(rest)) {
    flags.set(flag[1]!, flag[2] ?? '');
    rest = rest.slice(flag[0].length).trimStart();
  }
  return { line, keyword: keyword.toUpperCase(), flags, rest };
}

function takeFlag(rest: string): RegExpExecArray | null {
  return /^--([a-z][a-z-]*)(?:=(\S*))?(?=\s|$)/.exec(rest);
}
