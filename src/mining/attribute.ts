/** One failed trial explained: what the detectors saw in its trace, and what the model read in it. */
import { ModelError } from '../model/types.js';
import { condense } from '../trace/condense.js';
import type { Trajectory } from '../trace/types.js';
import { bound, type TrialView, viewTrial } from './calls.js';
import { terminalCause } from './cause.js';
import { type Finding, STRONG } from './detectors/finding.js';
import { detect } from './detectors/index.js';
import { excerptsOf } from './excerpt.js';
import { assertHeldIn, type HeldInTrial } from './held-in.js';
import { notMendableReason } from './mendable.js';
import { type Reading, type ReadingCall, readTrial } from './reading.js';
import { quoteRemover, sentence } from './text.js';
import type { Attribution, Mechanism, Signature } from './types.js';

export interface FailedTrial {
  result: HeldInTrial;
  trajectory: Trajectory;
  /** What the verifier printed; '' when there is nothing. */
  verifierOutput: string;
}

export interface ReadingPorts extends ReadingCall {
  /**
   * true: a call that failed and could be tried again is thrown, so that the caller can try again; false (the default):
   * the detectors decide alone.
   */
  throwRetryable?: boolean;
}

const TRACE_CHARS = 40_000;
const VERIFIER_CHARS = 6_000;
const DETAIL_CHARS = 600;

/**
 * Explains a failed held-in trial. Without `reading`, or when the model gives nothing usable, the detectors decide alone.
 * @throws {ModelError} of the kinds that concern the whole evolution: cancelled, quota,
 *   authentication, not-found
 * @throws {RangeError} when the trial is not of held-in
 */
export async function attribute(trial: FailedTrial, reading?: ReadingPorts): Promise<Attribution> {
  assertHeldIn(trial.result);
  const view = viewTrial(trial.result, trial.trajectory, trial.verifierOutput);
  const findings = detect(view);
  const read = reading ? await readOrNot(trial, view, findings, reading) : null;
  return combine(trial, view, findings, read);
}

async function readOrNot(
  trial: FailedTrial,
  view: TrialView,
  findings: Finding[],
  ports: ReadingPorts,
): Promise<Reading | null> {
  const material = {
    trace: condense(trial.trajectory, { maxChars: TRACE_CHARS }),
    verifier: bound(trial.verifierOutput, VERIFIER_CHARS),
    stopReason: view.stop ?? 'unknown',
    seen: findings.slice(0, 5).map((found) => `${found.mechanism}: ${found.detail}`),
  };
  try {
    return await readTrial(material, ports);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const everyone = ['cancelled', 'quota', 'authentication', 'not-found'].includes(error.kind);
    if (everyone || (error.retryable && ports.throwRetryable === true)) throw error;
    return null;
  }
}

function combine(
  trial: FailedTrial,
  view: TrialView,
  findings: Finding[],
  read: Reading | null,
): Attribution {
  const named = read === null || read.mechanism === 'none-found' ? null : read.mechanism;
  const found = decisive(findings, named);
  const sure = found !== undefined && found.strength >= STRONG;
  const source =
    found === undefined ? (read ? 'model' : 'detector') : found.mechanism === named ? 'both' : 'detector';
  const signature: Signature = {
    cause: causeOf(view, read),
    status: !sure && named !== null ? read!.status : (found?.status ?? 'unknown'),
    mechanism: found?.mechanism ?? named ?? 'none-found',
  };
  const clean = quoteRemover([...instructionOf(trial.trajectory), trial.verifierOutput]);
  const agrees = read !== null && read.mechanism === signature.mechanism;
  const reason =
    notMendableReason(signature) ||
    (source === 'model' && agrees && !read.mendable ? modelReason(read, clean) : '');
  return {
    task: trial.result.task,
    trial: trial.result.key,
    signature,
    detail: detailOf(found, findings, agrees ? clean(read.explanation) : ''),
    excerpts: excerptsOf(callsToShow(view, found, agrees ? read : null), clean),
    source,
    mendable: reason === '',
    notMendableReason: reason,
  };
}

/**
 * The finding that decides the mechanism. Strong evidence outweighs the model's word, which only chooses among strong
 * findings; where there is none the model decides (undefined: no detector saw what it names), and without its word the
 * best weak finding.
 */
function decisive(findings: Finding[], named: Mechanism | null): Finding | undefined {
  const strong = findings.filter((found) => found.strength >= STRONG);
  const choice = strong.length > 0 ? strong : findings;
  const agreed = choice.find((found) => found.mechanism === named);
  if (agreed || (strong.length === 0 && named !== null)) return agreed;
  return choice[0];
}

/** Facts first: the model only fills in where nothing says how it ended. */
function causeOf(view: TrialView, read: Reading | null): Signature['cause'] {
  const fact = terminalCause(view);
  return fact === 'unknown' && read !== null ? read.cause : fact;
}

function modelReason(read: Reading, clean: (text: string) => string): string {
  return clean(read.whyNot) || 'The model that read the trace sees nothing that a harness could change.';
}

function detailOf(found: Finding | undefined, findings: Finding[], explanation: string): string {
  const others = findings
    .filter((other) => other !== found && other.strength >= 0.5)
    .map((other) => other.mechanism);
  const parts = [
    found?.detail ?? '',
    explanation,
    others.length > 0 ? `Also seen: ${others.join(', ')}.` : '',
  ];
  return sentence(parts.filter((part) => part !== '').join(' '), DETAIL_CHARS);
}

function callsToShow(view: TrialView, found: Finding | undefined, read: Reading | null) {
  const pointed = read ? view.calls.filter((call) => read.steps.includes(call.step)) : [];
  const shown = [...(found?.calls ?? []), ...pointed];
  return shown.length > 0 ? shown : view.calls.filter((call) => call.kind !== 'finish').slice(-2);
}

/** What the agent was told: the user's messages before its first step. */
function instructionOf(trajectory: Trajectory): string[] {
  return trajectory.steps.filter((step) => step.source === 'user').map((step) => step.message);
}
