/** What holds for both gates, whatever the outcomes. */
import fc from 'fast-check';
import { estimateTrials } from '../../src/validation/estimate.js';
import { GatePlanError, gateStep } from '../../src/validation/gate.js';
import { seededRandom } from '../../src/validation/random.js';
import { type SimulatedRound, simulateRound } from '../../src/validation/simulate.js';
import type { GateEvent, GatePlan, TrialRequest } from '../../src/validation/types.js';
import { answer, confirmSettings, keyOf, names, planOf, SETTINGS } from './support.js';

const share = fc.constantFrom(0, 0.2, 0.5, 0.8, 1);

/** Any plan in any world. */
const round = fc
  .record({
    gate: fc.constantFrom('paper' as const, 'confirmed' as const),
    heldIn: fc.integer({ min: 1, max: 9 }),
    heldOut: fc.integer({ min: 0, max: 5 }),
    width: fc.integer({ min: 0, max: 4 }),
    maxTargets: fc.integer({ min: 1, max: 4 }),
    seed: fc.integer(),
    invalid: fc.constantFrom(0, 0.1, 0.6),
    shares: fc.array(share, { minLength: 40, maxLength: 40 }),
    dropped: fc.integer({ min: 0, max: 4 }),
  })
  .map((it) => {
    const heldIn = names('in', it.heldIn);
    const arms = names('c', it.width);
    const candidates = arms.map((arm, i) => ({ arm, targets: heldIn.filter((_, t) => (t + i) % 3 !== 0) }));
    const settings = { ...SETTINGS, screen: { ...SETTINGS.screen, maxTargets: it.maxTargets } };
    const plan = planOf({
      gate: it.gate,
      heldIn,
      heldOut: names('out', it.heldOut),
      candidates,
      settings,
      seed: it.seed,
    });
    const world = {
      passes: (members: readonly string[], request: TrialRequest) =>
        it.shares[(hash(request.task) + 7 * hash(members.join())) % it.shares.length]!,
      invalid: () => it.invalid,
      drops: (wanted: readonly string[]) =>
        wanted.slice(Math.max(1, wanted.length - it.dropped)).map((arm) => ({ arm, reason: 'it conflicts' })),
    };
    return { plan, run: (): SimulatedRound => simulateRound(plan, world, seededRandom(it.seed)) };
  });

function hash(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);
}

function requestsOf(events: GateEvent[]): TrialRequest[] {
  return events.flatMap((event) => (event.kind === 'scores' ? event.scores : []));
}

