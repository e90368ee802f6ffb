/**
 * Histories of earlier versions replay on the workflow code of today: what is running survives an upgrade.
 * RECORD_HISTORIES=1 npx jest test/replay adds those of today's code, under the version of package.json.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { RUNTIME_VERSION } from '../../src/contract/runtime.js';
import { evolveHarness } from '../../src/workflows/index.js';
import { TASK_QUEUE } from '../../src/workflows/types.js';
import { fakeWorld, prepared } from '../support/fake-activities.js';
import { BUNDLE, quietRuntime, testTemporal, uniqueId } from '../support/temporal.js';

const HISTORIES = resolve(__dirname, 'histories');
const replay = { workflowBundle: { codePath: BUNDLE } };

const histories = readdirSync(HISTORIES).filter((file) => file.endsWith('.json'));

beforeAll(quietRuntime);

if (process.env.RECORD_HISTORIES) test("records today's histories", record);
else replayTests();

function replayTests(): void {
  test('there are histories of all workflows that people start', () => {
    for (const workflow of ['evolveHarness', 'runRound', 'runTrials', 'ablateHarness']) {
      expect(histories.some((file) => file.includes(workflow))).toBe(true);
    }
  });

  test.each(histories)('%s replays', async (file) => {
    const history = JSON.parse(readFileSync(join(HISTORIES, file), 'utf8'));
    await Worker.runReplayHistory(replay, history, idOf(file));
  });

  test('a history that did something else does not replay', async () => {
    const file = histories.find((name) => name.includes('runTrials'))!;
    const text = readFileSync(join(HISTORIES, file), 'utf8').replaceAll('"runTrial"', '"anotherActivity"');
    await expect(Worker.runReplayHistory(replay, JSON.parse(text), idOf(file))).rejects.toThrow();
  });
}

async function record(): Promise<void> {
  const temporal = await testTemporal();
  const world = fakeWorld({
    prepared: prepared({
      rounds: 2,
      ablation: 'report',
      controls: ['no-op', 'best-of-n', 'random-edit'],
    }),
    passes: ({ harness, task }) => harness.includes('good') || Number(task.split('-')[1]) % 2 === 0,
  });
  const workflowId = `evolve/${uniqueId('recorded')}`;
  try {
    await temporal.withWorkers(world.activities, () =>
      temporal.client.workflow.execute(evolveHarness, {
        taskQueue: TASK_QUEUE,
        workflowId,
        args: [{ suite: 'fake-suite', model: { name: 'fake' } }],
      }),
    );
    mkdirSync(HISTORIES, { recursive: true });
    for await (const info of temporal.client.workflow.list({
      query: `WorkflowId STARTS_WITH "${workflowId}"`,
    })) {
      const handle = temporal.client.workflow.getHandle(info.workflowId, info.runId);
      const history = historyToJSON(await handle.fetchHistory());
      const place = info.workflowId.slice(workflowId.length).replaceAll('/', '_') || '_';
      const name = `${RUNTIME_VERSION.split(' ')[1]}-${info.type}${place}-${info.runId.slice(0, 4)}.json`;
      writeFileSync(join(HISTORIES, name), `${history}\n`);
    }
  } finally {
    await temporal.close();
  }
}

/** Ids of children come from the id of their parent. */
function idOf(file: string): string {
  const history = JSON.parse(readFileSync(join(HISTORIES, file), 'utf8'));
  return history.events[0].workflowExecutionStartedEventAttributes.workflowId;
}
