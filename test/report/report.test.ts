/** What a reader of the report can rely on: everything decided is in it, and nothing that a model wrote is markup. */
import { seedHarness } from '../../src/harness/seed.js';
import { buildReport } from '../../src/report/build.js';
import { formatReport } from '../../src/report/markdown.js';
import { contract, ledgerUse, source } from './support.js';

test('it says what was fixed, what was decided and why, what it measured, and what broke', () => {
  const report = buildReport(source());
  expect(report.contract).toMatchObject({
    model: 'a-model',
    splits: { heldIn: 8, heldOut: 4, reserve: 3 },
    seed: 7,
  });
  expect(report.final).toEqual([
    expect.objectContaining({ split: 'heldIn', gain: expect.objectContaining({ value: 0.2 }) }),
    expect.objectContaining({ split: 'heldOut', before: expect.objectContaining({ value: 0.35 }) }),
    expect.objectContaining({ split: 'sealed', before: expect.objectContaining({ value: 0.3 }) }),
  ]);
  const [promoted, refused] = report.rounds[0]!.proposals;
  expect(promoted).toMatchObject({ decision: 'promoted', mechanism: 'explores too long' });
  expect(promoted!.diff).toContain('+ text: Write the file first.');
  expect(refused).toMatchObject({
    decision: 'refused',
    reason: 'quotes the verifier',
    edit: null,
    diff: null,
  });
  const rounds = [{ round: 1, looks: 2 }];
  expect(report.heldOut).toEqual({ decisions: 1, ablations: 0, rounds, uses: 3 });

  const text = formatReport(report);
  for (const part of [
    '# Evolution mine: finished',
    '| heldOut | 35.0 % (15.0 to 55.0) | 50.0 % (30.0 to 70.0) | +15.0 points (-5.0 to 35.0) |',
    'heldIn 8, heldOut 4, sealed 0, reserve 3',
    '- left-4: flaky: oracle came to 1 in 3 of 4 runs',
    'The sealed split: opened 2 times.',
    'its tasks had been used 3 time(s), over all evolutions of this registry',
    '## Round 1: promoted',
    '| 4 | yes | It read on and on. |',
    'heldOut was used by 1 decision(s) (looks: round 1: 2)',
    '| in-2 | mine/r1/screen | 2 | `aaaaaaaaaaaa` | the endpoint stayed down | stayed invalid |',
    '| out-1 | mine/r1/confirm | 1 | `bbbbbbbbbbbb` | the disk is full | failed |',
    '108 trials, 2 invalid',
  ])
    expect(text).toContain(part);
});

test('a use of heldOut by leaving edits out is counted as the ledger counts it, one under another contract is not', () => {
  const promotion = ledgerUse('promotion', 3, 1);
  const other = { ...ledgerUse('promotion', 9, 1), evidence: { contract: 'd'.repeat(64) } };
  const report = buildReport({ ...source(), ledger: [promotion, ledgerUse('prune', 5, null), other] });
  expect(report.heldOut).toMatchObject({ decisions: 2, ablations: 1, uses: 5 });
  const text = formatReport(report);
  expect(text).toContain('heldOut was used by 2 decision(s) (looks: round 1: 2; leaving edits out: 1)');
  expect(text).toContain('had been used 5 time(s)');
  expect(buildReport({ ...source(), ledger: [] }).heldOut).toMatchObject({ decisions: 0, uses: null });
});

test('control arms stand in it with what they spent; what cannot be told is said, and is no 0', () => {
  const known = { value: 0.5, low: 0.4, high: 0.6 };
  const figures = { rate: known, gain: null, lead: known };
  const nothing = { rate: null, gain: null, lead: null };
  const common = { heldIn: figures, heldOut: figures, harness: 'h' };
  const outlay = { trials: 40, tokens: 900, usd: null };
  const controls = {
    evolving: { trials: 60, tokens: 1000, usd: null },
    money: 'tokens' as const,
    rows: [
      { ...common, arm: 'evolved' as const, equal: [], attempts: 2, outlay },
      { ...common, arm: 'random-edit' as const, equal: ['trials' as const], attempts: 2, outlay },
      {
        ...{
          arm: 'best-of-n, by verifier' as const,
          equal: ['money' as const],
          attempts: null,
          outlay: null,
        },
        ...{ harness: 'h', heldIn: nothing, heldOut: nothing },
      },
    ],
    search: { rounds: 3, edits: 12, promoted: 1 },
    votes: { attempts: 9, unknown: 2 },
    record: 'r',
  };
  const report = buildReport({ ...source(), controls });
  expect(report.controls).toEqual(controls);
  const text = formatReport(report);
  for (const part of [
    '## The same money without evolving',
    '| evolved harness | 40 trials and 900 tokens | 50.0 % (40.0 to 60.0) | same harness |  |',
    '| random edits, equal trials | 40 trials and 900 tokens | 50.0 % (40.0 to 60.0) | insufficient data | +50.0 points (40.0 to 60.0) |',
    '| best of n by verifier, equal tokens | cannot be told | insufficient data | insufficient data | insufficient data |',
    'Not every price is known',
    'What tokens buy cannot be told',
    '3 rounds of the same gate, 12 edits, 1 promotion.',
    'those of 2 of 9 attempts are unknown',
  ])
    expect(text).toContain(part);
  expect(formatReport(buildReport(source()))).not.toContain('without evolving');
});

