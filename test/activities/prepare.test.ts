/** What an evolution runs with, from a plain configuration. */
import path from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createContext } from '../../src/activities/context.js';
import { createPrepareEvolution } from '../../src/activities/prepare.js';
import type { SandboxProvider } from '../../src/sandbox/types.js';
import { createMemoryStore } from '../../src/store/memory.js';
import type { Prepared } from '../../src/workflows/types.js';
import { fakeEndpoint, json } from '../model/fake-endpoint.js';
import { minimalTask, removeTemporaryFolders, temporaryFolder, writeFiles } from '../suite/fixtures.js';

let endpoint: Awaited<ReturnType<typeof fakeEndpoint>>;
beforeAll(async () => {
  endpoint = await fakeEndpoint((_body, response) => json(response, 200, { data: [{ id: 'm' }] }));
});
afterAll(async () => {
  await endpoint.close();
  await removeTemporaryFolders();
});

test('the tasks of the splits travel by name or number, those in quarantine by number', async () => {
  const suite = await temporaryFolder();
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await writeFiles(path.join(suite, name), minimalTask);
  const stateDir = await temporaryFolder();
  const context = createContext({ stateDir, store: createMemoryStore(), env: {}, searchAttributes: false });
  const sandbox = { kind: 'bubblewrap', fingerprint: async () => 'f' } as unknown as SandboxProvider;
  const prepared = (await new MockActivityEnvironment().run(
    createPrepareEvolution({ ...context, sandbox: async () => sandbox }),
    {
      suite,
      model: { name: 'm', endpoint: { baseUrl: endpoint.url } },
      split: { heldIn: 1, heldOut: 1 },
      quarantine: { c: 'flaky', a: 'its oracle fails' },
    },
  )) as Prepared;
  expect(prepared).toMatchObject({
    heldIn: [expect.any(String)],
    heldOut: [expect.any(String)],
    sealed: 2,
    quarantined: 2,
  });
});
