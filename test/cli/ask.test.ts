import { PassThrough } from 'node:stream';
import { ask } from '../../src/cli/ask.js';

function answered(text: string): { answer: Promise<boolean>; shown: () => string } {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answer = ask('it sees nothing', { input, output });
  input.end(text);
  return { answer, shown: () => String(output.read()) };
}

test.each([
  ['y\n', true],
  [' YES \n', true],
  ['n\n', false],
  ['\n', false],
  ['yesterday\n', false],
  ['', false],
])('%j is %s', async (text, yes) => {
  const { answer, shown } = answered(text);
  expect(await answer).toBe(yes);
  expect(shown()).toMatch(/^it sees nothing\n.*\[y\/N\] $/);
});
