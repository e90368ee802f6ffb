import { seedHarness } from '../../src/harness/seed.js';
import { attribute } from '../../src/mining/attribute.js';
import { buildEvidence } from '../../src/mining/evidence.js';
import type { Attribution } from '../../src/mining/types.js';
import { assignSlots } from '../../src/proposal/assign.js';
import { propose, type SlotResult } from '../../src/proposal/propose.js';
import { profiles } from '../../src/simulation/profiles.js';
import { explorer } from '../../src/simulation/weaknesses/explorer.js';
import { forgetter } from '../../src/simulation/weaknesses/forgetter.js';
import { optimist } from '../../src/simulation/weaknesses/optimist.js';
import { retrier } from '../../src/simulation/weaknesses/retrier.js';
import type { Weakness } from '../../src/simulation/weaknesses/types.js';
import { downloader, tagger, unprepared } from '../../src/simulation/weaknesses/unprepared.js';
import { always, failedTrial, Stage } from './play.js';
import { tinySuite } from './suite.js';

const weaknesses: [Weakness, RegExp][] = [
  [explorer, /endless-exploration/],
  [retrier, /repeated-failing-command|artifact-deleted/],
  [forgetter, /environment-lost-between-calls/],
  [optimist, /finished-with-failing-check/],
  [unprepared, /missing-dependency-not-checked/],
  [
    downloader,
    /unbounded-download|repeated-failing-command|missing-dependency-not-checked|ignored-tool-error|finished-with-failing-check/,
  ],
  [tagger, /malformed-tool-call/],
];
const suite = tinySuite(5);
let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open(suite.dir, [...profiles, ...weaknesses.map(([weakness]) => always(weakness))]);
});
afterAll(async () => {
  await stage.close();
  suite.remove();
});

const attributed = async (weakness: Weakness, seed = 1) => {
  const trial = failedTrial(await stage.play(`sim-${weakness.name}`, 'count-files-4', seed), 'count-files-4');
  const attribution = await attribute(trial, { model: stage.model('sim-minimax'), seed });
  return { trial, attribution };
};
const slots = async (trial: ReturnType<typeof failedTrial>, attribution: Attribution, rounds: number) => {
  const results: { result: SlotResult; surface: string }[] = [];
  for (let round = 1; round <= rounds; round++) {
    const evidence = buildEvidence({
      round,
      trials: [trial.result],
      attributions: [attribution],
      passing: [],
      earlier: [],
    });
    for (const assignment of assignSlots(evidence, 4, 1)) {
      const context = { taskNames: [], forbiddenTexts: [], earlierDigests: [] };
      const ports = { model: stage.model('sim-minimax'), context, role: 'self' as const, seed: 11 };
      results.push({
        result: await propose(assignment, evidence, seedHarness(), ports),
        surface: assignment.surfaces[0]!,
      });
    }
  }
  return results;
};

test.each(weaknesses.map(([weakness, expected]) => ({ name: weakness.name, weakness, expected })))(
  'the miner names what $name did',
  async ({ weakness, expected }) => {
    const { attribution } = await attributed(weakness);
    expect(attribution.signature.mechanism).toMatch(expected);
    expect(attribution.mendable).toBe(true);
  },
);

test.each([explorer, retrier, forgetter, optimist, unprepared, tagger])(
  'the proposer finds an edit that mends $name, and others that do not',
  async (weakness) => {
    const { trial, attribution } = await attributed(weakness);
    const results = await slots(trial, attribution, 4);
    const proposed = results.flatMap(({ result }) => (result.kind === 'proposed' ? [result] : []));
    expect(proposed.length).toBeGreaterThan(results.length / 2);
    const distinct = [...new Map(proposed.map((one) => [one.digest, one.harness])).values()];
    const verdicts = [];
    for (const harness of distinct)
      verdicts.push((await stage.play(`sim-${weakness.name}`, 'count-files-4', 1, harness)).passed);
    expect(new Set(verdicts)).toEqual(new Set([true, false]));
  },
);

test('over many slots it proposes, declines, and is refused', async () => {
  const { trial, attribution } = await attributed(explorer);
  const kinds = (await slots(trial, attribution, 25)).map(({ result }) => result.kind);
  const share = (kind: string) => kinds.filter((one) => one === kind).length / kinds.length;
  expect(share('proposed')).toBeGreaterThan(0.6);
  expect(share('declined')).toBeGreaterThan(0);
});
