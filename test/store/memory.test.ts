import { createMemoryStore } from '../../src/store/memory.js';
import { describeStore } from './contract.js';

describeStore('memory', async () => createMemoryStore());

test('a value changed after it was stored does not change the store', async () => {
  const store = createMemoryStore();
  const bytes = Buffer.from('abc');
  const ref = await store.put(bytes);
  bytes[0] = 0;
  (await store.get(ref))[0] = 0;
  expect((await store.get(ref)).toString()).toBe('abc');
});
