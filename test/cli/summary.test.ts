/** What people read of an evolution's splits: no figure of the sealed one without how often it was opened. */

import { createNews } from '../../src/cli/news.js';
import { formatSummary, sealedLine } from '../../src/cli/summary.js';
import { seedHarness } from '../../src/harness/seed.js';
import type { ControlRow } from '../../src/validation/controls.js';
import type { ControlsResult } from '../../src/workflows/control-types.js';
import { evolutionDetails, sealedDetails } from '../../src/workflows/details.js';
import { NO_SPEND } from '../../src/workflows/spend.js';
import type { EvolutionResult, EvolutionState, FinalMeasurement } from '../../src/workflows/types.js';
import { prepared } from '../support/fake-activities.js';

const interval = (value: number) => ({ value, low: value - 0.1, high: value + 0.1 });
const final: FinalMeasurement = {
  heldInBefore: interval(0.4),
  heldInAfter: interval(0.6),
  heldInGain: interval(0.2),
  heldOutBefore: interval(0.4),
  heldOutAfter: interval(0.5),
  heldOutGain: interval(0.1),
  sealedBefore: interval(0.3),
  sealedAfter: interval(0.45),
  sealedGain: interval(0.15),
  sealedOpenings: 2,
  sealedNote: '',
};
const closed = {
  ...final,
  sealedBefore: null,
  sealedAfter: null,
  sealedGain: null,
  sealedOpenings: 0,
  sealedNote: 'opened by `self-harness unseal mine`',
};
const round: EvolutionResult['rounds'][number] = {
  round: 1,
  decision: 'rejected',
  reason: 'no gain.',
  harness: 'a',
  observed: null,
  comparison: null,
  heldOutUses: 11,
  notes: ['heldOut has been used by 11 decisions'],
  proposals: [],
  weaknesses: [],
  record: 'r',
  history: null,
  spend: NO_SPEND,
  problems: [],
};
const result: EvolutionResult = {
  name: 'mine',
  status: 'finished',
  contract: 'c',
  seedHarness: 'a',
  champion: 'b',
  registry: '/registry',
  ablation: null,
  calibration: null,
  rounds: [round],
  final,
  controls: null,
  spend: NO_SPEND,
  problems: [],
};

test('the summary marks sealed figures, counts uses of heldOut and warns of a worn one', () => {
  const named = { seed: seedHarness(), champion: seedHarness(), quarantine: {}, categories: [] };
  const text = formatSummary(result, named);
  expect(text).toMatch(/^sealed +30\.0 % \(20\.0 to 40\.0\) +45\.0 % .*\+15\.0 points .*, opened 2 times$/m);
  expect(text).toContain('use 11 of these heldOut tasks by a decision');
  expect(text).toContain('heldOut has been used by 11 decisions');
  expect(formatSummary({ ...result, final: closed }, named)).toContain(
    'sealed   opened by `self-harness unseal mine`',
  );
});

const row = (arm: ControlRow['arm'], lead: number | null, more: Partial<ControlRow> = {}): ControlRow => {
  const figures = { rate: interval(0.5), gain: interval(0.2), lead: lead === null ? null : interval(lead) };
  const outlay = { trials: 100, tokens: 5000, usd: 1.5 };
  return { arm, equal: [], attempts: 2, outlay, harness: 'b', heldIn: figures, heldOut: figures, ...more };
};
const controls: ControlsResult = {
  evolving: { trials: 120, tokens: 6000, usd: 2 },
  money: 'usd',
  rows: [
    row('evolved', null),
    row('no-op', 0.17),
    row('best-of-n, by vote', -0.03, { equal: ['trials'], attempts: 7 }),
  ],
  search: null,
  votes: { attempts: 70, unknown: 3 },
  record: 'r',
};

test('control arms stand beside the evolved harness with intervals, in the summary and in the Web UI', () => {
  const named = { seed: seedHarness(), champion: seedHarness(), quarantine: {}, categories: [] };
  const text = formatSummary({ ...result, controls }, named);
  expect(text).toMatch(/^ {2}evolved harness +50\.0 % \(40\.0 to 60\.0\)$/m);
  expect(text).toMatch(/^ {2}no-op: the seed again +50\.0 % .*\+17\.0 points \(7\.0 to 27\.0\)$/m);
  expect(text).toMatch(/^ {2}best of 7 by vote, equal trials +50\.0 % .*-3\.0 points \(-13\.0 to 7\.0\)$/m);
  expect(text).toContain('Evolving took 120 trials and $2.00');
  expect(formatSummary(result, named)).not.toContain('control arms');

  const state = {
    prepared: prepared(),
    phase: 'finished',
    round: 1,
    rounds: [],
    paused: null,
    final,
    controls,
  };
  const details = evolutionDetails({ ...state, spend: NO_SPEND } as unknown as EvolutionState);
  expect(details).toContain(
    '| no-op: the seed again | 50.0 | +17.0 (7.0 to 27.0) | 50.0 | +17.0 (7.0 to 27.0) |',
  );
});

test('of a harness that is the seed there is a rate and no gain', () => {
  const row = (...cells: string[]) => cells.join('|');
  expect(sealedLine({ ...final, sealedOpenings: 1 }, row, false)).toMatch(/same harness, opened once$/);
});

test('how many tasks are quarantined stands in the Web UI and in the progress, with where the reasons are', () => {
  const state = { phase: 'observing', round: 1, rounds: [], paused: null, calibration: null, startedAt: 0 };
  const of = (quarantined: number) =>
    ({ ...state, spend: NO_SPEND, prepared: prepared({ quarantined }) }) as unknown as EvolutionState;
  const why = '3 tasks quarantined, in no split; the reasons: ';
  expect(evolutionDetails(of(3))).toContain(`${why}\`self-harness report ${prepared().name}\``);
  expect(evolutionDetails(of(0))).not.toContain('quarantined');

  const news = createNews('say more');
  const snapshot = (quarantined: number) => ({ state: of(quarantined), round: null, batch: null });
  expect(news({ ...snapshot(3), state: { ...of(3), prepared: null } })).toEqual([]);
  expect(news(snapshot(3))).toEqual([`${why}say more`]);
  expect(news(snapshot(3))).toEqual([]);
});

test('the Web UI shows the same', () => {
  const state = { prepared: prepared(), phase: 'finished', round: 1, rounds: [round], paused: null, final };
  const details = evolutionDetails({ ...state, spend: NO_SPEND } as unknown as EvolutionState);
  expect(details).toContain('| sealed | 30.0 | 45.0 | +15.0 (5.0 to 25.0) | opened 2 times |');
  expect(details).toMatch(/\| 1 \| rejected \| .* \| 11 \| .*heldOut has been used by 11 decisions/);
  expect(sealedDetails(closed)).toContain('opened by  self-harness unseal mine');
});
