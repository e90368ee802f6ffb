import { wrap } from './wrap.js';

/** One JSON document on stdout, for programs. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Text on stdout, for people: wrapped where it goes to a terminal. */
export function printText(text: string): void {
  process.stdout.write(`${wrap(text, process.stdout)}\n`);
}

/** What a command is doing, on stderr. */
export function say(text: string): void {
  process.stderr.write(`${wrap(text, process.stderr)}\n`);
}
