/** What an answer of the model amounts to. Endpoints are unreliable: every shape has a place here. Pure. */
import type { ChatAnswer } from '../model/types.js';

export type AnswerKind =
  | { kind: 'calls' }
  /** Words and no call: the model considers itself done. */
  | { kind: 'answered' }
  | { kind: 'refused' }
  /** Nothing to act on; `nudge` tells the model so. */
  | { kind: 'broken'; problem: 'empty' | 'only-reasoning' | 'cut-off'; nudge: string };

const NUDGES = {
  empty: 'Your answer was empty. Call one of the tools, or call finish when the task is done.',
  'only-reasoning':
    'Your answer held reasoning only. Call one of the tools, or call finish when the task is done.',
  'cut-off':
    'Your answer was cut off because it was too long. Answer in fewer words, and act through a tool call.',
} as const;

export function classifyAnswer(answer: ChatAnswer): AnswerKind {
  if (answer.finishReason === 'content-filter') return { kind: 'refused' };
  if (answer.toolCalls.length > 0) return { kind: 'calls' };
  if (answer.finishReason === 'length') return broken('cut-off');
  if (answer.text.trim() !== '') return { kind: 'answered' };
  return broken(answer.reasoning.trim() === '' ? 'empty' : 'only-reasoning');
}

function broken(problem: keyof typeof NUDGES): AnswerKind {
  return { kind: 'broken', problem, nudge: NUDGES[problem] };
}
