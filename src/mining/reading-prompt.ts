/** What the model is asked when it reads a failed trial. */
import { DATA_NOTICE, dataBlock } from './text.js';
import { CAUSAL_STATUSES, MECHANISMS, TERMINAL_CAUSES } from './types.js';

const MECHANISM_MEANING: Record<(typeof MECHANISMS)[number], string> = {
  'endless-exploration': 'keeps listing and reading and does not get to producing',
  'repeated-failing-command': 'repeats what failed without a change',
  'artifact-deleted': 'removes what was to be delivered',
  'artifact-never-written': 'never writes what was to be delivered',
  'environment-lost-between-calls':
    'relies on a directory, variable, PATH or function set in an earlier call that is gone',
  'finished-with-failing-check': 'saw a check or its last command fail and ended all the same',
  'finished-without-checking': 'ended without looking at the result',
  'missing-dependency-not-checked': 'relied on a program or library that is not there without looking first',
  'unbounded-computation': 'ran computation without a bound until time was up',
  'unbounded-download': 'ran downloads or installations without a bound until time was up',
  'malformed-tool-call': 'calls that could not be read, or markup of calls in what was written',
  'ignored-tool-error': 'a call failed and nothing came back to it',
  'service-not-left-running': 'something that had to be running at the end is not',
  'misread-instruction': 'did something other than what the task asks',
  'lost-context': 'forgot what it had found out',
  'stopped-early': 'gave up or ended before it had really tried',
  'wrong-approach': 'understood the task, worked in order, and the method cannot give the result',
  'task-too-hard': 'no change of prompts, tools, rules or limits would help this model here',
  'none-found': 'none of these can be shown from the trace',
};

export interface ReadingMaterial {
  /** Condensed trace, step by step. */
  trace: string;
  /** What the verifier printed, bounded. */
  verifier: string;
  stopReason: string;
  /** Sentences of the detectors, as hints. */
  seen: string[];
}

export const READING_SYSTEM = `You explain why one run of a tool-using agent failed. You judge the agent's behaviour only; you do not solve the task.
${DATA_NOTICE}
Answer with one JSON object and nothing else:
- terminal_cause: what ended the run badly. One of: ${TERMINAL_CAUSES.join(', ')}.
- causal_status: how the behaviour relates to the failure. One of: ${CAUSAL_STATUSES.join(', ')}.
- mechanism: the one behaviour that led there. One of:
${MECHANISMS.map((name) => `  ${name}: ${MECHANISM_MEANING[name]}`).join('\n')}
- evidence_steps: numbers of at most four steps of the trace that show it.
- explanation: at most two sentences on the behaviour, without quoting the task or the verifier.
- harness_could_help: whether other prompts, tools, rules or limits could plausibly change the behaviour.
- why_not: the reason when they could not, else "".`;

export function readingPrompt(material: ReadingMaterial): string {
  const seen = material.seen.length > 0 ? material.seen.map((line) => `- ${line}`).join('\n') : '- nothing';
  return `The run ended with: ${material.stopReason}.

${dataBlock('trace', material.trace)}

${dataBlock('verifier', material.verifier)}

Automatic checks of the trace saw:
${seen}

Name the mechanism that the trace itself shows. Prefer the earliest behaviour without which the run would not have failed.`;
}
