/** Two processes on one registry, and one that is killed. */
import { rm } from 'node:fs/promises';
import { createFileRegistry } from '../../src/registry/file.js';
import { compileSources, outputOf, runScript } from '../support/compile.js';
import { entry, folder, harness, removeFolders } from './support.js';

let compiled: string;
beforeAll(async () => {
  compiled = await compileSources(['store', 'registry', 'harness']);
});
afterAll(async () => {
  await rm(compiled, { recursive: true, force: true });
  await removeFolders();
});

async function begun() {
  const dir = await folder();
  const registry = createFileRegistry(dir);
  const digests = await Promise.all(['a', 'b', 'c'].map((text) => registry.putVersion(harness(text))));
  await registry.record(entry({ id: 'seed', action: 'seed', harness: digests[0]! }));
  return { dir, registry, digests };
}

const APPEND_MANY = `
  import { createFileRegistry } from './registry/file.js';
  const [dir, draft, count] = process.argv.slice(1);
  const registry = createFileRegistry(dir);
  const entry = JSON.parse(draft);
  for (let i = 0; i < Number(count); i++) {
    await registry.record({ ...entry, id: entry.id + '/' + i });
    if (i === 3) console.log('under way');
  }`;

test('processes that append at once lose no entry and break no chain', async () => {
  const { dir, registry, digests } = await begun();
  const writers = ['one', 'two', 'three'].map((id, i) =>
    outputOf(
      runScript(compiled, APPEND_MANY, {
        args: [dir, JSON.stringify(entry({ id, harness: digests[i]! })), '12'],
      }),
    ),
  );
  await Promise.all(writers);
  const ledger = await registry.ledger();
  expect(ledger).toHaveLength(37);
  expect((await registry.verify()).filter(({ ok }) => !ok)).toEqual([]);
  expect(await registry.refs()).toEqual({ champion: ledger.at(-1)!.harness });
});

test('of two promotions of one parent one wins, the other is told', async () => {
  const { dir, registry, digests } = await begun();
  const promote = `
    import { createFileRegistry } from './registry/file.js';
    const [dir, draft] = process.argv.slice(1);
    const entry = JSON.parse(draft);
    await createFileRegistry(dir).record(entry, { expectedRef: entry.parent }).then(
      () => console.log('won'),
      (error) => console.log(error.code),
    );`;
  const outputs = await Promise.all(
    [1, 2].map((i) => {
      const draft = entry({ id: `p${i}`, harness: digests[i]!, parent: digests[0]! });
      return outputOf(runScript(compiled, promote, { args: [dir, JSON.stringify(draft)] }));
    }),
  );
  expect(outputs.map((output) => output.trim()).sort()).toEqual(['conflict', 'won']);
  expect(await registry.ledger()).toHaveLength(2);
});

test('a writer killed in the middle leaves a registry that goes on', async () => {
  const { dir, registry, digests } = await begun();
  const child = runScript(compiled, APPEND_MANY, {
    args: [dir, JSON.stringify(entry({ id: 'k', harness: digests[1]! })), '100000'],
  });
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  expect((await registry.verify()).filter(({ ok }) => !ok)).toEqual([]);
  await registry.record(entry({ id: 'after', harness: digests[2]! }));
  expect(await registry.refs()).toEqual({ champion: digests[2] });
});
