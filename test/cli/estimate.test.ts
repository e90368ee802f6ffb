/** What is said before anything is spent counts everything that will be run. */
import { estimateLines } from '../../src/cli/estimate.js';
import { type EvolutionConfigInput, evolutionSchema } from '../../src/contract/config.js';

const base = {
  suite: 'x',
  model: { name: 'm' },
  split: { heldIn: 4, heldOut: 2, sealed: 0 },
  rounds: 2,
  width: 1,
  gate: { kind: 'paper', attempts: 1 },
  finalAttempts: 1,
  calibration: { enabled: false },
} as const;
/** A round is 4 trials to observe and 12 to validate; the final measurement takes 12, or 6 where nothing is promoted. */
const EVOLVING = 32;

function trials(more: Partial<EvolutionConfigInput>): [number, number] {
  const [line] = estimateLines(evolutionSchema.parse({ ...base, ...more }));
  const [, min, max] = /estimate: (\d+) to (\d+) trials/.exec(line!)!;
  return [Number(min), Number(max)];
}

test.each<[EvolutionConfigInput['controls'], number]>([
  [[], 0],
  [['no-op'], 6],
  [['best-of-n'], EVOLVING],
  [['random-edit'], EVOLVING + 6],
  [['no-op', 'best-of-n', 'random-edit'], 2 * EVOLVING + 12],
])('the controls %j take %d trials more', (controls, more) => {
  expect(trials({ controls })).toEqual([EVOLVING + 6 + more, EVOLVING + 12 + more]);
});

test('the controls are named', () => {
  const [line] = estimateLines(evolutionSchema.parse({ ...base, controls: ['best-of-n', 'no-op'] }));
  expect(line).toContain('control arms best-of-n, no-op');
});
