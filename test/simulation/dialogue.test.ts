import { readDialogue } from '../../src/simulation/dialogue.js';
import { type Behaviour, nextMove, type Observation } from '../../src/simulation/mind.js';

const call = (id: string) => ({
  role: 'assistant',
  content: '',
  tool_calls: [{ id, function: { name: 'shell', arguments: '{}' } }],
});
const conversation = (more: object[], seed = 1) => ({
  model: 'm',
  seed,
  messages: [{ role: 'system', content: 'You work.' }, { role: 'user', content: 'Task.' }, ...more],
  tools: [{ type: 'function', function: { name: 'shell', parameters: {} } }],
});

test('a conversation keeps its chance, even where each request has another seed', () => {
  const first = readDialogue(conversation([], 1));
  expect(readDialogue(conversation([], 2)).base).not.toBe(first.base);
  const later = readDialogue(
    conversation([call(`sim_${first.base}_0_0`), { role: 'tool', content: 'x' }], 2),
  );
  expect(later.base).toBe(first.base);
});

test('results, injected words, blocks and refusals are told apart', () => {
  const heard: Observation[] = [];
  function* behaviour(): Behaviour {
    heard.push(yield { kind: 'run', commands: ['a'] });
    heard.push(yield { kind: 'run', commands: ['b'] });
    heard.push(yield { kind: 'finish', message: '' });
    for (;;) yield { kind: 'say', text: 'end' };
  }
  const dialogue = readDialogue(
    conversation([
      { role: 'assistant', content: 'My plan.' },
      { role: 'user', content: 'Go.' },
      call('1'),
      { role: 'tool', content: 'out\n[exit code 2]' },
      { role: 'user', content: 'Careful.' },
      call('2'),
      { role: 'tool', content: 'Do not run this.' },
      call('3'),
      { role: 'tool', content: 'Not yet.' },
    ]),
  );
  expect(nextMove(behaviour, dialogue)).toEqual({ kind: 'say', text: 'end' });
  expect(heard.map(({ speech }) => speech)).toEqual([
    [
      { channel: 'injected', text: 'Go.' },
      { channel: 'injected', text: 'Careful.' },
    ],
    [{ channel: 'blocked', text: 'Do not run this.' }],
    [{ channel: 'refused', text: 'Not yet.' }],
  ]);
  expect(heard[0]!.results).toEqual([{ text: 'out\n[exit code 2]', exitCode: 2 }]);
});

test.each([null, {}, { model: 'm' }, { messages: [] }])('refuses %j', (body) => {
  expect(() => readDialogue(body)).toThrow(/expected/);
});
