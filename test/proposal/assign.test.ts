import fc from 'fast-check';
import { weaknessId } from '../../src/mining/cluster.js';
import {
  type EarlierAttempt,
  type Evidence,
  MECHANISMS,
  type Mechanism,
  type Weakness,
} from '../../src/mining/types.js';
import { assignSlots } from '../../src/proposal/assign.js';
import { hash32, slotSeed } from '../../src/proposal/chance.js';
import { dedupe } from '../../src/proposal/dedupe.js';
import { SURFACE_FAMILIES } from '../../src/proposal/families.js';
import type { ProposalResult } from '../../src/proposal/types.js';
import type { HeldInFigure } from '../../src/validation/types.js';

function weakness(mechanism: Mechanism, support: number, over: Partial<Weakness> = {}): Weakness {
  const signature = over.signature ?? { mechanism, cause: 'wrong-output', status: 'root-cause' };
  return {
    id: weaknessId(signature),
    signature,
    tasks: [],
    support,
    actionability: 0.8,
    mendable: true,
    detail: '',
    excerpts: [],
    ...over,
  };
}

/** As `buildEvidence` would make it. */
function evidence(weaknesses: Weakness[], earlier: EarlierAttempt[] = []): Evidence {
  const made: Omit<Evidence, symbol> = { round: 1, failed: 9, valid: 20, weaknesses, protect: [], earlier };
  return made as Evidence;
}

function attempt(
  of: Weakness,
  surface: EarlierAttempt['surface'],
  over: Partial<EarlierAttempt> = {},
): EarlierAttempt {
  return {
    round: 1,
    surface,
    weakness: of.id,
    summary: '',
    verdict: 'rejected',
    reason: '',
    heldInDelta: 0 as HeldInFigure,
    ...over,
  };
}

const mechanismOf = (id: string) => id.split('/')[0];

const anyEvidence = fc
  .record({
    weaknesses: fc.uniqueArray(
      fc.record({
        mechanism: fc.constantFrom(...MECHANISMS),
        support: fc.integer({ min: 1, max: 40 }),
        mendable: fc.boolean(),
        cause: fc.constantFrom('time-limit' as const, 'wrong-output' as const),
      }),
      { selector: ({ mechanism, cause }) => `${mechanism}/${cause}`, maxLength: 15 },
    ),
    tried: fc.array(fc.tuple(fc.nat(14), fc.nat(3)), { maxLength: 20 }),
  })
  .map(({ weaknesses, tried }) => {
    const made = weaknesses.map(({ mechanism, support, mendable, cause }) =>
      weakness(mechanism, support, {
        signature: { mechanism, cause, status: 'root-cause' },
        mendable,
        actionability: mendable ? 0.5 : 0,
      }),
    );
    const earlier = tried.flatMap(([which, family]) => {
      const of = made[which];
      const surfaces = of && SURFACE_FAMILIES[of.signature.mechanism][family];
      return of && surfaces ? [attempt(of, surfaces[0])] : [];
    });
    return evidence(made, earlier);
  });

test('distinct by construction: no two slots share a mechanism and a surface', () => {
  fc.assert(
    fc.property(anyEvidence, fc.integer({ min: 1, max: 16 }), fc.nat(), (given, width, seed) => {
      const assignments = assignSlots(given, width, seed);
      const pairs = assignments.flatMap(({ weakness: id, surfaces }) =>
        surfaces.map((surface) => `${mechanismOf(id)} ${surface}`),
      );
      expect(new Set(pairs).size).toBe(pairs.length);
      expect(assignments.length).toBeLessThanOrEqual(width);
      expect(assignments.map(({ slot }) => slot)).toEqual(assignments.map((_, i) => i + 1));
      for (const { weakness: id, surfaces } of assignments) {
        expect(surfaces.length).toBeGreaterThan(0);
        expect(given.weaknesses.find((w) => w.id === id)?.mendable).toBe(true);
      }
      expect(assignSlots(given, width, seed)).toEqual(assignments);
    }),
  );
});

test('every slot is used while the evidence holds anything to do', () => {
  expect(assignSlots(evidence([weakness('endless-exploration', 5)]), 4, 1)).toHaveLength(
    SURFACE_FAMILIES['endless-exploration'].length,
  );
  expect(assignSlots(evidence([weakness('task-too-hard', 5, { mendable: false })]), 4, 1)).toEqual([]);
  expect(assignSlots(evidence([]), 4, 1)).toEqual([]);
});

