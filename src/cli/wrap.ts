/** Lines that fit a terminal: broken at blanks, continued further in, so that a list stays a list. */
import { stripVTControlCharacters } from 'node:util';

const COLUMNS_MIN = 40;

/** Wraps each line of `text` at the stream's width; a stream that is no terminal gets them whole. */
export function wrap(text: string, stream: NodeJS.WriteStream): string {
  if (!stream.isTTY || !stream.columns) return text;
  const columns = Math.max(stream.columns, COLUMNS_MIN);
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, columns))
    .join('\n');
}

/** @param columns width of the terminal. Colours take no room. */
export function wrapLine(line: string, columns: number): string[] {
  if (width(line) <= columns) return [line];
  const margin = ' '.repeat(stripVTControlCharacters(line).search(/\S|$/) + 4);
  const lines: string[] = [];
  let current = '';
  for (const part of line.split(/(?<=\S)(?= )/)) {
    const fits = width(current) + width(part) <= columns;
    if (current === '' || fits) current += part;
    else {
      lines.push(current);
      current = margin + part.trimStart();
    }
  }
  return [...lines, current];
}

/** One line, cut where the terminal ends. For text without colours. */
export function cut(line: string, columns: number): string {
  const flat = line.replace(/[\n\t]/g, ' ');
  return flat.length <= columns ? flat : `${flat.slice(0, columns - 1)}…`;
}

function width(text: string): number {
  return stripVTControlCharacters(text).length;
}
