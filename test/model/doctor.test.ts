/** What `doctor` says of an endpoint: one sentence for each way of failing, and a note where there is no key. */
import { checkConfiguredEndpoint, checkModels } from '../../src/model/doctor.js';
import { fakeEndpoint, json, modelConfig, text } from './fake-endpoint.js';

let server: Awaited<ReturnType<typeof fakeEndpoint>>;
beforeEach(async () => {
  server = await fakeEndpoint((_body, response) => json(response, 200, { data: [{ id: 'm' }, { id: 'n' }] }));
});
afterEach(() => server.close());

const env = (extra: object = {}) => ({ OPENAI_API_KEY: 'sk-123', OPENAI_BASE_URL: server.url, ...extra });

test('an endpoint that answers is fine, and nothing is generated', async () => {
  const check = await checkConfiguredEndpoint(env());
  expect(check).toEqual({
    check: 'model endpoint',
    ok: true,
    detail: `${server.url} answers, with 2 models`,
    remedy: '',
  });
  expect(server.requests).toEqual([]);
});

test('a server of this machine needs no key', async () => {
  expect(await checkConfiguredEndpoint({ OPENAI_BASE_URL: server.url })).toMatchObject({ ok: true });
});

test('with nothing set, a note says what to set', async () => {
  const check = await checkConfiguredEndpoint({});
  expect(check).toMatchObject({ ok: true, detail: expect.stringContaining('export OPENAI_API_KEY=') });
  expect(check.detail).toContain('OPENAI_BASE_URL');
});

test('an address without a key is a note as well, and is not asked', async () => {
  const check = await checkConfiguredEndpoint({ OPENAI_BASE_URL: 'https://models.example/v1' });
  expect(check).toMatchObject({ ok: true, detail: expect.stringContaining('OPENAI_API_KEY is not set') });
});

test.each([
  ['a refused key', 401, { error: { message: 'Incorrect API key' } }, 'the key is refused', 'it takes'],
  ['an empty account', 402, { error: { message: 'no credits' } }, 'no quota left', 'Add credit'],
  ['a server that fails', 500, { error: { message: 'out of memory' } }, 'does not work', 'out of memory'],
])('%s is told with its remedy', async (_, status, body, detail, remedy) => {
  server.use((_body, response) => json(response, status, body));
  const check = await checkConfiguredEndpoint(env());
  expect(check).toMatchObject({ ok: false, detail: expect.stringContaining(detail) });
  expect(check.remedy).toContain(remedy);
});

test('an address that nothing listens at', async () => {
  const gone = await fakeEndpoint(() => {});
  await gone.close();
  const check = await checkConfiguredEndpoint(env({ OPENAI_BASE_URL: gone.url }));
  expect(check).toMatchObject({ ok: false, detail: 'not reached' });
  expect(check.remedy).toContain('OPENAI_BASE_URL');
});

test('an address that is none', async () => {
  const check = await checkConfiguredEndpoint(env({ OPENAI_BASE_URL: 'localhost:8000' }));
  expect(check).toMatchObject({ ok: false, remedy: expect.stringContaining('not an http or https URL') });
});

test('an endpoint without a list of models answers, with a word on the address', async () => {
  server.use((_body, response) => json(response, 404, {}));
  expect(await checkConfiguredEndpoint(env())).toMatchObject({
    ok: true,
    detail: expect.stringContaining('usually ends in /v1'),
  });
});

test.each([
  ['says nothing', () => {}],
  [
    'stops in the middle of its answer',
    (_body: unknown, response: import('node:http').ServerResponse) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"data": [');
    },
  ],
])('an endpoint that %s is given up', async (_, handler) => {
  server.use(handler);
  const check = await checkConfiguredEndpoint(env(), 0.2);
  expect(check).toMatchObject({ ok: false, detail: `${server.url} did not answer within 0.2 s` });
  expect(check.remedy).toContain('is up');
});

test('a model that thinks for too long is given up as well', async () => {
  server.use((_body, response, request) => {
    if (request.method === 'GET') json(response, 404, {});
  });
  const [check] = await checkModels({ model: modelConfig(server.url) }, env(), 0.2);
  expect(check).toMatchObject({ ok: false, detail: expect.stringContaining('within 0.2 s') });
});

test('of a configuration both models are asked, each by its name', async () => {
  server.use((body, response, request) =>
    request.method === 'GET'
      ? json(response, 200, { data: [{ id: 'm' }] })
      : body.model === 'known'
        ? text('ok')(body, response, request)
        : json(response, 404, { error: { message: 'no such model' } }),
  );
  const [model, proposer] = await checkModels(
    { model: modelConfig(server.url), proposer: modelConfig(server.url, { name: 'other' }) },
    env(),
  );
  expect(model).toMatchObject({ ok: true, detail: expect.stringContaining('serves "m"') });
  expect(proposer).toMatchObject({
    check: "proposer's endpoint",
    ok: false,
    remedy: expect.stringContaining('"other"'),
  });
});
