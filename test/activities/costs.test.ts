/** What a reading or a proposal costs, over tries that fail and workflow runs that ask for it again. */
import { type Call, isLost, keptBill, type PaidCall, paidCall } from '../../src/activities/costs.js';
import { ModelError } from '../../src/model/types.js';
import { createMemoryStore } from '../../src/store/memory.js';
import type { ArtifactStore } from '../../src/store/types.js';
import { fakeContract, silentModel } from '../trial/fakes.js';

const price = { inputPerMillion: 1e6, outputPerMillion: 0 };
const { model: config } = fakeContract([], { model: { name: 'm', price } });
const call: Call = {
  area: 'proposals',
  key: 'a'.repeat(64),
  role: 'proposer',
  payer: { contract: 'c'.repeat(64), evolution: 'mine' },
  config,
};
/** One answer takes 7 tokens in and 3 out, seven dollars. */
const ANSWER = { promptTokens: 7, completionTokens: 3, usd: 7 };

const ask = async (store: ArtifactStore, id: string, before?: unknown) => {
  const notes: unknown[] = [];
  const run = {
    id,
    run: id.slice(0, id.indexOf('/') + 1),
    note: (note: unknown) => notes.push(note),
    before,
  };
  return { ...(await paidCall(store, call, silentModel, run)), notes };
};

/** Has its answer, and comes to nothing all the same. */
async function refused({ spend, model }: PaidCall): Promise<void> {
  const failing = spend(async () => {
    await model.complete({ messages: [] });
    throw new Error('refused');
  });
  await expect(failing).rejects.toThrow('refused');
}

test('a try that fails is paid for, by whoever asks again', async () => {
  const store = createMemoryStore();
  const first = await ask(store, 'run-1/1/1');
  await refused(first);
  expect(first.bill()).toMatchObject({ spend: ANSWER });

  const second = await ask(store, 'run-1/2/1');
  await second.spend(() => second.model.complete({ messages: [] }));
  expect(second.usage()).toMatchObject({ promptTokens: 14 });
  expect(second.bill()).toMatchObject({
    spend: { promptTokens: 14, usd: 14, roles: { proposer: { tokens: 20 } } },
  });
  expect(second.bill().before).toBeUndefined();
  await second.keep();
  expect(await keptBill(store, call, { run: 'run-1/' })).toEqual(second.bill());
  const elsewhere = await keptBill(store, call, { run: 'run-2/' });
  expect(elsewhere.before).toEqual(elsewhere.spend);
  expect(elsewhere.spend).toMatchObject({ promptTokens: 14 });
});

test('another run that has to ask again pays its own part only', async () => {
  const store = createMemoryStore();
  const first = await ask(store, 'run-1/1/1');
  await refused(first);
  const second = await ask(store, 'run-2/1/1');
  await second.spend(() => second.model.complete({ messages: [] }));
  expect(second.usage()).toMatchObject({ promptTokens: 7 });
  expect(second.bill()).toMatchObject({ spend: { promptTokens: 14 }, before: ANSWER });
});

test('what a worker that went away had spent is known by its last heartbeat, and counts once', async () => {
  const store = createMemoryStore();
  const first = await ask(store, 'run-1/1/1');
  await first.model.complete({ messages: [] });
  const [heartbeat] = first.notes;
  for (const attempt of ['run-1/1/2', 'run-1/1/3']) {
    const next = await ask(store, attempt, heartbeat);
    expect(next.bill()).toMatchObject({ spend: ANSWER });
  }
});

test.each([
  ['bad-request', false, true],
  ['context-length', false, true],
  ['quota', false, false],
  ['cancelled', false, false],
  ['timeout', true, false],
] as const)('a call that fails with %s is lost by itself: %#', (kind, retryable, lost) => {
  const error = new ModelError('no', kind);
  expect(error.retryable).toBe(retryable);
  expect(isLost(error)).toBe(lost);
});
