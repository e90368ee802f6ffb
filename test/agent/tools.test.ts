import type { HarnessInput } from '../../src/harness/schema.js';
import type { ToolDefinition } from '../../src/model/types.js';
import type { Sandbox } from '../../src/sandbox/types.js';
import { MemorySandbox } from '../support/memory-sandbox.js';
import { finish, type Say } from '../support/scripted-model.js';
import { realSandboxes } from './real-sandbox.js';
import { play } from './support.js';

const sandboxes = realSandboxes();
type Args = Record<string, unknown> | string;
type Input = Parameters<typeof play>[1];
type ToolParameters = NonNullable<
  NonNullable<NonNullable<HarnessInput['tools']>['custom']>[string]['parameters']
>;

/** Results of calls made one after another in one sandbox. */
async function results(sandbox: Sandbox, calls: [string, Args][], input: Input = {}) {
  const lines: Say[] = calls.map((call) => ({ calls: [call] }));
  const played = await play([...lines, finish()], input, { sandbox });
  return played.results;
}
async function one(sandbox: Sandbox, name: string, args: Args, input: Input = {}) {
  return (await results(sandbox, [[name, args]], input))[0]!;
}

describe('shell', () => {
  it('shows output and exit code; a failing command is a failed call, not a failed run', async () => {
    const sandbox = await sandboxes.open();
    const [good, bad] = await results(sandbox, [
      ['shell', { command: 'echo out; echo err >&2; pwd' }],
      ['shell', { command: 'echo no; exit 3' }],
    ]);
    expect(good).toMatchObject({
      content: 'out\nerr\n/app\n[exit code 0]',
      extra: { ok: true, exit_code: 0 },
    });
    expect(bad).toMatchObject({ content: 'no\n[exit code 3]', extra: { ok: false, exit_code: 3 } });
  });

  it('kills a command at its time limit', async () => {
    const result = await one(
      await sandboxes.open(),
      'shell',
      { command: 'echo begun; sleep 30' },
      {
        tools: { builtin: { shell: { timeoutSeconds: 1 } } },
      },
    );
    expect(result.content).toContain('begun');
    expect(result.content).toContain('killed after the time limit of 1 s');
    expect(result.extra).toMatchObject({ ok: false, timed_out: true, exit_code: 124 });
  });

  it('keeps head and tail of long output', async () => {
    const result = await one(
      await sandboxes.open(),
      'shell',
      { command: 'seq 1 20000' },
      {
        tools: { builtin: { shell: { outputBytes: 1000 } } },
      },
    );
    expect(result.content.startsWith('1\n2\n')).toBe(true);
    expect(result.content).toContain('20000\n[exit code 0]');
    expect(result.content.length).toBeLessThan(1200);
    expect(result.extra.omitted_bytes).toBeGreaterThan(100_000);
  });

  const forgetful: [string, Args][] = [
    ['shell', { command: 'mkdir -p bin && cd bin && export NAME=x && export PATH="$PATH:/app/bin"' }],
    ['shell', { command: 'echo "$NAME" "$PWD" "${PATH##*:}"' }],
  ];

  it('starts each call afresh', async () => {
    const [, second] = await results(await sandboxes.open(), forgetful);
    expect(second!.content).toMatch(/^ \/app \/(?!app)/);
  });

  it('keeps directory and variables where the harness says so', async () => {
    const [, second] = await results(await sandboxes.open(), forgetful, {
      tools: { builtin: { shell: { persistEnvironment: true } } },
    });
    expect(second!.content).toBe('x /app/bin /app/bin\n[exit code 0]');
  });

  it('answers a command with a NUL as malformed', async () => {
    const result = await one(new MemorySandbox(), 'shell', { command: 'a\0b' });
    expect(result.extra.malformed).toBe('NUL in command');
  });
});

