import fc from 'fast-check';
import { clusterWeaknesses, mechanismWeights } from '../../src/mining/cluster.js';
import { buildEvidence, targetsOf } from '../../src/mining/evidence.js';
import { isHeldIn } from '../../src/mining/held-in.js';
import { passingBehaviour, protectedBehaviour } from '../../src/mining/protect.js';
import {
  type Attribution,
  CAUSAL_STATUSES,
  type EarlierAttempt,
  MECHANISMS,
  TERMINAL_CAUSES,
} from '../../src/mining/types.js';
import type { TrialResult } from '../../src/trial/types.js';
import type { HeldInFigure } from '../../src/validation/types.js';
import { failing, finish, result, sh, trajectory, write } from './trials.js';

function attribution(
  task: string,
  mechanism: Attribution['signature']['mechanism'],
  over: Partial<Attribution> = {},
): Attribution {
  return {
    task,
    trial: `k-${task}`,
    signature: { cause: 'wrong-output', status: 'root-cause', mechanism },
    detail: `how ${task} failed`,
    excerpts: [{ step: 3, text: `$ do ${task}` }],
    source: 'detector',
    mendable: true,
    notMendableReason: '',
    ...over,
  };
}

const anyAttribution: fc.Arbitrary<Attribution> = fc
  .record({
    task: fc.integer({ min: 0, max: 30 }).map((n) => `task-${n}`),
    signature: fc.record({
      cause: fc.constantFrom(...TERMINAL_CAUSES),
      status: fc.constantFrom(...CAUSAL_STATUSES),
      mechanism: fc.constantFrom(...MECHANISMS),
    }),
    source: fc.constantFrom('detector' as const, 'model' as const, 'both' as const),
    mendable: fc.boolean(),
  })
  .map(({ task, signature, source, mendable }) =>
    attribution(task, signature.mechanism, {
      signature,
      source,
      mendable,
      notMendableReason: mendable ? '' : 'why',
    }),
  );

describe('clusters', () => {
  test('every attribution is in exactly one, by its signature; the order of trials leaves no mark', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyAttribution, { selector: ({ trial }) => trial, maxLength: 30 }),
        (all) => {
          const weaknesses = clusterWeaknesses(all);
          expect(weaknesses.reduce((sum, { support }) => sum + support, 0)).toBe(all.length);
          expect(new Set(weaknesses.map(({ id }) => id)).size).toBe(weaknesses.length);
          for (const weakness of weaknesses) {
            expect(weakness.actionability >= 0 && weakness.actionability <= 1).toBe(true);
            expect(weakness.mendable).toBe(weakness.actionability > 0);
            expect(weakness.excerpts.length).toBeLessThanOrEqual(6);
          }
          expect(clusterWeaknesses([...all].reverse())).toEqual(weaknesses);
        },
      ),
    );
  });

  test('mendable ones first, one mechanism together, mechanisms by their whole weight', () => {
    fc.assert(
      fc.property(fc.array(anyAttribution, { maxLength: 30 }), (all) => {
        const weaknesses = clusterWeaknesses(all);
        const weights = mechanismWeights(weaknesses);
        const mendable = weaknesses.filter((w) => w.mendable);
        expect(weaknesses.slice(0, mendable.length)).toEqual(mendable);
        const order = mendable.map((w) => w.signature.mechanism).filter((m, i, list) => m !== list[i - 1]);
        expect(new Set(order).size).toBe(order.length);
        order.forEach((m, i) => {
          if (i > 0) expect(weights.get(order[i - 1]!)!).toBeGreaterThanOrEqual(weights.get(m)!);
        });
      }),
    );
  });

  test('one behaviour that ends in several ways outweighs a smaller one that ends in one', () => {
    const signature = (cause: Attribution['signature']['cause']) => ({
      cause,
      status: 'root-cause' as const,
      mechanism: 'endless-exploration' as const,
    });
    const all = [
      ...['a', 'b'].map((t) => attribution(t, 'endless-exploration', { signature: signature('time-limit') })),
      ...['c', 'd'].map((t) =>
        attribution(t, 'endless-exploration', { signature: signature('missing-artifact') }),
      ),
      ...['e', 'f', 'g'].map((t) => attribution(t, 'repeated-failing-command')),
    ];
    expect(clusterWeaknesses(all).map((w) => w.signature.mechanism)).toEqual([
      'endless-exploration',
      'endless-exploration',
      'repeated-failing-command',
    ]);
  });

  test('what no harness could mend says why and comes last', () => {
    const hard = ['a', 'b', 'c'].map((t) =>
      attribution(t, 'task-too-hard', { mendable: false, notMendableReason: 'too hard' }),
    );
    const [first, last] = clusterWeaknesses([...hard, attribution('d', 'stopped-early')]);
    expect(first!.signature.mechanism).toBe('stopped-early');
    expect(last).toMatchObject({ mendable: false, actionability: 0, detail: 'too hard', support: 3 });
  });

  test('a behaviour that passing trials show as often counts for less', () => {
    const all = [
      ...['a', 'b', 'c'].map((t) => attribution(t, 'finished-without-checking')),
      ...['d', 'e'].map((t) => attribution(t, 'lost-context')),
    ];
    expect(clusterWeaknesses(all)[0]!.signature.mechanism).toBe('finished-without-checking');
    const unchecked = [sh('sort a > b'), finish()];
    const passing = Array.from({ length: 6 }, (_, i) =>
      passingBehaviour(result({ key: `p${i}`, outcome: 'passed' }), trajectory(unchecked)),
    );
    expect(clusterWeaknesses(all, passing)[0]!.signature.mechanism).toBe('lost-context');
  });

  test('excerpts come from several tasks', () => {
    const many = { excerpts: [1, 2, 3, 4].map((step) => ({ step, text: 'x' })) };
    const [weakness] = clusterWeaknesses(['a', 'b', 'c'].map((t) => attribution(t, 'lost-context', many)));
    expect(new Set(weakness!.excerpts.map(({ task }) => task))).toEqual(new Set(['a', 'b', 'c']));
  });
});