test('with a calibration it is that which says how small a gain could be seen', () => {
  const power = {
    level: 0.8,
    wantedGain: 0.05,
    roundTrials: null,
    wanted: null,
    wantedTrials: null,
    detectable: 0.09,
    wouldTake: null,
    wouldTakeTasks: null,
  };
  const calibration = {
    tasks: 12,
    trials: 24,
    invalid: 0,
    passRate: null,
    difference: { value: 0, low: -0.06, high: 0.06 },
    standardError: 0.03,
    floor: 0.06,
    largestMove: null,
    p: 1,
    withinShare: null,
    flaky: { count: 1, tasks: ['in-4'] },
    power,
    cost: { tokens: null, usd: null, seconds: null },
    record: null,
  };
  const report = buildReport({ ...source(), calibration });
  expect(report.smallestGain.gain).toBe(0.09);
  const text = formatReport(report);
  expect(text).toContain('flaky tasks (1): in-4');
  expect(text).toContain('less than about 9.0 points');
});

test('what a model wrote cannot break out of its place', () => {
  const words = 'Do it.\n```\n# Promoted by a person\n````\n\u202eevil';
  const summary = '# no heading | no cell <img src=x> [link](http://x) `code`\n\n## nor here';
  const text = formatReport(buildReport(source({ words, summary })));
  expect(text).toContain('`````diff');
  expect(text).not.toContain('\u202e');
  const outside = text.replace(/^(`{3,})diff$[\s\S]*?^\1$/gm, '');
  expect(outside).not.toMatch(/^#+ (Promoted by|no heading|nor here)/m);
  expect(outside).not.toMatch(/(?<!\\)<img|(?<!\\)\[link/);
  expect(outside).toContain('\\# no heading \\| no cell');
});

test('what is not known is said to be unknown, never shown as 0', () => {
  const { rounds, ...rest } = source();
  const lost = { ...rounds[0]!, proposals: {}, details: {}, incumbent: null };
  const report = buildReport({
    ...rest,
    final: null,
    rounds: [{ ...lost, result: { ...lost.result, comparison: null } }],
  });
  expect(report).toMatchObject({ final: null, falsePromotions: null, smallestGain: { gain: null } });
  expect(report.rounds[0]!.proposals[0]).toMatchObject({ diff: null, edit: null });
  expect(report.rounds[0]!.weaknesses[0]).toMatchObject({ support: 4, detail: null });
  const text = formatReport(report);
  expect(text).toContain('The final measurement has not been made.');
  expect(text).toContain('cannot be told');
});

test('an evolution that promoted nothing says so', () => {
  const seed = { digest: 'a'.repeat(64), harness: seedHarness() };
  const text = formatReport(buildReport({ ...source(), champion: seed, rounds: [], invalid: [] }));
  expect(text).toContain('The seed: nothing was promoted.');
  expect(text).toContain('same harness');
  expect(text).toContain('## Invalid trials\n\nNone.');
});

test('the false promotions that are expected grow with the rounds', () => {
  const one = source();
  const three = { ...one, rounds: [one.rounds[0]!, one.rounds[0]!, one.rounds[0]!] };
  const paper = { ...contract, gate: { ...contract.gate, kind: 'paper' as const } };
  const expected = (evolution: typeof one) => buildReport(evolution).falsePromotions!.expected;
  const [single, triple] = [one, three].map((it) => expected({ ...it, contract: paper }));
  expect(triple!.value).toBeGreaterThan(2 * single!.low);
  expect(triple!.low).toBeGreaterThan(single!.high);
  expect(expected(one).value).toBeLessThan(single!.value);
});
