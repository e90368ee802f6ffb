/** What an evolution has cost before, by what lies in the store: its budget holds for all of its runs together. */
import { type Call, paidCall } from '../../src/activities/costs.js';
import { paidEarlier } from '../../src/activities/earlier.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { executeTrial, InvalidTrial, keepInvalid } from '../../src/trial/run.js';
import { noteBrokenTry } from '../../src/trial/tries.js';
import { NO_SPEND } from '../../src/workflows/spend.js';
import { fakeContract, fakeDeps, fakeInput, silentModel } from '../trial/fakes.js';

const price = { inputPerMillion: 1000, cachedInputPerMillion: 500, outputPerMillion: 2000 };
const { suite, spec } = fakeInput();
const contract = fakeContract(suite.tasks, { model: { name: 'm', price } });
const payer = { contract: spec.contract, evolution: 'mine' };
/** What a trial of these takes: 600 fresh, 400 cached, 50 answered. */
const TRIAL = { tokens: 1050, usd: 0.6 + 0.2 + 0.1 };

function world() {
  const store = createMemoryStore();
  const deps = fakeDeps({ store });
  return {
    store,
    run: (change: Partial<typeof spec>) =>
      executeTrial(deps, fakeInput({ contract, spec: { ...spec, purpose: 'mine/r1/observe', ...change } })),
    paid: () => paidEarlier(store, contract, payer),
  };
}

test('where nothing has run, nothing is paid', async () => {
  expect(await world().paid()).toEqual(NO_SPEND);
});

test('its trials count once each, with their tokens and dollars; those of other names, contracts and measurements do not', async () => {
  const { run, paid } = world();
  await run({});
  await run({});
  await run({ attempt: 2 });
  await run({ purpose: 'mine/calibrate' });
  await run({ purpose: 'mine/measure' });
  await run({ purpose: 'mine-too/r1/observe' });
  await run({ contract: 'd'.repeat(64) });
  const spend = await paid();
  expect(spend).toMatchObject({ trials: 3, invalid: 0, promptTokens: 3000, completionTokens: 150 });
  expect(spend.usd).toBeCloseTo(3 * TRIAL.usd, 10);
  expect(spend.roles.agent.tokens).toBe(3 * TRIAL.tokens);
});

test('so do broken tries, readings and proposals', async () => {
  const { store, run, paid } = world();
  const { key } = await run({});
  const usage = { promptTokens: 70, cachedTokens: 0, completionTokens: 5, estimated: true };
  const broken = { contract: spec.contract, usage, reason: 'the disk is full' };
  await noteBrokenTry(store, key, { ...broken, id: 'a', purpose: 'mine/r1/observe' });
  await noteBrokenTry(store, key, { ...broken, id: 'b', purpose: 'other/r1/observe' });
  // Each asks once, for 10 tokens.
  const ask = async (change: Partial<Call>) => {
    const call: Call = { area: 'proposals', key, role: 'proposer', payer, config: contract.model, ...change };
    const run = { id: 'run-1/1/1', run: 'run-1/', note: () => {}, before: undefined };
    const paidFor = await paidCall(store, call, silentModel, run);
    await paidFor.model.complete({ messages: [] });
    return paidFor;
  };
  await (await ask({ area: 'attributions', role: 'miner' })).keep();
  await (await ask({})).keep();
  await (await ask({ key: 'e'.repeat(64), payer: { ...payer, evolution: 'other' } })).keep();
  const broke = await ask({ key: 'f'.repeat(64) });
  await expect(broke.spend(() => Promise.reject(new Error('the budget is used up')))).rejects.toThrow();
  const total = await paid();
  expect(total).toMatchObject({ trials: 1, promptTokens: 1000 + 70 + 3 * 7, estimatedTokens: 75 + 30 });
  expect(total.roles).toMatchObject({ miner: { tokens: 10 }, proposer: { tokens: 20 } });
});

test('a trial that stayed invalid counts as one, and one that was mended and run again not twice', async () => {
  const { store, run, paid } = world();
  const facts = { startedAt: new Date(0), seconds: 2, agent: null, trace: null, verifierOutput: null };
  const usage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0, estimated: false };
  const invalid = new InvalidTrial('no sandbox', false, { ...facts, usage });
  const ports = { store, redact: <T>(value: T) => value };
  const input = fakeInput({ contract, spec: { ...spec, purpose: 'mine/r1/observe' } });
  await keepInvalid(ports, input, invalid);
  expect(await paid()).toMatchObject({ trials: 1, invalid: 1, promptTokens: 0, seconds: 2 });
  await run({});
  expect(await paid()).toMatchObject({ trials: 1, invalid: 0, promptTokens: 1000 });
});