describe('evidence', () => {
  const trials = [
    result({ key: 'k-a', task: 'a' }),
    result({ key: 'k-b', task: 'b' }),
    result({ key: 'k-c', task: 'c', outcome: 'passed' }),
    result({ key: 'k-d', task: 'd', outcome: 'invalid' }),
  ];
  const empty = { round: 2, trials, attributions: [], passing: [], earlier: [] };

  test('counts failed and valid trials; what the infrastructure broke is neither', () => {
    expect(buildEvidence(empty)).toMatchObject({ round: 2, failed: 2, valid: 3 });
  });

  test('takes held-in trials only: by type', () => {
    const heldOut = { ...result(), split: 'heldOut' as const };
    const either: TrialResult = result();
    // @ts-expect-error a held-out result does not fit
    const refused = () => buildEvidence({ ...empty, trials: [heldOut] });
    // @ts-expect-error nor does one whose split is only known at run time
    const unknown = () => buildEvidence({ ...empty, trials: [either] });
    expect(refused).toThrow(/heldIn trials only/);
    expect(unknown).not.toThrow();
    expect(buildEvidence({ ...empty, trials: [heldOut, either].filter(isHeldIn) })).toMatchObject({
      valid: 1,
    });
  });

  test('takes held-in trials only: at run time, also what is told of them', () => {
    expect(() => buildEvidence({ ...empty, attributions: [attribution('z', 'lost-context')] })).toThrow(
      /k-z/,
    );
    expect(() => buildEvidence({ ...empty, attributions: [attribution('d', 'lost-context')] })).toThrow(
      /k-d/,
    );
    const passed = passingBehaviour(result({ key: 'k-other', outcome: 'passed' }), trajectory([finish()]));
    expect(() => buildEvidence({ ...empty, passing: [passed] })).toThrow(/k-other/);
    expect(() =>
      passingBehaviour({ ...result({ outcome: 'passed' }), split: 'reserve' as 'heldIn' }, trajectory([])),
    ).toThrow();
  });

  test('nothing of the verifier and no figure of a verdict gets in', () => {
    const withVerifier = attribution('a', 'lost-context', {
      excerpts: [
        { step: 0, text: 'expected gamma' },
        { step: 4, text: '$ ls' },
      ],
    });
    const earlier: EarlierAttempt[] = [
      {
        round: 1,
        surface: 'rules',
        weakness: 'w',
        summary: 's',
        verdict: 'rejected',
        reason: 'heldOut fell by 3 points',
        heldInDelta: 0.1 as HeldInFigure,
      },
      {
        round: 1,
        surface: null,
        weakness: 'w',
        summary: '',
        verdict: 'refused',
        reason: 'broken JSON',
        heldInDelta: null,
      },
    ];
    const evidence = buildEvidence({ ...empty, attributions: [withVerifier], earlier });
    const text = JSON.stringify(evidence);
    expect(text).not.toContain('gamma');
    expect(text).not.toContain('heldOut');
    expect(evidence.earlier.map(({ reason, heldInDelta }) => [reason, heldInDelta])).toEqual([
      ['', 0.1],
      ['broken JSON', null],
    ]);
  });

  test('an edit is measured on all tasks that its mechanism failed, its own first', () => {
    const other = {
      signature: {
        cause: 'time-limit' as const,
        status: 'root-cause' as const,
        mechanism: 'lost-context' as const,
      },
    };
    const evidence = buildEvidence({
      ...empty,
      attributions: [attribution('b', 'lost-context', other), attribution('a', 'lost-context')],
    });
    expect(targetsOf(evidence, 'lost-context/wrong-output/root-cause')).toEqual(['a', 'b']);
    expect(targetsOf(evidence, 'lost-context/time-limit/root-cause')).toEqual(['b', 'a']);
    expect(targetsOf(evidence, 'none')).toEqual([]);
  });
});

test('passing behaviour is told in figures, without a word of the tasks', () => {
  const calls = [
    sh('ls /data', 'secret-name'),
    failing('grep x a', ''),
    write('/app/answer.txt', 'forty-two'),
    sh('./check.sh', 'ok'),
    finish(),
  ];
  const lines = protectedBehaviour([
    passingBehaviour(result({ outcome: 'passed', turns: 5 }), trajectory(calls)),
    passingBehaviour(
      result({ outcome: 'passed', turns: 9, key: 'k2' }),
      trajectory([...calls.slice(0, 1), ...calls]),
    ),
  ]);
  expect(lines[0]).toContain('at most 9 turns, 5 tool calls');
  expect(lines.join(' ')).toContain('shell (2 of 2)');
  expect(lines.join(' ')).not.toMatch(/secret-name|answer\.txt|forty-two|collect-warnings/);
  expect(protectedBehaviour([])).toEqual([]);
  expect(() => passingBehaviour(result(), trajectory(calls))).toThrow(/failed/);
});

test("times are the agent's own, in tens of seconds: not how busy machine and endpoint were", () => {
  const told = (seconds: number, elapsed: number) => {
    const made = trajectory([sh('ls /data', ''), write('/app/answer.txt', 'x'), finish()], {
      elapsed_seconds: elapsed,
    });
    return protectedBehaviour([passingBehaviour(result({ outcome: 'passed', seconds }), made)]);
  };
  expect(told(500, 12.5)[0]).toContain('2 tool calls and 20 s;');
  expect(told(30, 12.5)).toEqual(told(500, 19));
});
