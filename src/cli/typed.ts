/** Commands as the person in front can type them. */
import { basename } from 'node:path';
import { DEFAULT_STATE } from './state.js';

/** A clone has the program in node_modules only, where `npx` finds it. */
const PROGRAM =
  basename(process.argv[1] ?? '') === 'self-harness' && !process.env.npm_command
    ? 'self-harness'
    : 'npx self-harness';

/** `npx self-harness watch demo --state DIR`; the folder is left out where it is the default. */
export function typed(command: string, state: string = DEFAULT_STATE): string {
  return `${PROGRAM} ${command}${state === DEFAULT_STATE ? '' : ` --state ${shellWord(state)}`}`;
}

/** Quoted where a shell needs it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}
