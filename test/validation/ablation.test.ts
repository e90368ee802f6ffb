import { type AblationVerdict, ablationStep, estimateAblation } from '../../src/validation/ablation.js';
import { seededRandom } from '../../src/validation/random.js';
import { taskDifficulties } from '../../src/validation/simulate.js';
import type { GateEvent, GatePlan, TrialRequest } from '../../src/validation/types.js';
import { answer, confirmSettings, names, planOf, SETTINGS } from './support.js';

function decide(plan: GatePlan, rule: (request: TrialRequest) => boolean | null) {
  const events: GateEvent[] = [];
  const asked: TrialRequest[] = [];
  for (;;) {
    const step = ablationStep(plan, events);
    if (step.kind === 'verdicts') return { verdicts: step.verdicts, asked };
    asked.push(...step.requests);
    events.push(answer(step.requests, rule));
  }
}

const place = ({ task }: TrialRequest) => Number(task.replace(/\D/g, ''));

test('an edit that tasks depend on helps; one without which nothing changes is idle', () => {
  const { verdicts, asked } = decide(planOf(), (request) => request.arm !== 'a' || place(request) % 2 === 0);
  expect(verdicts.map(({ arm, decision }) => [arm, decision])).toEqual([
    ['a', 'helps'],
    ['b', 'idle'],
  ]);
  expect(verdicts[0]!.comparison.heldIn.difference!.value).toBeCloseTo(-0.5);
  // Decided at the first look, on one attempt of every task; both arms share the incumbent's.
  expect(asked).toHaveLength(18 * 3);
  expect(estimateAblation(planOf(), { tasks: 18, edits: 2 })).toEqual({ min: 18 * 3, max: 18 * 3 * 6 });
  expect(asked.filter(({ arm }) => arm === 'incumbent')).toHaveLength(18);
});

test('a loss on one split alone keeps an edit from being idle', () => {
  const heldIn = names('in', 25);
  const plan = planOf({ heldIn, heldOut: names('out', 5), candidates: [{ arm: 'a', targets: [] }] });
  const lost = (request: TrialRequest) => request.arm === 'a' && request.task === 'out0';
  const { verdicts } = decide(plan, (request) => !lost(request));
  expect(verdicts[0]!.decision).not.toBe('idle');
});

test('with too few valid trials nothing is said of an edit', () => {
  const { verdicts } = decide(planOf(), (request) =>
    request.arm === 'a' && place(request) > 1 ? null : true,
  );
  expect(verdicts[0]).toMatchObject({
    arm: 'a',
    decision: 'undecided',
    reason: expect.stringContaining('valid'),
  });
  expect(verdicts[1]!.decision).toBe('idle');
});

test('by the rule of the paper an edit is idle when no split falls without it', () => {
  const paper = planOf({ gate: 'paper' });
  const { verdicts, asked } = decide(paper, (request) => request.arm !== 'a' || request.task !== 'out3');
  expect(verdicts.map(({ decision }) => decision)).toEqual(['helps', 'idle']);
  expect(asked).toHaveLength(18 * 3 * SETTINGS.attempts);
});

test('a plan without an edit is refused', () => {
  expect(() => ablationStep(planOf({ candidates: [] }), [])).toThrow('no edit');
});

/** Shares of decisions over made-up suites of 64 tasks on which leaving the edit out costs `loss` in the mean. */
function shares(loss: number, runs: number): Record<AblationVerdict['decision'], number> {
  const count = { helps: 0, idle: 0, undecided: 0 };
  const plan = planOf({
    heldIn: names('in', 43),
    heldOut: names('out', 21),
    candidates: [{ arm: 'a', targets: [] }],
    settings: { ...confirmSettings({}), permutations: 300 },
  });
  const tasks = [...plan.heldIn, ...plan.heldOut];
  for (let run = 0; run < runs; run++) {
    const random = seededRandom(`ablation/${loss}/${run}`);
    const chances = taskDifficulties(tasks.length, `${loss}/${run}`);
    const mean = chances.reduce((sum, chance) => sum + chance, 0) / tasks.length;
    const kept = Math.max(0, 1 - loss / mean);
    const chance = new Map(tasks.map((task, i) => [task, chances[i]!]));
    const { verdicts } = decide(
      { ...plan, seed: run },
      ({ arm, task }) => random() < chance.get(task)! * (arm === 'a' ? kept : 1),
    );
    count[verdicts[0]!.decision] += 1 / runs;
  }
  return count;
}

test('what costs nothing is mostly called idle, what costs twice the margin never', () => {
  expect(shares(0, 25).idle).toBeGreaterThan(0.6);
  expect(shares(0.05, 40).idle).toBeLessThan(0.3);
  expect(shares(0.1, 25).idle).toBeLessThan(0.05);
  expect(shares(0.2, 25).helps).toBeGreaterThan(0.9);
});