test('the greatest mechanisms first, each once before any twice', () => {
  const given = evidence([
    weakness('environment-lost-between-calls', 6),
    weakness('repeated-failing-command', 4),
    weakness('stopped-early', 3),
    weakness('lost-context', 2),
    weakness('wrong-approach', 1),
  ]);
  expect(
    assignSlots(given, 4, 3).map(({ weakness: id, surfaces }) => [mechanismOf(id), surfaces[0]]),
  ).toEqual([
    ['environment-lost-between-calls', 'tools'],
    ['repeated-failing-command', 'rules'],
    ['stopped-early', 'rules'],
    ['lost-context', 'orchestration'],
  ]);
});

test('a mechanism in several clusters is one target, and its second slot looks at the second cluster', () => {
  const signature = (cause: 'time-limit' | 'missing-artifact') => ({
    mechanism: 'endless-exploration' as const,
    cause,
    status: 'root-cause' as const,
  });
  const given = evidence([
    weakness('repeated-failing-command', 3),
    weakness('endless-exploration', 2, { signature: signature('time-limit') }),
    weakness('endless-exploration', 2, { signature: signature('missing-artifact') }),
  ]);
  const assignments = assignSlots(given, 3, 1);
  expect(assignments.map(({ weakness: id }) => mechanismOf(id))).toEqual([
    'endless-exploration',
    'repeated-failing-command',
    'endless-exploration',
  ]);
  expect(assignments[0]!.weakness).not.toBe(assignments[2]!.weakness);
});

test('what was tried on a mechanism goes behind what was not, also when its cause was another', () => {
  const lost = weakness('environment-lost-between-calls', 6);
  const other = weakness('environment-lost-between-calls', 1, {
    signature: { ...lost.signature, cause: 'time-limit' },
  });
  const first = (earlier: EarlierAttempt[]) => assignSlots(evidence([lost], earlier), 1, 1)[0]!.surfaces[0];
  expect(first([])).toBe('tools');
  expect(first([attempt(other, 'tools')])).toBe('instructions');
  expect(first([attempt(lost, 'tools'), attempt(lost, 'memory')])).toBe('rules');
  expect(first([attempt(lost, null, { verdict: 'declined' })])).toBe('tools');
});

test('a mechanism that withstood many edits gives way', () => {
  const tried = weakness('stopped-early', 4);
  const given = (n: number) =>
    evidence([tried, weakness('lost-context', 3)], Array(n).fill(attempt(tried, 'rules')));
  expect(mechanismOf(assignSlots(given(0), 1, 1)[0]!.weakness)).toBe('stopped-early');
  expect(mechanismOf(assignSlots(given(3), 1, 1)[0]!.weakness)).toBe('lost-context');
});

test('the seed decides between equals, and nothing else', () => {
  const given = evidence(
    (['stopped-early', 'lost-context', 'ignored-tool-error'] as const).map((m) => weakness(m, 2)),
  );
  const orders = new Set(Array.from({ length: 30 }, (_, seed) => assignSlots(given, 1, seed)[0]!.weakness));
  expect(orders.size).toBeGreaterThan(1);
});

test('the families of a mechanism have no surface in common', () => {
  for (const families of Object.values(SURFACE_FAMILIES)) {
    expect(new Set(families.flat()).size).toBe(families.flat().length);
  }
});

test('seeds of slots differ and leave room for asking again', () => {
  const seeds = Array.from({ length: 200 }, (_, i) => slotSeed(5, i % 20, Math.floor(i / 20)));
  expect(new Set(seeds).size).toBe(200);
  expect(Math.max(...seeds) + 3).toBeLessThan(2 ** 31);
  expect(hash32(1, 'a', 'b')).not.toBe(hash32(1, 'ab'));
});

test('of two slots with one harness the later is refused, the others are left alone', () => {
  const proposed = (slot: number, harness: string): ProposalResult => ({
    kind: 'proposed',
    id: `r1-p${slot}`,
    slot,
    weakness: 'w',
    surface: 'rules',
    summary: '',
    harness,
    proposal: { sha256: 'x', bytes: 1 },
    targets: [],
  });
  const declined: ProposalResult = { kind: 'declined', id: 'r1-p2', slot: 2, weakness: 'w', reason: 'none' };
  const results = dedupe([proposed(1, 'a'), declined, proposed(3, 'a'), proposed(4, 'b')]);
  expect(results.map(({ kind }) => kind)).toEqual(['proposed', 'declined', 'refused', 'proposed']);
  expect(results[2]).toMatchObject({ slot: 3, reason: expect.stringContaining('r1-p1') });
});
