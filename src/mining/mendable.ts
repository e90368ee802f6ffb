/** What an edit of the harness can do about a mechanism, by kind. */
import type { CausalStatus, Mechanism, Signature } from './types.js';

/** 0-1: how likely a change of prompts, tools, rules or limits alters the behaviour. Starting values by judgement. */
const ACTIONABILITY: Record<Mechanism, number> = {
  'endless-exploration': 0.9,
  'repeated-failing-command': 0.9,
  'artifact-deleted': 0.9,
  'artifact-never-written': 0.8,
  'environment-lost-between-calls': 1,
  'finished-with-failing-check': 0.9,
  'finished-without-checking': 0.6,
  'missing-dependency-not-checked': 0.7,
  'unbounded-computation': 0.8,
  'unbounded-download': 0.8,
  'malformed-tool-call': 0.7,
  'ignored-tool-error': 0.7,
  'service-not-left-running': 0.7,
  'misread-instruction': 0.4,
  'lost-context': 0.7,
  'stopped-early': 0.7,
  'wrong-approach': 0.3,
  'task-too-hard': 0,
  'none-found': 0,
};

const STATUS_WEIGHT: Record<CausalStatus, number> = {
  'root-cause': 1,
  contributor: 0.8,
  unknown: 0.6,
  'non-terminal-friction': 0.3,
  'recovered-friction': 0.2,
};

/** A limit is a thing of the harness even when no behaviour explains why it was reached. */
const RAN_OUT = new Set(['time-limit', 'turn-limit', 'context-overflow']);

/** 0-1 for a signature; 0: no edit could be aimed at it. */
export function actionabilityOf(signature: Signature): number {
  const base =
    signature.mechanism === 'none-found' && RAN_OUT.has(signature.cause)
      ? 0.4
      : ACTIONABILITY[signature.mechanism];
  return base * STATUS_WEIGHT[signature.status];
}

/** Why no change of the harness could mend it; '' when one could. */
export function notMendableReason(signature: Signature): string {
  if (signature.mechanism === 'task-too-hard') return 'The task asks more than the model can do.';
  if (signature.mechanism === 'none-found' && !RAN_OUT.has(signature.cause))
    return 'No behaviour was found that explains the failure.';
  if (signature.status === 'recovered-friction' || signature.status === 'non-terminal-friction')
    return 'The agent got over it: the failure has another cause, which was not found.';
  return '';
}
