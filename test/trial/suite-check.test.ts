/** Judging the runs of a suite check; the sandbox is a map of files. */
import { checkSuite, type SuiteCheckOptions } from '../../src/trial/suite-check.js';
import { fakeSuite, fakeTask } from '../suite/fixtures.js';
import { type FakeFiles, fakeSandboxes, rewarding } from './fakes.js';

const limits = { memoryMb: 512, processes: 64, storageMb: 64 };

/** @param solved what the verifier says of the n-th run of the solution, from 1; null: it writes nothing */
async function check(solved: (run: number) => string | null, options: Partial<SuiteCheckOptions> = {}) {
  const sandbox = fakeSandboxes((files: FakeFiles) => {
    // Solution and nothing take turns.
    const nth = sandbox.specs.length;
    if (nth % 2 === 0) return rewarding('0')(files);
    const reward = solved((nth + 1) / 2);
    return reward === null ? 'nothing' : rewarding(reward)(files);
  });
  const { tasks } = await checkSuite(fakeSuite([fakeTask('one')]), {
    sandbox,
    limits,
    concurrency: 1,
    ...options,
  });
  return tasks[0]!;
}

test('once: no shares but 0 and 1, nothing flaky', async () => {
  expect(await check(() => '1')).toMatchObject({
    healthy: true,
    runs: 1,
    oraclePassShare: 1,
    noopPassShare: 0,
    flaky: false,
  });
});

test('verdicts that differ between runs make a task flaky and unhealthy, with the shares', async () => {
  const flaky = await check((run) => (run === 3 ? '0' : '1'), { repeat: 3 });
  expect(flaky).toMatchObject({
    oracle: 1,
    healthy: false,
    flaky: true,
    runs: 4,
    oraclePassShare: 0.75,
    noopPassShare: 0,
    reason: expect.stringMatching(/^flaky: oracle came to 1 in 3 of 4 runs; otherwise reward 0/),
  });
});

test('a run without a verdict is no failed one, and makes a task flaky all the same', async () => {
  expect(await check((run) => (run === 2 ? null : '1'), { repeat: 1 })).toMatchObject({
    flaky: true,
    healthy: false,
    oraclePassShare: 1,
    reason: expect.stringContaining('neither reward.json nor reward.txt'),
  });
  expect(await check(() => null, { repeat: 1 })).toMatchObject({
    oracle: null,
    flaky: false,
    healthy: false,
    oraclePassShare: null,
  });
});

test('only the runs after the first are under load', async () => {
  const seen: number[] = [];
  let open = 0;
  const base = fakeSandboxes(rewarding('1'));
  const sandbox = {
    ...base,
    create: async (...args: Parameters<typeof base.create>) => {
      seen.push(++open);
      const made = await base.create(...args);
      const destroy = async () => {
        open -= 1;
      };
      return { ...made, destroy };
    },
  };
  const suite = fakeSuite(['a', 'b', 'c', 'd'].map((name) => fakeTask(name)));
  let told = 0;
  await checkSuite(suite, {
    sandbox,
    limits,
    concurrency: 1,
    repeat: 2,
    repeatConcurrency: 6,
    onProgress: () => told++,
  });
  expect(Math.max(...seen.slice(0, 8))).toBe(1);
  expect(Math.max(...seen.slice(8))).toBe(6);
  expect(told).toBe(24);
});
