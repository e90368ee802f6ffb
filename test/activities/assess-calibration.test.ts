/** From the stored trials of a calibration to what it says. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { createAssessCalibration } from '../../src/activities/assess-calibration.js';
import type { WorkerContext } from '../../src/activities/context.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { INVALID_TRIALS, TRIALS, trialKey } from '../../src/trial/key.js';
import type { TrialResult } from '../../src/trial/types.js';
import type { Calibration } from '../../src/validation/calibration.js';
import type { CalibrationInput } from '../../src/workflows/types.js';
import { fakeTask } from '../suite/fixtures.js';
import { fakeContract } from '../trial/fakes.js';
import { SETTINGS } from '../validation/support.js';

const TASKS = ['in-1', 'in-2', 'in-3', 'in-4', 'out-1', 'out-2'].map((name) => fakeTask(name));
const contract = fakeContract(TASKS);
const input: CalibrationInput = {
  contract: 'contract',
  harness: 'seed',
  purpose: 'mine/calibrate',
  heldIn: ['in-1', 'in-2', 'in-3', 'in-4'],
  heldOut: ['out-1', 'out-2'],
  plan: { attempts: 2, wantedGain: 0.3, onTooSmall: 'ask' },
  gate: { kind: 'paper', settings: { ...SETTINGS, attempts: 1 } },
  width: 1,
  concurrency: 2,
  seed: 1,
  allowance: {},
};

/** What each task's four attempts came to: P, F, I for invalid, a blank for one that was never run. */
async function assessed(
  outcomes: Record<string, string>,
  change: Partial<CalibrationInput> = {},
): Promise<{ calibration: Calibration; record: Record<string, unknown> }> {
  const store = createMemoryStore();
  for (const [name, letters] of Object.entries(outcomes)) {
    const { digest } = TASKS.find((task) => task.name === name)!;
    for (const [i, letter] of [...letters].entries()) {
      if (letter === ' ') continue;
      const { contract, harness, purpose } = input;
      const key = trialKey({ contract, harness, purpose, task: name, attempt: i + 1 }, digest);
      await store.putKeyed(letter === 'I' ? INVALID_TRIALS : TRIALS, key, {
        outcome: letter === 'P' ? 'passed' : letter === 'F' ? 'failed' : 'invalid',
        promptTokens: 90 + i * 10,
        completionTokens: 10,
        costUsd: name === 'in-1' && i === 0 && change.seed === 7 ? null : 0.5,
        seconds: 3,
      } as TrialResult);
    }
  }
  const activity = createAssessCalibration({
    store,
    contract: async () => ({ contract }),
  } as unknown as WorkerContext);
  const environment = new MockActivityEnvironment();
  const calibration = (await environment.run(activity, { ...input, ...change })) as Calibration;
  return { calibration, record: await store.getJson({ sha256: calibration.record! }) };
}

const half = {
  'in-1': 'PPPP',
  'in-2': 'FFFF',
  'in-3': 'PFPF',
  'in-4': 'FFFF',
  'out-1': 'PPPP',
  'out-2': 'FFPF',
};

test('reads noise, flaky tasks and costs off the trials, and keeps what each task did', async () => {
  const { calibration, record } = await assessed(half);
  expect(calibration).toMatchObject({
    tasks: 6,
    trials: 24,
    invalid: 0,
    flaky: { count: 2, tasks: ['in-3', 'out-2'] },
    cost: { tokens: { median: 110, upper: 130 }, usd: { median: 0.5, upper: 0.5 }, seconds: { median: 3 } },
    power: { wantedGain: 0.3, roundTrials: null },
  });
  expect(calibration).not.toHaveProperty('perTask');
  expect(record.perTask).toContainEqual({ task: 'out-2', split: 'heldOut', passes: 1, trials: 4 });
});

test('what is invalid or was never run is no failure, and without a valid trial nothing is claimed', async () => {
  const { calibration } = await assessed({ ...half, 'in-4': 'IIII', 'out-1': 'PP  ' });
  expect(calibration).toMatchObject({ trials: 18, invalid: 6, tasks: 5 });
  const none = (await assessed({ 'in-1': 'IIII' })).calibration;
  expect(none).toMatchObject({
    trials: 0,
    floor: null,
    p: null,
    power: null,
    cost: { tokens: null, usd: null, seconds: null },
  });
});

test.each([
  ['trials', { trials: 30 }, 26],
  // 110 tokens, half a dollar and 3 seconds a trial.
  ['tokens', { tokens: 2200 }, 16],
  ['dollars', { usd: 10 }, 16],
  ['the tightest of them', { trials: 30, usd: 5 }, 6],
  ['nothing', { trials: 2 }, 0],
])('a round gets what the budget leaves beside the observation: %s', async (_, allowance, trials) => {
  expect((await assessed(half, { allowance })).calibration.power!.roundTrials).toBe(trials);
});

test('hours count for all slots', async () => {
  const until = Date.now() + 300_000;
  // 300 seconds, two at once, 3 seconds each: 200 trials, less some for the time that this test takes.
  const { power } = (await assessed(half, { allowance: { until } })).calibration;
  expect(power!.roundTrials).toBeGreaterThan(80);
  expect(power!.roundTrials).toBeLessThanOrEqual(196);
});

test('a trial without a price leaves the dollars unknown', async () => {
  const { calibration } = await assessed(half, { seed: 7, allowance: { usd: 10 } });
  expect(calibration.cost.usd).toBeNull();
  expect(calibration.power!.roundTrials).toBeNull();
});
