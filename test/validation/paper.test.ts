import { gateStep } from '../../src/validation/gate.js';
import type { GateEvent, GatePlan, TrialRequest } from '../../src/validation/types.js';
import { answer, names, planOf } from './support.js';

const plan = planOf({ gate: 'paper', heldIn: names('in', 4), heldOut: names('out', 4) });

/** Passes on the tasks named for the arm, fails on the others. */
function passes(sets: Record<string, string[]>) {
  return ({ arm, task }: TrialRequest) => sets[arm]!.includes(task);
}

function verdictAfter(of: GatePlan, events: GateEvent[]) {
  const step = gateStep(of, events);
  if (step.kind !== 'verdict') throw new Error(`expected a verdict, found ${step.kind}`);
  return step.verdict;
}

function firstScores(rule: (request: TrialRequest) => boolean | null, of = plan): GateEvent {
  const step = gateStep(of, []);
  if (step.kind !== 'trials') throw new Error('expected trials');
  return answer(step.requests, rule);
}

test('asks for every arm on both splits, as often as it is told', () => {
  const step = gateStep(plan, []);
  expect(step.kind === 'trials' && step.requests.length).toBe(3 * 8 * 2);
});

test.each([
  ['one split rises, the other holds', ['in0', 'in1', 'out0'], 'promoted'],
  ['both hold', ['in0', 'out0'], 'rejected'],
  ['other tasks pass, as many as before', ['in1', 'out1'], 'rejected'],
  ['one rises, the other falls', ['in0', 'in1', 'in2'], 'rejected'],
  ['both fall', [], 'rejected'],
])('%s: %j is %s', (_, passed, decision) => {
  const single = { ...plan, candidates: [plan.candidates[0]!] };
  const scores = firstScores(passes({ incumbent: ['in0', 'out0'], a: passed }), single);
  const verdict = verdictAfter(single, [scores]);
  expect(verdict.decision).toBe(decision);
  expect(verdict.candidates[0]).toMatchObject({ arm: 'a', decision, stage: 'paper' });
});

test('a single pass less on one split is a fall, however much the other rises', () => {
  const single = { ...plan, candidates: [plan.candidates[0]!] };
  const scores = firstScores(
    ({ arm, task, attempt }) => (arm === 'a' ? task.startsWith('in') : task === 'out0' && attempt === 1),
    single,
  );
  expect(verdictAfter(single, [scores]).reason).toBe(
    'None of 1 candidate was accepted; the strongest, a: passes heldIn 0 -> 8 of 8, heldOut 1 -> 0 of 8.',
  );
});

test('the only accepted candidate is promoted without another trial', () => {
  const scores = firstScores(passes({ incumbent: ['in0'], a: ['in0', 'in1'], b: [] }));
  const verdict = verdictAfter(plan, [scores]);
  expect(verdict).toMatchObject({ decision: 'promoted', arm: 'a', members: ['a'] });
  expect(verdict.reason).toBe(
    'a: passes heldIn 2 -> 4 of 8, heldOut 0 -> 0 of 8; no split falls and one rises.',
  );
  expect(verdict.comparison?.heldIn.difference?.value).toBe(0.25);
});

describe('two accepted candidates', () => {
  const scores = firstScores(passes({ incumbent: [], a: ['in0'], b: ['in1', 'in2'] }));
  const merged: GateEvent = { kind: 'merged', arm: 'merge', members: ['b', 'a'], dropped: [] };

  test('are merged, the stronger first', () => {
    expect(gateStep(plan, [scores])).toEqual({ kind: 'merge', arms: ['b', 'a'] });
  });

  test.each([
    [['in0', 'in1'], 'promoted'],
    [[], 'rejected'],
  ])('their merge is measured afresh, against the counts of the incumbent: %j is %s', (passed, decision) => {
    const step = gateStep(plan, [scores, merged]);
    if (step.kind !== 'trials') throw new Error('expected trials');
    expect(step.stage).toBe('paper-merge');
    expect(new Set(step.requests.map(({ arm }) => arm))).toEqual(new Set(['merge']));
    const verdict = verdictAfter(plan, [scores, merged, answer(step.requests, passes({ merge: passed }))]);
    expect(verdict.decision).toBe(decision);
    expect(verdict.candidates.map((one) => [one.decision, one.stage])).toEqual([
      [decision, 'paper-merge'],
      [decision, 'paper-merge'],
    ]);
  });

  test('where merging comes down to one, that one is promoted and the other says why not', () => {
    const dropped = [{ arm: 'a', reason: 'both set /runtime/turns' }];
    const verdict = verdictAfter(plan, [scores, { kind: 'merged', arm: 'b', members: ['b'], dropped }]);
    expect(verdict).toMatchObject({ decision: 'promoted', arm: 'b', members: ['b'] });
    expect(verdict.candidates[0]).toMatchObject({ arm: 'a', decision: 'undecided', stage: 'merge' });
    expect(verdict.candidates[0]?.reason).toContain('both set /runtime/turns');
  });
});

test('an attempt that is invalid in one arm counts in neither', () => {
  const single = { ...plan, candidates: [plan.candidates[0]!] };
  const rule = (incumbentPassed: boolean) => (request: TrialRequest) => {
    const { arm, task, attempt } = request;
    if (task === 'in3' && attempt === 1) return arm === 'a' ? null : incumbentPassed;
    return arm === 'a' && task === 'in0';
  };
  const [lost, won] = [true, false].map((passed) =>
    verdictAfter(single, [firstScores(rule(passed), single)]),
  );
  expect(lost).toEqual(won);
  expect(lost!.reason).toContain('heldIn 0 -> 2 of 7');
});

test('a candidate with too few valid trials is not judged, and the numbers are said', () => {
  const verdict = verdictAfter(plan, [
    firstScores(({ arm, attempt }) => (arm === 'a' && attempt === 2 ? null : false)),
  ]);
  expect(verdict.decision).toBe('undecided');
  expect(verdict.reason).toContain(
    'a could not be judged: only 8 of 16 trials of the candidate are valid, and deciding needs 80 %, so 5 more.',
  );
  expect(verdict.candidates.map(({ decision }) => decision)).toEqual(['undecided', 'rejected']);
});
