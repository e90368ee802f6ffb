/** Text from outside as parts of Markdown. */
import { visible } from '../harness/diff.js';

/** One line that reads as it is: no markup, no HTML, no line breaks. */
export function inline(text: string): string {
  return visible(text)
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .replace(/[\\`*_[\]<>|~]/g, '\\$&')
    .replace(/^(\d*)([-#+=.)])/, '$1\\$2');
}

/** A digest or JSON of ours. */
export function code(text: string): string {
  return `\`${text.replace(/[`|]/g, ' ')}\``;
}

/** A block whose fence is longer than any in the text. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  // What a control character would do on a terminal is not for a report.
  const shown = text.replace(/[^\P{Cc}\n\t]/gu, ' ');
  return `${fence}${language}\n${shown}\n${fence}`;
}

/** Cells are Markdown already: pass text from outside through `inline`. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
