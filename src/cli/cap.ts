import { typed } from './typed.js';

/** How an evolution that stands at its cap goes on. */
export function capHint(name: string, state: string): string {
  return `${name} stands at its budget. More of it goes on from there, and what is paid for is not paid again: ${typed(`budget ${name} --usd N`, state)} (or --tokens, --trials, --hours; counted from the start), then ${typed(`watch ${name}`, state)}. End it with: ${typed(`stop ${name}`, state)}`;
}
