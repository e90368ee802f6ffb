import { bound, type Call } from './calls.js';
import type { Excerpt } from './types.js';

const COMMAND_CHARS = 200;
const OUTPUT_CHARS = 200;
export const EXCERPTS_MAX = 4;

/**
 * Up to four calls as quotations, in the order of the trace, with what came of each. `clean` takes out what
 * must not be quoted (the task's instruction, the verifier's words): behaviour is shown, not the task.
 */
export function excerptsOf(calls: Call[], clean: (text: string) => string): Excerpt[] {
  const chosen = [...new Set(calls)].slice(0, EXCERPTS_MAX).sort((a, b) => a.index - b.index);
  return chosen.map((call) => ({ step: call.step, text: clean(callText(call)) }));
}

function callText(call: Call): string {
  const asked = call.command !== '' ? `$ ${call.command}` : `${call.tool} ${call.path}`.trim();
  return `${bound(asked, COMMAND_CHARS)}\n=> ${ending(call)}${call.output === '' ? '' : `\n${bound(call.output.trim(), OUTPUT_CHARS)}`}`;
}

function ending(call: Call): string {
  if (!call.answered) return 'no result before the trial ended';
  if (call.malformed !== '') return 'not run: the call was malformed';
  if (call.blocked) return 'blocked by a rule';
  if (call.timedOut) return `cut off after ${Math.round(call.seconds)} s`;
  if (call.exitCode !== null) return `exit status ${call.exitCode}`;
  return call.failed ? 'failed' : 'ok';
}
