/**
 * The border in the types: what holds something of heldOut or sealed does not compile where evidence and prompts are made.
 * Every line below a `@ts-expect-error` would be an error of `npm run check` if it did fit.
 */
import { attribute } from '../../src/mining/attribute.js';
import { viewTrial } from '../../src/mining/calls.js';
import { buildEvidence } from '../../src/mining/evidence.js';
import { passingBehaviour } from '../../src/mining/protect.js';
import type { EarlierAttempt, Evidence } from '../../src/mining/types.js';
import { assignSlots } from '../../src/proposal/assign.js';
import { propose } from '../../src/proposal/propose.js';
import type { Assignment } from '../../src/proposal/types.js';
import type { TrialResult } from '../../src/trial/types.js';
import { heldInDifference } from '../../src/validation/compare.js';
import type { TaskPairs } from '../../src/validation/scores.js';
import type { CandidateVerdict, Comparison, GateEvent, TrialScore } from '../../src/validation/types.js';
import { result, trajectory } from './trials.js';

const empty = { round: 1, trials: [], attributions: [], passing: [], earlier: [] };
const splits = ['heldOut', 'sealed', 'reserve'] as const;
const of = <S extends TrialResult['split']>(split: S) => ({ ...result(), split });

test('no result of another split becomes evidence, is read, or shows behaviour to protect', async () => {
  // @ts-expect-error a result of heldOut
  expect(() => buildEvidence({ ...empty, trials: [of('heldOut')] })).toThrow(/heldIn trials only/);
  // @ts-expect-error a result of sealed
  expect(() => buildEvidence({ ...empty, trials: [of('sealed')] })).toThrow(/heldIn trials only/);
  // @ts-expect-error a score has no trace, and is of no split that is known
  expect(() => buildEvidence({ ...empty, trials: [score('heldOut')] })).toThrow(/heldIn trials only/);
  for (const split of splits) {
    const broken = { result: of(split), trajectory: trajectory([]), verifierOutput: '' };
    // @ts-expect-error a trial that failed on another split
    await expect(attribute(broken)).rejects.toThrow(/heldIn trials only/);
    // @ts-expect-error nor one that passed
    expect(() => passingBehaviour(of(split), trajectory([]))).toThrow(/heldIn trials only/);
    // @ts-expect-error the view that detectors read
    const view = () => viewTrial(of(split), trajectory([]), '');
    expect(view).toBeDefined();
  }
});

test('no figure of another split is shown as an earlier attempt, or told by a verdict on a candidate', () => {
  const attempt = (comparison: Comparison, pairs: TaskPairs<'heldOut'>[], sealed: TaskPairs<'sealed'>[]) => {
    const common = {
      round: 1,
      surface: null,
      weakness: '',
      summary: '',
      verdict: 'rejected',
      reason: '',
    } as const;
    const verdict = { arm: 'a', decision: 'rejected', stage: 'paper', reason: '' } as const;
    // @ts-expect-error the difference on heldOut
    const told: EarlierAttempt = { ...common, heldInDelta: comparison.heldOut.difference?.value ?? null };
    // @ts-expect-error also as the gate's own verdict on a candidate
    const said: CandidateVerdict = { ...verdict, heldInDelta: comparison.heldOut.difference?.value ?? null };
    // @ts-expect-error a comparison in place of its figure
    const whole: EarlierAttempt = { ...common, heldInDelta: comparison.heldOut };
    // @ts-expect-error what makes the figure takes pairs of heldIn
    const made = heldInDifference(pairs);
    // @ts-expect-error and none of sealed
    const sealedToo = heldInDifference(sealed);
    return [told, said, whole, made, sealedToo];
  };
  expect(attempt).toBeDefined();
});

test('no score of the sealed split reaches a gate', () => {
  const event = (sealed: TrialScore<'sealed'>): GateEvent => ({
    kind: 'scores',
    // @ts-expect-error a gate decides on heldIn and heldOut
    scores: [sealed],
  });
  expect(event).toBeDefined();
});

test('a proposer takes evidence that was built, and nothing that looks like it', () => {
  const alike = { round: 1, failed: 1, valid: 1, weaknesses: [], protect: [], earlier: [] };
  const asked = (
    assignment: Assignment,
    ...rest: [Parameters<typeof propose>[2], Parameters<typeof propose>[3]]
  ) => [
    // @ts-expect-error made by hand
    propose(assignment, alike, ...rest),
    // @ts-expect-error a result
    propose(assignment, of('heldOut'), ...rest),
    // @ts-expect-error what assigns slots reads the same evidence
    assignSlots(alike, 4, 1),
  ];
  expect(asked).toBeDefined();
  const built: Evidence = buildEvidence(empty);
  expect(built).toMatchObject({ failed: 0, valid: 0 });
});

function score<S extends 'heldOut' | 'sealed'>(split: S): TrialScore<S> {
  return { arm: 'incumbent', task: 't', split, stage: 'seal', attempt: 1, passed: true };
}