describe('both gates', () => {
  test('equal events give equal steps, at every point of a round', () => {
    fc.assert(
      fc.property(round, ({ plan, run }) => {
        const { events, verdict } = run();
        for (let known = 0; known <= events.length; known++) {
          const step = gateStep(plan, events.slice(0, known));
          expect(gateStep(plan, JSON.parse(JSON.stringify(events.slice(0, known))))).toEqual(step);
        }
        expect(gateStep(plan, events)).toEqual({ kind: 'verdict', verdict });
      }),
      { numRuns: 60 },
    );
  });

  test('no trial is asked for twice, none of a foreign task or arm, and never more than the estimate', () => {
    fc.assert(
      fc.property(round, ({ plan, run }) => {
        const { events, trials } = run();
        const requests = requestsOf(events);
        expect(new Set(requests.map(keyOf)).size).toBe(requests.length);
        const arms = ['incumbent', 'merge', ...plan.candidates.map(({ arm }) => arm)];
        for (const { arm, task, split, attempt } of requests) {
          expect(arms).toContain(arm);
          expect(plan[split]).toContain(task);
          expect(attempt).toBeGreaterThanOrEqual(1);
        }
        const estimate = estimateTrials(plan);
        expect(trials).toBeGreaterThanOrEqual(estimate.min);
        expect(trials).toBeLessThanOrEqual(estimate.max);
        expect(estimate.likely).toBeLessThanOrEqual(estimate.max);
      }),
      { numRuns: 150 },
    );
  });

  test('a verdict says who, why and, of each candidate, what became of it', () => {
    fc.assert(
      fc.property(round, ({ plan, run }) => {
        const { verdict } = run();
        expect(verdict.reason).not.toMatch(/NaN|undefined|null|Infinity/);
        expect(verdict.candidates.map(({ arm }) => arm).sort()).toEqual(
          plan.candidates.map(({ arm }) => arm).sort(),
        );
        expect(verdict.decision === 'promoted').toBe(verdict.arm !== null);
        const promoted = verdict.candidates
          .filter(({ decision }) => decision === 'promoted')
          .map(({ arm }) => arm);
        expect(promoted.sort()).toEqual([...verdict.members].sort());
      }),
      { numRuns: 150 },
    );
  });

  test('what a proposer is shown of a candidate says nothing of heldOut', () => {
    fc.assert(
      fc.property(round, ({ run }) => {
        for (const { reason } of run().verdict.candidates) {
          expect(reason).not.toMatch(/heldOut|\bout\d|NaN|undefined|null/);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('requests left unanswered are asked again; repeated and foreign answers change nothing', () => {
    fc.assert(
      fc.property(round, fc.integer({ min: 1, max: 5 }), ({ plan, run }, at) => {
        const { events } = run();
        const index = Math.min(at, events.length) - 1;
        const event = events[index];
        if (event?.kind !== 'scores' || event.scores.length < 2) return;
        const before = events.slice(0, index);
        const half = event.scores.length >> 1;
        const [first, rest] = [event.scores.slice(0, half), event.scores.slice(half)];
        const step = gateStep(plan, [...before, { kind: 'scores', scores: first }]);
        expect(step.kind === 'trials' && step.requests.map(keyOf)).toEqual(rest.map(keyOf));
        const opposite = event.scores.map((score) => ({ ...score, passed: !score.passed }));
        const foreign = event.scores.map((score) => ({ ...score, stage: 'elsewhere', passed: true }));
        const noisy: GateEvent[] = [
          ...events.slice(0, index + 1),
          { kind: 'scores', scores: [...opposite, ...foreign] },
          ...events.slice(index + 1),
        ];
        expect(gateStep(plan, noisy)).toEqual(gateStep(plan, events));
      }),
      { numRuns: 60 },
    );
  });

  test('without a candidate nothing is run', () => {
    for (const gate of ['paper', 'confirmed'] as const) {
      const step = gateStep(planOf({ gate, candidates: [] }), []);
      expect(step).toMatchObject({ kind: 'verdict', verdict: { decision: 'rejected', arm: null } });
      expect(estimateTrials(planOf({ gate, candidates: [] }))).toEqual({ min: 0, likely: 0, max: 0 });
    }
  });

  test('arms meet the same tasks in the same order, taking turns in going first', () => {
    const step = gateStep(planOf({ gate: 'paper' }), []);
    if (step.kind !== 'trials') throw new Error('expected trials');
    const firsts = new Map<string, number>();
    for (let i = 0; i < step.requests.length; i += 3) {
      const together = step.requests.slice(i, i + 3);
      expect(new Set(together.map(({ task, attempt }) => `${task} ${attempt}`)).size).toBe(1);
      expect(new Set(together.map(({ arm }) => arm)).size).toBe(3);
      firsts.set(together[0]!.arm, (firsts.get(together[0]!.arm) ?? 0) + 1);
    }
    expect([...firsts.values()]).toEqual([12, 12, 12]);
  });

  test.each<[string, Partial<GatePlan>, RegExp]>([
    ['no heldIn task', { heldIn: [], candidates: [{ arm: 'a', targets: [] }] }, /heldIn has no task/],
    ['a task in both splits', { heldIn: ['x'], heldOut: ['x'] }, /the task "x" is named twice/],
    ['an arm of a reserved name', { candidates: [{ arm: 'merge', targets: [] }] }, /the arm "merge"/],
    ['looks without alphas', { settings: confirmSettings({ alphas: [0.05] }) }, /5 looks but 1 alphas/],
    ['looks that fall', { settings: confirmSettings({ looks: [1, 3, 2, 4, 5] }) }, /do not rise: 1, 3, 2/],
  ])('a plan with %s is refused before anything is spent', (_, change, message) => {
    expect(() => gateStep(planOf(change), [])).toThrow(GatePlanError);
    expect(() => gateStep(planOf(change), [])).toThrow(message);
  });

  test('answers that are all invalid decide nothing', () => {
    for (const gate of ['paper', 'confirmed'] as const) {
      const plan = planOf({ gate });
      const step = gateStep(plan, []);
      if (step.kind !== 'trials') throw new Error('expected trials');
      const end = gateStep(plan, [answer(step.requests, () => null)]);
      expect(end).toMatchObject({ kind: 'verdict', verdict: { decision: 'undecided', arm: null } });
      expect(end.kind === 'verdict' && end.verdict.reason).toMatch(
        /only 0 of \d+ trials of the incumbent are valid/,
      );
    }
  });
});