describe('read', () => {
  const text = 'one\ntwo\nthree\nfour\n';

  it.each<[string, Args, string]>([
    ['whole', {}, text],
    ['from a line', { offset: 3 }, 'three\nfour\n'],
    ['a window', { offset: 2, limit: 2 }, 'two\nthree\n[5 more bytes; read on with offset 4]'],
    [
      'with line numbers',
      { offset: 2, limit: 1, line_numbers: true },
      '     2\ttwo\n[11 more bytes; read on with offset 3]',
    ],
  ])('%s', async (_, args, expected) => {
    const sandbox = await sandboxes.open({ '/app/f.txt': text });
    expect((await one(sandbox, 'read', { path: 'f.txt', ...(args as object) })).content).toBe(expected);
  });

  it('stops at whole lines when the file is longer than the window, and can go on from there', async () => {
    const sandbox = await sandboxes.open({ '/app/f.txt': `${'a'.repeat(200)}\n${'b'.repeat(200)}\nend\n` });
    const input = { tools: { builtin: { read: { outputBytes: 256 } } } };
    const [first, next] = await results(
      sandbox,
      [
        ['read', { path: 'f.txt' }],
        ['read', { path: 'f.txt', offset: 2 }],
      ],
      input,
    );
    expect(first!.content).toBe(`${'a'.repeat(200)}\n[205 more bytes; read on with offset 2]`);
    expect(next!.content).toBe(`${'b'.repeat(200)}\nend\n`);
  });

  it('cuts a line that alone is longer than the window', async () => {
    const sandbox = await sandboxes.open({ '/app/f.txt': `${'a'.repeat(1000)}\nend\n` });
    const result = await one(
      sandbox,
      'read',
      { path: 'f.txt' },
      {
        tools: { builtin: { read: { outputBytes: 256 } } },
      },
    );
    expect(result.content).toBe(
      `${'a'.repeat(256)}\n[the line goes on for 745 bytes]\n[4 more bytes; read on with offset 2]`,
    );
  });

  it('of a very large file, cuts the window out in the sandbox', async () => {
    const sandbox = await sandboxes.open();
    await sandbox.exec('seq 1 300000 > big.txt', { timeoutSeconds: 20, outputBytes: 100, cwd: '/app' });
    const [window, beyond] = await results(sandbox, [
      ['read', { path: 'big.txt', offset: 200_000, limit: 2, line_numbers: true }],
      ['read', { path: 'big.txt', offset: 300_001 }],
    ]);
    expect(window!.content).toBe(
      '200000\t200000\n200001\t200001\n[part of a large file; what follows, if anything, begins at offset 200002]',
    );
    expect(beyond).toMatchObject({ content: '/app/big.txt has no line 300001.', extra: { ok: false } });
  });

  it('says what is wrong', async () => {
    const sandbox = await sandboxes.open({ '/app/f.txt': text, '/app/e.txt': '' });
    await sandbox.writeFile('/app/b.bin', Buffer.from([1, 0, 2]));
    const found = await results(sandbox, [
      ['read', { path: 'nope.txt' }],
      ['read', { path: '/app' }],
      ['read', { path: 'b.bin' }],
      ['read', { path: 'f.txt', offset: 9 }],
      ['read', { path: 'e.txt' }],
    ]);
    expect(found.map(({ extra }) => extra.ok).slice(0, 5)).toEqual([false, false, false, false, true]);
    expect(found[0]!.content).toContain('/app/nope.txt does not exist');
    expect(found[1]!.content).toContain('directory');
    expect(found[2]!.content).toContain('not a text file (3 bytes)');
    expect(found[3]!.content).toBe('/app/f.txt has 4 lines; there is no line 9.');
    expect(found[4]!.content).toBe('[/app/e.txt is empty]');
  });
});

