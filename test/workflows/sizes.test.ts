/** What crosses Temporal stays small at normal sizes: 43 and 21 tasks, four proposals, every stage. Measured in real histories. */
import { evolutionResult, startEvolution } from '../../src/client/evolutions.js';
import { fakeWorld, prepared, proposed } from '../support/fake-activities.js';
import { type TestTemporal, testTemporal, uniqueId } from '../support/temporal.js';

const INPUT_BYTES_MAX = 4096;
const RESULT_BYTES_MAX = 2048;
const LIST_BYTES_MAX = 3584;
/** Names as long as those of the bundled suite get. */
const tasks = (split: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${split}-${i + 1}-typical-name`);
const digest = (text: string) => Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64);

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await testTemporal();
});
afterAll(() => temporal.close());

interface Payload {
  what: string;
  bytes: number;
}

type Attributes = Record<string, { input?: Payloads; result?: Payloads } | null | undefined>;
interface Payloads {
  payloads?: { data?: Uint8Array | null }[] | null;
}

async function payloads(workflowId: string): Promise<{ inputs: Payload[]; results: Payload[] }> {
  const inputs: Payload[] = [];
  const results: Payload[] = [];
  const bytes = (it: Payloads | undefined) =>
    (it?.payloads ?? []).reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  for await (const info of temporal.client.workflow.list({
    query: `WorkflowId STARTS_WITH "${workflowId}"`,
  })) {
    const { events } = await temporal.client.workflow.getHandle(info.workflowId, info.runId).fetchHistory();
    for (const event of events ?? []) {
      for (const [kind, attributes] of Object.entries(event as unknown as Attributes)) {
        if (!kind.endsWith('EventAttributes') || !attributes) continue;
        const what = `${info.type} ${kind.replace('EventAttributes', '')}`;
        if (attributes.input) inputs.push({ what, bytes: bytes(attributes.input) });
        if (attributes.result) results.push({ what, bytes: bytes(attributes.result) });
      }
    }
  }
  return { inputs, results };
}

const largest = (all: Payload[]) => all.reduce((most, one) => (one.bytes > most.bytes ? one : most));

test('inputs stay under 4 KB and results under 2 KB, those that list all tasks or proposals under 3.5 KB', async () => {
  const harness = digest('good');
  const world = fakeWorld({
    prepared: prepared({
      heldIn: tasks('in', 43),
      heldOut: tasks('out', 21),
      seedHarness: digest('seed'),
      width: 4,
      concurrency: 32,
    }),
    passes: (spec) => spec.harness.includes(harness) || Number(spec.task.split('-')[1]) % 2 === 0,
    slots: (slot, round, targets) => ({
      ...proposed(slot, round, slot === 1 ? harness : digest(`useless-${slot}`), targets),
      summary: 'An edit of one line that says what it changes and why it should help. '.repeat(2),
    }),
  });
  const name = uniqueId('sizes');
  await temporal.withWorkers(world.activities, async () => {
    await startEvolution(temporal.client, name, { suite: 'fake-suite', model: { name: 'fake' } });
    await evolutionResult(temporal.client, name);
  });
  const { inputs, results } = await payloads(`evolve/${name}`);
  // The first answer and a round's result name every task or every proposal once; nothing else does.
  const lists = (what: string) =>
    /^evolveHarness (activityTask|workflowExecution)Completed|^runRound workflowExecutionCompleted|^evolveHarness child/.test(
      what,
    );
  expect(largest(inputs).bytes).toBeLessThan(INPUT_BYTES_MAX);
  expect(largest(results.filter(({ what }) => !lists(what))).bytes).toBeLessThan(RESULT_BYTES_MAX);
  expect(
    largest(results.filter(({ what }) => !what.startsWith('evolveHarness workflow'))).bytes,
  ).toBeLessThan(LIST_BYTES_MAX);
}, 120_000);
