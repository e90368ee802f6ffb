import { run, sandboxes } from './support.js';

const { create } = sandboxes();

test('a command gives its exit code and both its outputs, in order', async () => {
  const sandbox = await create();
  const result = await run(sandbox, 'echo out; echo err >&2; echo more > /dev/stderr; exit 7');
  expect(result).toMatchObject({ exitCode: 7, output: 'out\nerr\nmore\n', timedOut: false, omittedBytes: 0 });
});