describe('write and edit', () => {
  it('write makes parents and keeps every byte of the content', async () => {
    const sandbox = await sandboxes.open();
    const content = 'a\'b"c`$(d)\\\n\n日本\r\n no newline at end';
    const result = await one(sandbox, 'write', { path: 'new/dir/f.txt', content });
    expect(result.content).toBe(`Wrote ${Buffer.byteLength(content)} bytes to /app/new/dir/f.txt.`);
    const read = await sandbox.readFile('/app/new/dir/f.txt', 1000);
    expect(read.ok && read.content.toString('utf8')).toBe(content);
  });

  it('write says why it could not', async () => {
    const result = await one(await sandboxes.open({ '/app/f': '' }), 'write', {
      path: '/app/f/x',
      content: '',
    });
    expect(result.extra.ok).toBe(false);
    expect(result.content).toContain('Nothing was written: /app/f/x could not be written');
  });

  it('edit replaces the one occurrence, keeps mode and bytes that are no text', async () => {
    const sandbox = await sandboxes.open();
    await sandbox.writeFile('/app/run.sh', Buffer.from([0x23, 0xff, 0xfe, 10, 0x61, 10, 0x62, 10]), {
      mode: 0o755,
    });
    const result = await one(sandbox, 'edit', { path: 'run.sh', old_string: 'a\n', new_string: 'A\nA\n' });
    expect(result.content).toBe('Replaced one occurrence in /app/run.sh, at line 2.');
    const read = await sandbox.readFile('/app/run.sh', 100);
    expect(read.ok && [...read.content]).toEqual([0x23, 0xff, 0xfe, 10, 0x41, 10, 0x41, 10, 0x62, 10]);
    const mode = await sandbox.exec('stat -c %a run.sh', {
      timeoutSeconds: 5,
      outputBytes: 100,
      cwd: '/app',
    });
    expect(mode.output).toBe('755\n');
  });

  it.each<[string, string, string, string]>([
    ['nothing', 'zebra', 'x', 'old_string does not occur in it. Read the file'],
    ['other white space', '  alpha', 'x', 'with other white space'],
    ['several places', 'b', 'x', 'occurs 2 times in it. Take in more'],
    ['no change', 'alpha', 'alpha', 'are the same'],
  ])('edit refuses: %s', async (_, old_string, new_string, words) => {
    const sandbox = await sandboxes.open({ '/app/f.txt': 'alpha\nb\nb\n' });
    const result = await one(sandbox, 'edit', { path: 'f.txt', old_string, new_string });
    expect(result.extra.ok).toBe(false);
    expect(result.content).toContain(words);
    const read = await sandbox.readFile('/app/f.txt', 100);
    expect(read.ok && read.content.toString()).toBe('alpha\nb\nb\n');
  });

  it('edit of a file that is not there', async () => {
    const result = await one(await sandboxes.open(), 'edit', { path: 'f', old_string: 'a', new_string: 'b' });
    expect(result.content).toContain('Nothing was changed: /app/f does not exist');
  });
});

describe('list and search', () => {
  const files = {
    '/app/src/a.py': 'def foo():\n  return 1\n',
    '/app/src/.hidden': 'foo\n',
    '/app/b c.txt': 'bar\n',
  };

  it('list shows entries, directories with a slash', async () => {
    const [top, sub, none] = await results(await sandboxes.open(files), [
      ['list', {}],
      ['list', { path: 'src' }],
      ['list', { path: '/nope' }],
    ]);
    expect(top!.content).toBe('b c.txt\nsrc/\n');
    expect(sub!.content).toBe('.hidden\na.py\n');
    expect(none).toMatchObject({ extra: { ok: false } });
    expect(none!.content).toContain('Cannot list /nope');
  });

  it('search finds lines with path and number, says when there are none, and reports a broken expression', async () => {
    const [some, inFile, none, broken] = await results(await sandboxes.open(files), [
      ['search', { pattern: 'fo+', path: 'src' }],
      ['search', { pattern: "^ba?r|it's", path: 'b c.txt' }],
      ['search', { pattern: 'zebra' }],
      ['search', { pattern: '(' }],
    ]);
    expect(some!.content.split('\n').sort()).toEqual([
      '',
      '/app/src/.hidden:1:foo',
      '/app/src/a.py:1:def foo():',
    ]);
    expect(inFile!.content).toBe('/app/b c.txt:1:bar\n');
    expect(none).toMatchObject({ content: '[no match under /app]', extra: { ok: true } });
    expect(broken!.extra.ok).toBe(false);
    expect(broken!.content).toContain('The search failed');
  });

  it('search is not held up by a pipe among the files', async () => {
    const sandbox = await sandboxes.open(files);
    await sandbox.exec('mkfifo src/pipe', { timeoutSeconds: 5, outputBytes: 100, cwd: '/app' });
    expect((await one(sandbox, 'search', { pattern: 'return' })).content).toBe(
      '/app/src/a.py:2:  return 1\n',
    );
  });
});

