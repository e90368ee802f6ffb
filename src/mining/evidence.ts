/** The only maker of `Evidence`: what a proposer may see, from held-in trials and nothing else. */
import { clusterWeaknesses } from './cluster.js';
import { assertHeldIn, type HeldInTrial } from './held-in.js';
import { type PassingBehaviour, protectedBehaviour } from './protect.js';
import type { Attribution, EarlierAttempt, Evidence, Weakness } from './types.js';

export interface EvidenceInput {
  round: number;
  /** All trials of the observation. A result whose split is only known at run time does not fit. */
  trials: readonly HeldInTrial[];
  /** Of the failed ones among `trials`. */
  attributions: readonly Attribution[];
  /** Of the passed ones among `trials`. */
  passing: readonly PassingBehaviour[];
  /** Earlier attempts of the evolution, oldest first. */
  earlier: readonly EarlierAttempt[];
}

const WEAKNESSES_MAX = 24;
const EARLIER_MAX = 40;
const REASON_CHARS = 300;

/**
 * Clusters the attributions and puts beside them what passing trials do and what was tried before.
 * @throws {RangeError} when a trial is not of held-in, or an attribution or passing behaviour is of none of the trials
 */
export function buildEvidence(input: EvidenceInput): Evidence {
  for (const trial of input.trials) assertHeldIn(trial);
  const valid = input.trials.filter(
    (trial) => trial.outcome !== 'invalid' && trial.outcome !== 'budget-stopped',
  );
  const passed = new Set(valid.filter((trial) => trial.outcome === 'passed').map((trial) => trial.key));
  const failed = new Set(valid.filter((trial) => !passed.has(trial.key)).map((trial) => trial.key));
  for (const { trial } of input.attributions) assertKnown(failed, trial, 'an attribution', 'failed');
  for (const { trial } of input.passing) assertKnown(passed, trial, 'a passing behaviour', 'passed');

  const evidence: Omit<Evidence, symbol> = {
    round: input.round,
    failed: failed.size,
    valid: valid.length,
    weaknesses: clusterWeaknesses(input.attributions, input.passing)
      .slice(0, WEAKNESSES_MAX)
      .map(withoutVerifier),
    protect: protectedBehaviour(input.passing),
    earlier: input.earlier.slice(-EARLIER_MAX).map(withoutVerdictText),
  };
  return evidence as Evidence;
}

/**
 * The held-in tasks that an edit aimed at `weakness` should help: its own first, then those of the other mendable
 * weaknesses with the same mechanism. [] for a weakness that the evidence does not hold.
 */
export function targetsOf(evidence: Evidence, weakness: string): string[] {
  const own = evidence.weaknesses.find(({ id }) => id === weakness);
  if (!own) return [];
  const siblings = evidence.weaknesses.filter(
    (other) => other !== own && other.mendable && other.signature.mechanism === own.signature.mechanism,
  );
  return [...new Set([own, ...siblings].flatMap(({ tasks }) => tasks))];
}

function assertKnown(keys: Set<string>, trial: string, what: string, outcome: string): void {
  if (!keys.has(trial)) {
    throw new RangeError(
      `evidence: ${what} is of trial ${trial}, which is no ${outcome} heldIn trial of this observation`,
    );
  }
}

/** Step 0 of an excerpt is the verifier: its words are not for a proposer. */
function withoutVerifier(weakness: Weakness): Weakness {
  return { ...weakness, excerpts: weakness.excerpts.filter(({ step }) => step !== 0) };
}

/** The sentence of a gate's verdict has figures of held-out in it; what went wrong with an answer has not. */
function withoutVerdictText(attempt: EarlierAttempt): EarlierAttempt {
  const own = attempt.verdict === 'refused' || attempt.verdict === 'declined';
  return { ...attempt, reason: own ? attempt.reason.slice(0, REASON_CHARS) : '' };
}
