import { harnessDigest } from '../../src/harness/digest.js';
import { leaveOut, type PromotionStep, stepsProblem } from '../../src/harness/leave-out.js';
import { mergeEdits } from '../../src/harness/merge.js';
import { seedHarness } from '../../src/harness/seed.js';
import type { Edit } from '../../src/harness/types.js';

const seed = seedHarness();
const add = (name: string, text: string): Edit => ({
  surface: 'instructions',
  patch: [{ op: 'add', path: `/instructions/${name}`, value: { order: 900, text } }],
});
const reword = (name: string, text: string): Edit => ({
  surface: 'instructions',
  patch: [{ op: 'replace', path: `/instructions/${name}/text`, value: text }],
});

const steps: PromotionStep[] = [
  [
    { id: 'r1-p1', edit: add('first', 'Write early.') },
    { id: 'r1-p2', edit: add('second', 'Check late.') },
  ],
  [{ id: 'r2-p1', edit: reword('second', 'Check at once.') }],
  [{ id: 'r3-p1', edit: reword('system', 'Work.') }],
];

function made(of: PromotionStep[]) {
  return of.reduce(
    (harness, step) =>
      mergeEdits(
        harness,
        step.map(({ id, edit }) => ({ arm: id, edit })),
      ).harness,
    seed,
  );
}

test('an edit that nothing builds on is left out, and all others stay', () => {
  const left = leaveOut(seed, steps, ['r1-p1']);
  if (!left.ok) throw new Error(left.reason);
  expect(left.harness.instructions).not.toHaveProperty('first');
  expect(left.harness.instructions.second!.text).toBe('Check at once.');
  expect(left.harness.instructions.system!.text).toBe('Work.');
});

test('several can be left out; without any of them it is the start again', () => {
  const left = leaveOut(seed, steps, ['r1-p1', 'r1-p2', 'r2-p1', 'r3-p1']);
  expect(left).toMatchObject({ ok: true, digest: harnessDigest(seed) });
});

test('one that a later edit builds on is not, and the later one is named', () => {
  expect(leaveOut(seed, steps, ['r1-p2'])).toEqual({ ok: false, reason: expect.stringContaining('r2-p1') });
});

test('steps that do not lead to the harness they are said to have made are found out', () => {
  expect(stepsProblem(seed, steps, harnessDigest(made(steps)))).toBeNull();
  expect(stepsProblem(seed, steps.slice(1), harnessDigest(made(steps)))).not.toBeNull();
  expect(stepsProblem(seed, steps.slice(0, 2), harnessDigest(made(steps)))).not.toBeNull();
});