const deep = (levels: number): ToolParameters =>
  levels === 0 ? { type: 'string' } : { type: 'array', items: deep(levels - 1) };

describe('custom tools', () => {
  const count = {
    description: 'Counts lines.',
    parameters: {
      type: 'object',
      properties: { file: { type: 'string' }, times: { type: 'integer', minimum: 1, default: 1 } },
      required: ['file'],
      additionalProperties: false,
    },
    command: 'for i in $(seq {{times}}); do printf "%s\\n" {{file}}; done',
  };
  const input: Input = { tools: { custom: { count } } };

  it('puts arguments into the command as single words, whatever they hold', async () => {
    const file = `x'; touch /app/pwned; echo '$(touch /app/pwned)' {{times}}`;
    const sandbox = await sandboxes.open();
    const result = await one(sandbox, 'count', { file, times: 2 }, input);
    expect(result.content).toBe(`${file}\n${file}\n[exit code 0]`);
    expect(await sandbox.exists(['/app/pwned'])).toEqual([false]);
  });

  it('fills in defaults, and checks arguments by the schema', async () => {
    const sandbox = await sandboxes.open();
    const [good, bad, extra] = await results(
      sandbox,
      [
        ['count', { file: 'a' }],
        ['count', { file: 'a', times: 0 }],
        ['count', { file: 'a', more: 1 }],
      ],
      input,
    );
    expect(good!.content).toBe('a\n[exit code 0]');
    expect(bad!.content).toContain('"times" must be >= 1');
    expect(bad!.content).toContain('file (string), times (integer, optional)');
    expect(bad!.extra.malformed).toContain('must be >= 1');
    expect(extra!.content).toContain('additional properties ("more")');
  });

  it.each<[string, ToolParameters, string]>([
    [
      'a remote reference',
      { type: 'object', properties: { a: { $ref: 'http://x/y' } } },
      '"$ref" is not supported',
    ],
    ['a recursive one', { type: 'object', properties: { a: { $ref: '#' } } }, '"$ref" is not supported'],
    ['nested too deeply', { type: 'object', properties: { a: deep(20) } }, 'nested deeper than'],
  ])('is not offered, and the trace says why: %s', async (_, parameters, words) => {
    const { model, trajectory } = await play([finish()], {
      tools: { custom: { odd: { description: 'd', parameters, command: 'true' } } },
    });
    expect(model.requests[0]!.tools!.map(({ name }) => name)).not.toContain('odd');
    expect(String(trajectory.steps[0]!.extra!.problems)).toContain(words);
  });

  it('checks patterns without backtracking', async () => {
    const parameters = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
    const result = await one(
      new MemorySandbox(),
      'odd',
      { a: `${'a'.repeat(5000)}!` },
      {
        tools: { custom: { odd: { description: 'd', parameters, command: 'echo {{a}}' } } },
      },
    );
    expect(result.extra.malformed).toContain('must match pattern');
  });
});

describe('what the model is offered', () => {
  const offered = async (input: Input) => (await play([finish()], input)).model.requests[0]!.tools!;
  const named = (tools: ToolDefinition[], name: string) => tools.find((tool) => tool.name === name);

  it('a tool can be switched off, finish cannot', async () => {
    const off = { enabled: false };
    const tools = await offered({
      tools: { builtin: { shell: off, read: off, write: off, edit: off, list: off, search: off } },
    });
    expect(tools.map(({ name }) => name)).toEqual(['finish']);
  });

  it('the harness can put its own words', async () => {
    const tools = await offered({
      tools: { builtin: { shell: { description: 'My shell.' }, finish: { description: 'My end.' } } },
    });
    expect(named(tools, 'shell')!.description).toBe('My shell.');
    expect(named(tools, 'finish')!.description).toBe('My end.');
    expect(named(tools, 'read')!.description).toContain('Reads a text file');
  });

  it('a call of a tool that is not there is answered with those that are', async () => {
    const result = await one(new MemorySandbox(), 'bash', { command: 'ls' });
    expect(result.content).toBe(
      'There is no tool "bash". The tools are: shell, read, write, edit, list, search, finish.',
    );
    expect(result.extra.malformed).toBe('unknown tool bash');
  });
});
