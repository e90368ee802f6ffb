import { type Fault, faultPlan } from '../../src/simulation/faults.js';

test('each of several faults comes as often as it is said to', () => {
  const faults: Fault[] = [
    { kind: 'status', status: 500, chance: 0.3 },
    { kind: 'cut', chance: 0.1 },
    { kind: 'garbage', chance: 0.1 },
  ];
  const plan = faultPlan(faults);
  const hits = Array.from({ length: 4000 }, (_, i) =>
    plan(`request ${i}`, [{ kind: 'slow', ms: 1, chance: 0.2 }]),
  );
  const share = (kind: Fault['kind']) =>
    hits.filter((hit) => hit.some((fault) => fault.kind === kind)).length / 4000;
  expect(share('status')).toBeCloseTo(0.3, 1);
  expect(share('cut')).toBeCloseTo(0.1, 1);
  expect(share('garbage')).toBeCloseTo(0.1, 1);
  expect(share('slow')).toBeCloseTo(0.2, 1);
  // Independent: the likeliest does not bring or hide the others.
  const alone = hits.filter((hit) => hit[0]?.kind === 'cut').length / 4000;
  expect(alone).toBeGreaterThan(0.05);
});
