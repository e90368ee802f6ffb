import { gateStep } from '../../src/validation/gate.js';
import type { GateEvent, GatePlan, GateStep, TrialRequest } from '../../src/validation/types.js';
import { answer, confirmSettings, names, planOf, SETTINGS } from './support.js';

type Rule = (request: TrialRequest) => boolean | null;
const plan = planOf();
const TARGETS = plan.candidates.flatMap(({ targets }) => targets);

/** Answers every step by the rule until the gate does something else than `until`; returns step and events. */
function drive(of: GatePlan, rule: Rule, merged?: GateEvent, stop?: (step: GateStep) => boolean) {
  const events: GateEvent[] = [];
  const asked: TrialRequest[][] = [];
  for (let steps = 0; steps < 30; steps++) {
    const step = gateStep(of, events);
    if (step.kind === 'verdict' || stop?.(step)) return { step, events, asked };
    if (step.kind === 'merge') {
      events.push(merged ?? { kind: 'merged', arm: 'merge', members: step.arms, dropped: [] });
    } else {
      asked.push(step.requests);
      events.push(answer(step.requests, rule));
    }
  }
  throw new Error('no end in 30 steps');
}

function verdictOf(of: GatePlan, rule: Rule, merged?: GateEvent) {
  const { step, asked } = drive(of, rule, merged);
  if (step.kind !== 'verdict') throw new Error('expected a verdict');
  const stages = asked.map((requests) => requests[0]!.stage);
  return {
    verdict: step.verdict,
    asked,
    /** Without the repetitions of a stage that asks more than once. */
    stages: stages.filter((stage, i) => stage !== stages[i - 1]),
    /** What each look of a confirmation asks for. */
    looks: asked.filter((requests) => requests[0]!.stage.startsWith('confirm')),
  };
}

const onTargets: Rule = ({ arm, task }) => arm !== 'incumbent' && TARGETS.includes(task);
const single = planOf({ candidates: [{ arm: 'a', targets: plan.heldIn.slice(0, 6) }] });

describe('screen', () => {
  test('runs each candidate on its targets and one incumbent on all of them', () => {
    const of = planOf({
      candidates: [
        { arm: 'a', targets: ['in0', 'in1'] },
        { arm: 'b', targets: ['in1', 'in2'] },
      ],
    });
    const step = gateStep(of, []);
    if (step.kind !== 'trials') throw new Error('expected trials');
    const tasksOf = (arm: string) =>
      step.requests.filter((r) => r.arm === arm).map((r) => `${r.task}:${r.attempt}`);
    expect(step.stage).toBe('screen');
    expect(tasksOf('a')).toEqual(['in0:1', 'in1:1']);
    expect(tasksOf('b')).toEqual(['in1:1', 'in2:1']);
    expect(tasksOf('incumbent')).toEqual(['in0:1', 'in1:1', 'in2:1']);
  });

  test('a candidate that its first attempts speak against gets no more, nor the incumbent on its tasks', () => {
    const of = planOf({
      candidates: [
        { arm: 'a', targets: ['in0', 'in1'] },
        { arm: 'b', targets: ['in1', 'in2'] },
      ],
    });
    const loses: Rule = ({ arm, task }) => (task === 'in0' ? arm !== 'a' : arm === 'b');
    const { asked, verdict } = verdictOf(of, loses);
    const second = asked[1]!.map(({ arm, task, attempt }) => `${arm} ${task}:${attempt}`);
    expect(second).toEqual(['incumbent in1:2', 'b in1:2', 'incumbent in2:2', 'b in2:2']);
    expect(verdict.candidates.find(({ arm }) => arm === 'a')).toMatchObject({
      decision: 'rejected',
      stage: 'screen',
      reason:
        'The screen measured -50.0 points on its 2 targets (2 pairs of trials); going on takes 0.0 points.',
    });
  });

  test('never runs a target that is not heldIn', () => {
    const of = planOf({ candidates: [{ arm: 'a', targets: ['out0', 'unknown', 'in3'] }] });
    const step = gateStep(of, []);
    expect(step.kind === 'trials' && [...new Set(step.requests.map(({ task }) => task))]).toEqual(['in3']);
  });

  test('of too many targets it draws the same for candidates with the same targets', () => {
    const of = planOf({
      settings: { ...SETTINGS, screen: { ...SETTINGS.screen, maxTargets: 3 } },
      candidates: [
        { arm: 'a', targets: plan.heldIn },
        { arm: 'b', targets: plan.heldIn },
      ],
    });
    const step = gateStep(of, []);
    expect(step.kind === 'trials' && new Set(step.requests.map(({ task }) => task)).size).toBe(3);
    const other = gateStep({ ...of, seed: 2 }, []);
    expect(other).not.toEqual(step);
  });

  test('a difference of exactly the bound stays, a smaller one goes', () => {
    const settings = { ...SETTINGS, screen: { ...SETTINGS.screen, minDifferences: [0, 0, 1 / 6] } };
    const of = planOf({ settings, candidates: [{ arm: 'a', targets: ['in0', 'in1'] }] });
    const gains = (attempts: number) =>
      drive(
        of,
        ({ arm, task, attempt }) => arm === 'a' && task === 'in0' && attempt <= attempts,
        undefined,
        (step) => step.kind === 'trials' && step.stage !== 'screen',
      ).step.kind;
    expect(gains(1)).toBe('trials');
    expect(gains(0)).toBe('verdict');
  });

  test('when none stays, the verdict names the strongest and its measure', () => {
    const { verdict } = verdictOf(
      plan,
      ({ arm, task, attempt }) => arm === 'b' && task === 'in4' && attempt === 1,
    );
    expect(verdict).toMatchObject({ decision: 'rejected', arm: null, comparison: null });
    expect(verdict.reason).toBe(
      'None of 2 candidates passed the screen. The strongest, b, measured +8.3 points on its targets.',
    );
    expect(verdict.candidates.map(({ heldInDelta }) => heldInDelta)).toEqual([0, 1 / 12]);
  });

  test('a candidate without targets could show no gain and is rejected', () => {
    const { verdict, asked } = verdictOf(planOf({ candidates: [{ arm: 'a', targets: [] }] }), () => true);
    expect(asked).toEqual([]);
    expect(verdict.candidates[0]?.reason).toMatch(/targets no heldIn task/);
  });

  test('one that could not be judged is undecided, and so is the round', () => {
    const { verdict } = verdictOf(plan, ({ arm }) => (arm === 'a' ? null : false));
    expect(verdict.decision).toBe('undecided');
    expect(verdict.candidates.map(({ decision }) => decision)).toEqual(['undecided', 'rejected']);
    expect(verdict.reason).toContain('only 0 of 4 trials of the candidate are valid');
  });
});

