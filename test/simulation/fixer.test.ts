/** sim-fixer on the suite that it is meant for, under the harness of the example. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseHarness } from '../../src/harness/parse.js';
import { type Harness, harnessSchema } from '../../src/harness/schema.js';
import { attribute } from '../../src/mining/attribute.js';
import { buildEvidence } from '../../src/mining/evidence.js';
import { assignSlots } from '../../src/proposal/assign.js';
import { propose } from '../../src/proposal/propose.js';
import { profiles } from '../../src/simulation/profiles.js';
import { habit } from '../../src/simulation/weaknesses/habit.js';
import { always, failedTrial, Stage } from './play.js';

const ROOT = resolve(__dirname, '../..');
const PROSE = 'inikit-value-cut-short';
const INDEXED = 'inikit-comment-sign-in-quotes';

function tuned(): Harness {
  const file = join(ROOT, 'examples/issue-fixer/harness.yaml');
  const parsed = parseHarness(readFileSync(file, 'utf8'), file);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.harness;
}
const withMore = (more: object) => harnessSchema.parse({ ...tuned(), ...more });
const told = (text: string) =>
  withMore({ instructions: { ...tuned().instructions, added: { order: 260, text } } });
const rule = (on: string, when: string, action: string, message: string) =>
  withMore({ rules: { added: { on, when, do: [{ action, message }], limit: 3 } } });

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open(join(ROOT, 'suites/issue-fixer'), [...profiles, always(habit)]);
});
afterAll(() => stage.close());
const play = (task: string, harness: Harness) => stage.play('sim-habit', task, 3, harness);

describe('under the harness that was tuned to prose', () => {
  test('a project of the old style is mended', async () => {
    expect((await play(PROSE, tuned())).passed).toBe(true);
  });

  test('in the new style it reads the old place only, is refused, and finishes', async () => {
    const { passed, commands, result } = await play(INDEXED, tuned());
    expect(passed).toBe(false);
    expect(commands.some((command) => /CONTRIBUTING\.md/.test(command))).toBe(true);
    expect(commands.some((command) => /docs\//.test(command))).toBe(false);
    expect(JSON.stringify(result.trajectory)).toContain('[remote rejected]');
    expect(result.stopReason).toBe('finished');
  });

  test.each<[string, () => Harness]>([
    [
      'a standing instruction',
      () => told('If a page is superseded, open the page that replaces it and follow that.'),
    ],
    [
      'other words for it',
      () => told('Rules may be spread over several pages: consult the index of the documentation first.'),
    ],
    [
      'a word when it reads the stub',
      () =>
        rule(
          'after-tool',
          'result.output.contains("superseded")',
          'inject',
          'This is outdated. Go to the place that it names.',
        ),
    ],
    [
      'a finish refused',
      () =>
        rule(
          'before-finish',
          'toolErrors > 0',
          'refuse-finish',
          'The rules have moved: look them up where the stub points to.',
        ),
    ],
    [
      'no word of a fixed place',
      () => {
        const { contributions: _, ...instructions } = tuned().instructions;
        return withMore({ instructions });
      },
    ],
  ])('mended by: %s', async (_name, harness) => {
    expect((await play(INDEXED, harness())).passed).toBe(true);
  });

  test.each<[string, () => Harness]>([
    ['care', () => told('Work with care, and check the result before you finish.')],
    [
      'a repair asked for without a hint where',
      () =>
        rule(
          'before-finish',
          'toolErrors > 0',
          'refuse-finish',
          'Your push failed. Repair it before you finish.',
        ),
    ],
  ])('not by: %s', async (_name, harness) => {
    expect((await play(INDEXED, harness())).passed).toBe(false);
  });
});

test('the miner names the misuse; the proposer finds edits that mend it and keep the old style', async () => {
  const played = await play(INDEXED, tuned());
  const trial = failedTrial(played, INDEXED);
  const readings = await Promise.all(
    [1, 2, 3, 4, 5].map((seed) => attribute(trial, { model: stage.model('sim-fixer'), seed })),
  );
  // It misreads a trial now and then, by chance.
  const named = readings.filter(({ signature }) => signature.mechanism === 'misread-instruction');
  expect(named.length).toBeGreaterThanOrEqual(3);
  const attribution = named[0]!;
  expect(attribution).toMatchObject({
    signature: { mechanism: 'misread-instruction', cause: 'missing-artifact', status: 'root-cause' },
    mendable: true,
    detail: expect.stringMatching(/rules .* elsewhere/),
  });

  const verdicts: string[] = [];
  for (let round = 1; round <= 2; round++) {
    const evidence = buildEvidence({
      round,
      trials: [trial.result],
      attributions: [attribution],
      passing: [],
      earlier: [],
    });
    for (const assignment of assignSlots(evidence, 3, 1)) {
      const slot = await propose(assignment, evidence, tuned(), {
        model: stage.model('sim-fixer'),
        context: { taskNames: [], forbiddenTexts: [], earlierDigests: [] },
        role: 'self',
        seed: 20 + round,
      });
      if (slot.kind !== 'proposed') continue;
      const mended = (await play(INDEXED, slot.harness)).passed;
      verdicts.push(`${mended ? 'mends' : 'leaves'} ${assignment.surfaces[0]}`);
      if (mended) expect((await play(PROSE, slot.harness)).passed).toBe(true);
    }
  }
  expect(verdicts).toEqual(
    expect.arrayContaining(['mends instructions', 'mends rules', 'mends orchestration']),
  );
  expect(verdicts.some((verdict) => verdict.startsWith('leaves'))).toBe(true);
});
