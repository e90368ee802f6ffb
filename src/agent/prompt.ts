/** A harness as the model reads it: its own sections, notes, skills and loaded files, and nothing that it does not hold. Pure. */
import type { Harness } from '../harness/schema.js';
import { quoteLines } from './text.js';

export interface LoadedFile {
  path: string;
  content: string;
  omittedBytes: number;
}

/** The tool that shows a skill. */
export const SKILL = 'skill';

/** The system prompt. The last line, the working directory, is the only one that is ours. */
export function systemPrompt(harness: Harness, workdir: string, loaded: readonly LoadedFile[]): string {
  const parts = byOrder(harness.instructions).map(([, section]) => section.text);
  const notes = Object.values(harness.memory.notes);
  if (notes.length > 0) parts.push(['Notes:', ...notes.map((note) => `- ${note}`)].join('\n'));
  const skills = Object.entries(harness.skills);
  if (skills.length > 0) {
    const lines = skills.map(([name, skill]) => `- ${name}: ${skill.description}`);
    parts.push([`Skills (read one with ${SKILL} when it fits):`, ...lines].join('\n'));
  }
  for (const file of loaded) parts.push(quotedFile(file));
  parts.push(`Working directory: ${workdir}`);
  return parts.filter((part) => part.trim() !== '').join('\n\n');
}

/** Entries by their `order`, equal orders by name. */
export function byOrder<T extends { order: number }>(entries: Record<string, T>): [string, T][] {
  return Object.entries(entries).sort(([a, x], [b, y]) => x.order - y.order || (a < b ? -1 : 1));
}

function quotedFile(file: LoadedFile): string {
  const rest = file.omittedBytes > 0 ? `\n[${file.omittedBytes} more bytes]` : '';
  return `Content of ${file.path} at the start, quoted:\n${quoteLines(file.content)}${rest}`;
}
