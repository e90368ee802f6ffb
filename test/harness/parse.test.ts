import { parseHarness } from '../../src/harness/parse.js';
import { formatProblems } from '../../src/harness/problems.js';
import { seedHarness } from '../../src/harness/seed.js';
import { harnessOf } from './harnesses.js';

const problems = (input: unknown): string => {
  const result = parseHarness(input, 'h.yaml');
  return result.ok ? '' : formatProblems(result.problems);
};

describe('parseHarness', () => {
  test('reads YAML and JSON alike and fills the defaults in', () => {
    const yaml = parseHarness('name: a\nruntime:\n  turns: {max: 7}\n', 'a.yaml');
    const json = parseHarness('{\n\t"name": "a",\n\t"runtime": {"turns": {"max": 7}}\n}', 'a.json');
    expect(yaml).toEqual(json);
    expect(yaml).toMatchObject({
      ok: true,
      harness: { schemaVersion: 1, rules: {}, runtime: { turns: { max: 7, onLimit: 'stop' } } },
    });
  });

  test('says file, line, field, what was found and what was expected', () => {
    expect(problems('name: a\ntools:\n  builtin:\n    shell:\n      timeoutSeconds: -1\n')).toBe(
      'h.yaml:5: tools.builtin.shell.timeoutSeconds: found -1, expected more than 0',
    );
    expect(problems('name: a\nrulez: {}\n')).toContain(
      'h.yaml:2: rulez: found an unknown field, expected one of schemaVersion, name',
    );
    expect(problems('description: x')).toBe('h.yaml:1: name: found nothing, expected a text');
    expect(problems('')).toBe('h.yaml: (document): found null, expected a map of fields');
    expect(problems('name: a\ninstructions: {x: {text: 5}}')).toContain(
      'instructions.x.text: found 5, expected a text',
    );
    expect(problems({ name: 'a', rules: { r: { on: 'start', do: [{ action: 'shout' }] } } })).toBe(
      'h.yaml: rules.r.do[0].action: found "shout", expected one of "inject", "block", "refuse-finish", "run", "stop"',
    );
  });

  test('reports every fault at once', () => {
    const found = problems('name: A\nfoo: 1\nruntime: {turns: {max: 0, onLimit: never}}').split('\n');
    expect(found).toHaveLength(4);
  });

  test('refuses a rule that does not parse or type-check, with its place', () => {
    const text =
      'name: a\nrules:\n  early:\n    on: after-tool\n    when: result.exitCode == "1"\n    do: [{action: stop}]\n';
    expect(problems(text)).toMatch(
      /^h\.yaml:5: rules\.early\.when: found .* at character 1: no such overload: int == string/,
    );
  });

  test('refuses actions at events where they mean nothing', () => {
    const rule = (on: string, action: string) => ({
      name: 'a',
      rules: { r: { on, do: [{ action, message: 'm' }] } },
    });
    expect(problems(rule('after-tool', 'block'))).toContain('block only in a rule on before-tool');
    expect(problems(rule('before-tool', 'refuse-finish'))).toContain(
      'refuse-finish only in a rule on before-finish',
    );
    expect(problems(rule('before-tool', 'block'))).toBe('');
  });

  test('refuses patterns, tools and names that could not work', () => {
    expect(problems({ name: 'a', orchestration: { checks: { c: { match: '(a' } } } })).toContain(
      'an RE2 regular expression',
    );
    expect(problems({ name: 'a', orchestration: { checks: { c: { match: '(a)\\1' } } } })).toContain(
      'invalid escape',
    );
    const tool = (parameters: object, command = 'true') => ({
      name: 'a',
      tools: { custom: { t: { description: 'd', command, parameters } } },
    });
    expect(problems(tool({ type: 'object', properties: { a: { type: 'text' } } }))).toContain(
      'expected a JSON Schema',
    );
    expect(problems(tool({ type: 'array' }))).toContain('a JSON Schema with type: object');
    expect(problems(tool({ type: 'object', properties: { a: {} } }, 'ls {{b}}'))).toContain('not {{b}}');
    expect(problems(tool({ type: 'object', properties: { a: {} } }, 'ls {{a}}'))).toBe('');
    expect(
      problems({ name: 'a', tools: { custom: { shell: { description: 'd', command: 'true' } } } }),
    ).toContain('a name that no other tool has');
    expect(problems({ name: 'a', files: { '/a/../etc/passwd': { content: '' } } })).toContain(
      'a path without ".."',
    );
  });

  test('refuses names that reach prototypes', () => {
    expect(problems('name: a\nrules: {constructor: {on: start, do: [{action: stop}]}}')).toContain(
      'the name constructor',
    );
    expect(problems('name: a\n__proto__: {polluted: true}')).toContain('the name __proto__');
    expect(problems(JSON.parse('{"name":"a","memory":{"notes":{"__proto__":"x"}}}'))).toContain(
      'the name __proto__',
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('refuses control characters and broken surrogates', () => {
    expect(problems({ name: 'a', description: 'a\u001b[2J' })).toContain('without control characters');
    expect(problems({ name: 'a', description: 'a\ud800' })).toContain('without control characters');
    expect(problems({ name: 'a', description: 'tab\tline\n\u{1f600}' })).toBe('');
  });

  test('refuses hostile text without taking time or memory for it', () => {
    const bomb = `a0: &a0 [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 20 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i},*a${i},*a${i},*a${i},*a${i}]`).join('\n')}`;
    expect(problems(bomb)).toContain('an alias');
    expect(problems('['.repeat(50_000))).toMatch(/nested too deeply|broken YAML/);
    expect(problems(`name: ${'x'.repeat(500_001)}`)).toContain('at most 500000 bytes');
    expect(problems('description: x\nname: a\nname: b')).toBe(
      'h.yaml:3: (document): found the key "name" twice, expected each key once',
    );
    expect(problems('name: a\n? [x]\n: b')).toContain('a key that is not a name');
    expect(problems(Array.from({ length: 10_000 }, (_, i) => `key${i}: x`).join('\n'))).toContain(
      'found an unknown field',
    );
    expect(problems('name: !!js/function x')).toContain('broken YAML');
    const cyclic: Record<string, unknown> = { name: 'a' };
    cyclic.self = cyclic;
    expect(problems(cyclic)).toContain('a value that is not JSON');
    expect(problems(undefined)).toContain('found nothing');
    expect(
      problems({
        name: 'a',
        memory: { notes: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`n${i}`, 'x'])) },
      }),
    ).toContain('at most 64 entries');
  });

  test('orders names, so that equal digests mean equal prompts', () => {
    const harness = harnessOf({
      name: 'a',
      memory: { notes: { b: '1', a: '2' } },
      skills: { z: { description: '', body: '' }, y: { description: '', body: '' } },
    });
    expect(Object.keys(harness.memory.notes)).toEqual(['a', 'b']);
    expect(Object.keys(harness.skills)).toEqual(['y', 'z']);
  });
});

describe('seedHarness', () => {
  test('is minimal: shell, read, write and edit, one memory file, five sections, no rules and no limits', () => {
    const seed = seedHarness();
    const offered = Object.entries(seed.tools.builtin).filter(
      ([, tool]) => !('enabled' in tool) || tool.enabled,
    );
    expect(offered.map(([name]) => name)).toEqual(['shell', 'read', 'write', 'edit', 'finish']);
    expect(Object.keys(seed.instructions)).toEqual([
      'bootstrap',
      'execution',
      'recovery',
      'system',
      'verification',
    ]);
    expect(seed.memory.files.agents?.path).toBe('/AGENTS.md');
    expect([seed.rules, seed.skills, seed.subagents, seed.files]).toEqual([{}, {}, {}, {}]);
    expect([
      seed.runtime.turns.max,
      seed.runtime.toolCalls.max,
      seed.tools.builtin.shell.persistEnvironment,
    ]).toEqual([null, null, false]);
  });
});