describe('confirm', () => {
  test('the survivors are merged, the one that gained most first', () => {
    const { step } = drive(
      plan,
      ({ arm, task }) => (arm === 'a' && task === 'in0') || (arm === 'b' && TARGETS.includes(task)),
      undefined,
      (one) => one.kind === 'merge',
    );
    expect(step).toEqual({ kind: 'merge', arms: ['b', 'a'] });
  });

  test('a clear gain is promoted, with the numbers and an interval', () => {
    const { verdict, stages } = verdictOf(plan, onTargets);
    expect(verdict).toMatchObject({ decision: 'promoted', arm: 'merge', members: ['a', 'b'] });
    expect(stages).toEqual(['screen', 'confirm']);
    expect(verdict.reason).toMatch(
      /^The merge of a, b: \+44\.4 points over 18 tasks \(heldIn \+66\.7 points, heldOut 0\.0 points; p = 0\.00\d at look 1 of 5, level 0\.012\)\.$/,
    );
    expect(verdict.comparison).toMatchObject({ arm: 'merge', looks: 1, heldOut: { tasks: 6, trials: 12 } });
    expect(verdict.comparison!.heldIn.difference!.low).toBeGreaterThan(0.2);
    expect(verdict.candidates.every(({ decision }) => decision === 'promoted')).toBe(true);
  });

  test('a lone survivor needs no merge and has the whole level', () => {
    const { verdict, stages } = verdictOf(
      single,
      ({ arm, task }) => arm === 'a' && single.candidates[0]!.targets.includes(task),
    );
    expect(stages).toEqual(['screen', 'confirm']);
    expect(verdict).toMatchObject({ decision: 'promoted', arm: 'a', members: ['a'] });
    expect(verdict.reason).toContain('level 0.020');
  });

  test('so has one that is left of a merge', () => {
    const dropped = [{ arm: 'b', reason: 'it conflicts with a' }];
    const { verdict } = verdictOf(plan, onTargets, { kind: 'merged', arm: 'a', members: ['a'], dropped });
    expect(verdict).toMatchObject({ decision: 'promoted', arm: 'a' });
    expect(verdict.reason).toContain('level 0.020');
    expect(verdict.candidates[1]).toMatchObject({ arm: 'b', decision: 'undecided', stage: 'merge' });
    expect(verdict.candidates[1]?.reason).toContain('it conflicts with a');
  });

  test('where the merge fails, its best member has a chance of its own, on fresh attempts and at the same share', () => {
    const { verdict, stages, looks } = verdictOf(plan, ({ arm, task, stage }) => {
      if (stage === 'confirm') return false;
      return arm !== 'incumbent' && (stage === 'confirm-single' || TARGETS.includes(task));
    });
    expect(stages).toEqual(['screen', 'confirm', 'confirm-single']);
    expect(new Set(looks[1]!.map(({ arm }) => arm))).toEqual(new Set(['incumbent', 'a']));
    expect(verdict).toMatchObject({ decision: 'promoted', arm: 'a', members: ['a'] });
    expect(verdict.reason).toMatch(
      /The merge of a, b: 0\.0 points.*futile\. a by itself: \+100\.0 points.*level 0\.012/,
    );
    expect(verdict.candidates.map(({ decision, stage }) => [decision, stage])).toEqual([
      ['promoted', 'confirm-single'],
      ['rejected', 'confirm'],
    ]);
  });

  test('no gain on all tasks is futile at the first look, whatever the screen said', () => {
    const { verdict, stages } = verdictOf(single, ({ arm, stage }) => stage === 'screen' && arm === 'a');
    expect(stages).toEqual(['screen', 'confirm']);
    expect(verdict.decision).toBe('rejected');
    expect(verdict.reason).toMatch(/0\.0 points on its targets, and at most \+5\.0 points there make/);
  });

  test('a loss on all tasks is futile, also with a gain on the targets', () => {
    const of = planOf({ candidates: [{ arm: 'a', targets: ['in0'] }] });
    const { verdict, looks } = verdictOf(of, ({ arm, task, stage }) => {
      if (stage === 'screen' || task === 'in0') return arm === 'a';
      return arm === 'incumbent' && (task === 'in1' || task === 'in2');
    });
    expect(looks).toHaveLength(1);
    expect(verdict.decision).toBe('rejected');
    expect(verdict.reason).toMatch(/-5\.6 points .*: at most -1\.0 points, where going on is futile/);
  });

  test('targets are ahead of the other tasks by two attempts and weigh twice in the test', () => {
    const of = planOf({ candidates: [{ arm: 'a', targets: ['in0', 'in1', 'in2', 'in3'] }] });
    const rule: Rule = ({ arm, task, stage }) =>
      arm === 'a' && (stage === 'screen' || /^(in[0-3]$|out)/.test(task))
        ? true
        : task === 'in5' && arm !== 'a';
    const { looks, verdict } = verdictOf(of, rule);
    const attempts = (task: string) =>
      looks[0]!.filter((one) => one.arm === 'a' && one.task === task).map(({ attempt }) => attempt);
    expect(attempts('in0')).toEqual([1, 2, 3]);
    expect(attempts('in4')).toEqual([1]);
    // Four gains of weight 2, six of weight 1 and a loss of 1 add up to 13 of 15: that pattern or none lost, 2 of 2 ** 11,
    // and each of the seven of weight 1 lost by itself.
    expect(verdict.comparison!.p).toBeCloseTo(8 / 2 ** 11, 12);
  });

  test('a loss of more than the margin on one split keeps a gain from being promoted', () => {
    const { verdict, looks } = verdictOf(single, ({ arm, task, stage }) => {
      if (stage === 'screen') return arm === 'a';
      return task.startsWith('in') ? arm === 'a' : task === 'out0' && arm === 'incumbent';
    });
    expect(looks).toHaveLength(5);
    expect(verdict.decision).toBe('rejected');
    expect(verdict.reason).toMatch(
      /heldOut -16\.7 points.*heldOut loses more than the margin of 5\.0 points/,
    );
  });

  test('a gain that chance could make is undecided, and says what it would have taken', () => {
    const { verdict, looks } = verdictOf(single, ({ arm, task, stage }) => {
      if (stage === 'screen') return arm === 'a';
      return arm === 'a' ? task === 'in0' || task === 'in1' : false;
    });
    expect(looks).toHaveLength(5);
    expect(verdict.decision).toBe('undecided');
    expect(verdict.reason).toMatch(
      /p = 0\.250 at look 5 of 5, level 0\.080\): a gain, but not beyond chance\. It would have taken a gain of about \+\d+\.\d points, or about \d+ trials instead of \d+ at this gain\.$/,
    );
  });

  test('attempts go on over the looks; tasks on which all agree are run again only now and then', () => {
    const many = planOf({
      heldIn: names('in', 120),
      heldOut: names('out', 80),
      candidates: [{ arm: 'a', targets: ['in0'] }],
      settings: confirmSettings({ targets: { extraAttempts: 0, weight: 1, futility: 0 } }),
    });
    const { looks } = verdictOf(many, ({ arm, task, stage }) => {
      if (stage === 'screen') return arm === 'a';
      return arm === 'a' && (task === 'in0' || task === 'in1' || task === 'in2');
    });
    const [first, second, third, , fifth] = looks.map((requests) =>
      requests.filter(({ arm }) => arm === 'a'),
    );
    expect(first).toHaveLength(200);
    expect(first!.every(({ attempt }) => attempt === 1)).toBe(true);
    // 3 tasks differ; of the 197 others 30 % are expected: 59, with a deviation of 6.4.
    expect(Math.abs(second!.length - 3 - 59)).toBeLessThan(26);
    for (const task of ['in0', 'in1', 'in2']) {
      expect(second!.filter((request) => request.task === task).map(({ attempt }) => attempt)).toEqual([2]);
      expect(third!.filter((request) => request.task === task).map(({ attempt }) => attempt)).toEqual([3]);
      expect(fifth!.filter((request) => request.task === task).map(({ attempt }) => attempt)).toEqual([5, 6]);
    }
  });

  test.each(['a', 'incumbent'])('a task on which %s alone wavers counts as one that differs', (waverer) => {
    const of = {
      ...single,
      settings: confirmSettings({
        looks: [2, 3],
        alphas: [1e-6, 1e-6],
        futility: -1,
        targets: { extraAttempts: 0, weight: 1, futility: -1 },
      }),
    };
    const { looks } = verdictOf(of, ({ arm, stage, attempt }) =>
      stage === 'screen' ? arm === 'a' : arm !== waverer || attempt === 1,
    );
    expect(looks[1]).toHaveLength(2 * 18);
  });

  test('both arms are given the same attempts of the same tasks', () => {
    const { looks } = verdictOf(single, ({ arm, task, stage, attempt }) =>
      stage === 'screen' ? arm === 'a' : (task.length + attempt + (arm === 'a' ? 1 : 0)) % 3 === 0,
    );
    for (const requests of looks) {
      const of = (arm: string) =>
        requests.filter((one) => one.arm === arm).map(({ task, attempt }) => `${task} ${attempt}`);
      expect(of('a')).toEqual(of('incumbent'));
    }
  });

  test('too few valid trials stop it, without a chance for a single candidate', () => {
    const { verdict, stages } = verdictOf(plan, (request) =>
      request.stage === 'confirm' && request.arm === 'merge' && request.task < 'in5'
        ? null
        : onTargets(request),
    );
    expect(stages).toEqual(['screen', 'confirm']);
    expect(verdict.decision).toBe('undecided');
    expect(verdict.reason).toMatch(
      /Cannot decide at look 1: only \d+ of 34 trials of the candidate are valid/,
    );
  });

  test('a split without a valid pair cannot be vouched for', () => {
    const of = planOf({ ...single, heldOut: ['out0'] });
    const { verdict } = verdictOf(of, (request) => (request.task === 'out0' ? null : request.arm === 'a'));
    expect(verdict.decision).toBe('undecided');
    expect(verdict.reason).toContain('no task of heldOut has a valid pair of trials');
  });

  test('invalid trials tell nothing: what the other arm did on such an attempt makes no difference', () => {
    const rule =
      (lucky: boolean): Rule =>
      (request) => {
        if (request.stage === 'screen') return request.arm === 'a';
        if (request.task === 'in7') return request.arm === 'a' ? null : lucky;
        return request.arm === 'a' ? request.task < 'in3' : request.task === 'in11';
      };
    expect(verdictOf(single, rule(true)).verdict).toEqual(verdictOf(single, rule(false)).verdict);
  });

  test('a single look decides by itself', () => {
    const of = { ...single, settings: confirmSettings({ looks: [2], alphas: [0.05] }) };
    const { looks, verdict } = verdictOf(of, ({ arm }) => arm === 'a');
    expect(looks.map((requests) => requests.length)).toEqual([2 * (18 * 2 + 6 * 2)]);
    expect(verdict.decision).toBe('promoted');
  });
});
