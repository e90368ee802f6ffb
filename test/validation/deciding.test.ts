import { leftOut, validPairNeeded, validTrialsNeeded } from '../../src/validation/deciding.js';

test.each([
  [8, 16, 0.8, 'deciding needs 80 %, so 5 more'],
  [0, 1, 0.8, 'deciding needs 80 %, so 1 more'],
  // 7 of 10 are the share that is asked for, whatever 0.7 x 10 comes to in binary.
  [6, 10, 0.7, 'deciding needs 70 %, so 1 more'],
])('%d valid ones of %d at a share of %d: says how many more', (valid, requested, share, words) => {
  expect(validTrialsNeeded(valid, requested, share)).toBe(words);
});

test('a missing pair and a place outside of the merge say what would have decided', () => {
  expect(validPairNeeded('heldOut')).toContain(
    'no task of heldOut has a valid pair of trials; deciding needs',
  );
  expect(leftOut('both set /a.')).toBe(
    'left out of the merge: both set /a. Proposed again without what it conflicts with, it would be judged.',
  );
  expect(leftOut(undefined)).toMatch(/^left out of the merge\. Proposed/);
});
