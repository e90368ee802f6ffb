/** What ended the trial badly, from facts: how it stopped, what is missing, what the verifier printed. */
import type { TrialView } from './calls.js';
import { serviceUnreachable } from './detectors/service.js';
import type { TerminalCause } from './types.js';

const BY_WORDS: [TerminalCause, RegExp][] = [
  [
    'missing-artifact',
    /no such file|does(?:n't| not) exist|FileNotFoundError|file not found|(?:file|output|artifact|directory) (?:is |was )?(?:missing|not found|absent)|missing (?:file|output|artifact)/i,
  ],
  [
    'state-not-changed',
    /\b(?:unchanged|not (?:been )?(?:changed|updated|applied|modified|replaced)|still (?:contains|has|there|exists))\b/i,
  ],
  [
    'side-effect',
    /\b(?:unexpected (?:file|change|modification)|should not (?:exist|have|be (?:changed|modified))|must not (?:be )?(?:changed|modified|touched)|was (?:modified|altered|touched))\b/i,
  ],
  [
    'partial-output',
    /\b(?:incomplete|partial(?:ly)?|truncated|only \d+ of \d+|too few|missing (?:lines?|rows?|entries|records?))\b/i,
  ],
  [
    'wrong-output',
    /\b(?:differs?|mismatch|expected|wrong|incorrect|not equal|assert(?:ion)?(?:Error)?|does not match|diff)\b/i,
  ],
];

/** 'unknown' when no fact says it. */
export function terminalCause(view: TrialView): TerminalCause {
  if (view.stop === 'time-limit') return 'time-limit';
  if (view.stop === 'context-overflow') return 'context-overflow';
  if (view.ranOut) return 'turn-limit';
  if (view.stop === 'model-broken' || view.stop === 'model-refused') return 'no-answer';
  if (view.missing.length > 0) return 'missing-artifact';
  if (serviceUnreachable(view.verifier)) return 'service-not-running';
  return BY_WORDS.find(([, words]) => words.test(view.verifier))?.[0] ?? 'unknown';
}
