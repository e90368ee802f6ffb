import { compileRules, RULE_FUNCTIONS, RULE_VARIABLES, type RuleEngine } from '../../src/harness/rules.js';
import type { HarnessInput, RuleEvent } from '../../src/harness/schema.js';
import { contextWith } from './contexts.js';
import { harnessOf } from './harnesses.js';

type RuleInput = NonNullable<HarnessInput['rules']>[string];
const inject = (message: string) => [{ action: 'inject' as const, message }];
const on = (event: RuleEvent, when: string, more: Partial<RuleInput> = {}): RuleInput => ({
  on: event,
  when,
  do: inject('m'),
  ...more,
});

function engineOf(rules: Record<string, RuleInput>): RuleEngine {
  const compiled = compileRules(harnessOf({ name: 'a', rules }));
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled.engine;
}

function firing(when: string, context = contextWith()): boolean {
  const { fired, errors } = engineOf({ r: on('before-model', when) }).evaluate('before-model', context);
  if (errors.length > 0) throw new Error(errors[0]!.message);
  return fired.length > 0;
}

/** What is wrong with an expression, as `position message`; '' when nothing is. */
function fault(when: string): string {
  const compiled = compileRules({
    rules: {
      r: { ...on('start', when), description: '', order: 0, limit: null, cooldown: 0, when } as never,
    },
  });
  return compiled.ok ? '' : `${compiled.problems[0]!.position} ${compiled.problems[0]!.message}`;
}

describe('the rule engine', () => {
  test('gives the rules of the event that hold, in order, then by name', () => {
    const engine = engineOf({
      late: on('before-model', 'true', { order: 900 }),
      b: on('before-model', 'turn == 3'),
      a: on('before-model', 'true'),
      no: on('before-model', 'turn == 4'),
      other: on('after-tool', 'true'),
    });
    const { fired, errors } = engine.evaluate('before-model', contextWith());
    expect(fired.map(({ rule }) => rule)).toEqual(['a', 'b', 'late']);
    expect(fired[0]!.actions).toEqual(inject('m'));
    expect(errors).toEqual([]);
  });

  test('acts no more often than the limit says, in each trial anew', () => {
    const rules = { r: on('before-model', 'true', { limit: 2 }) };
    const count = (engine: RuleEngine) =>
      Array.from({ length: 5 }, () => engine.evaluate('before-model', contextWith()).fired.length);
    expect(count(engineOf(rules))).toEqual([1, 1, 0, 0, 0]);
    expect(count(engineOf(rules))).toEqual([1, 1, 0, 0, 0]);
  });

  test('waits for the cooldown, counted in tool calls', () => {
    const engine = engineOf({ r: on('before-model', 'toolCalls != 3', { cooldown: 4 }) });
    const at = [2, 3, 4, 5, 6, 9, 10].map(
      (toolCalls) => engine.evaluate('before-model', contextWith({ toolCalls })).fired.length,
    );
    expect(at).toEqual([1, 0, 0, 0, 1, 0, 1]);
  });

  test('records what fails while running, and goes on with the next rule', () => {
    const engine = engineOf({
      broken: on('before-model', 'tokens / (turn - 3) > 1', { limit: 1 }),
      index: on('before-model', 'filesWritten[0] == "/a"'),
      fine: on('before-model', 'true'),
    });
    const { fired, errors } = engine.evaluate('before-model', contextWith());
    expect(fired.map(({ rule }) => rule)).toEqual(['fine']);
    expect(errors).toEqual([
      { rule: 'broken', message: expect.stringMatching(/zero/i) },
      { rule: 'index', message: expect.stringMatching(/index|bounds/i) },
    ]);
    // An error is not an act: the limit is still there.
    expect(engine.evaluate('before-model', contextWith({ turn: 4 })).fired.map(({ rule }) => rule)).toEqual([
      'broken',
      'fine',
    ]);
  });
});

describe('expressions', () => {
  test.each([
    'toolCalls == 2 && callsSinceWrite >= 2',
    'elapsedSeconds > 12 && remainingSeconds < 887.6 && elapsedSeconds + 1.0 > 13.0',
    'size(filesWritten) == 0 && filesWritten.size() == 0',
    'instruction.contains("data.txt") && instruction.startsWith("Count") && !instruction.endsWith("?")',
    'instruction.matches("/app/[a-z]+[.]txt") && instruction.matches("(?i)COUNT THE")',
    'instruction.lowerAscii().indexOf("count") == 0 && instruction.substring(0, 5) == "Count"',
    'call.tool in ["", "shell"]',
    '["/a", "/b"].exists(path, path == "/b") && ["/a"].all(path, path.startsWith("/"))',
    '["/a", "/b"].filter(path, path == "/b").exists(path, path.matches("b$"))',
    'string(turn) == "3" && int("4") == turn + 1 && double(turn) < 3.5',
    'turn > 1 ? has(call.tool) : false',
    'event == "before-model"',
  ])('hold: %s', (when) => {
    expect(firing(when)).toBe(true);
  });

  test('see every documented variable, with its type', () => {
    const literal = { bool: 'false', int: '0', double: '0.0', string: '""', 'list<string>': '[""]' };
    for (const [path, { type }] of Object.entries(RULE_VARIABLES)) {
      const mismatch = type === 'string' ? '5' : '"x"';
      expect([path, fault(`${path} == ${literal[type]}`)]).toEqual([path, '']);
      expect([path, fault(`${path} == ${mismatch}`)]).toEqual([
        path,
        expect.stringContaining('no such overload'),
      ]);
      expect(() => firing(`${path} == ${literal[type]} || true`)).not.toThrow();
    }
  });

  test.each([
    ['turn >', '6 Unexpected token'],
    ['', '0 '],
    ['turn', '0 the expression is of type int, not bool'],
    ['turns > 1', '0 Unknown variable: turns (known: event, turn, toolCalls'],
    ['true && call.comand == "x"', '13 No such key: comand (call has tool, command'],
    ['turn > "1"', 'no such overload: int > string'],
    ['call["tool"] == "x"', 'with a dot, as in call.command'],
    ['now() > 1', 'now'],
    ['instruction.matches("(a")', '20 error parsing regexp: missing closing )'],
    ['instruction.matches("(a)\\\\1")', 'invalid escape sequence'],
    ['instruction.matches(answer.text)', 'must be a literal string'],
    ['turn.matches("a")', 'matches() of int, not of a string'],
    ['instruction.matches("(a{90}){90}")', 'invalid repeat count'],
    ['instruction.matches("(a{30}){30}")', 'too large'],
  ])('are refused when the harness is loaded: %s', (when, expected) => {
    expect(fault(when)).toContain(expected);
  });

  test.each([
    [
      'lists in lists',
      'filesWritten.exists(a, filesWritten.exists(b, a == b))',
      'cannot stand inside another one',
    ],
    ['lists that grow', 'size(filesWritten + filesWritten) > 1', 'lists cannot be joined'],
    [
      'lists that grow by a filter',
      'size(filesWritten.filter(f, true) + ["a"]) > 1',
      'lists cannot be joined',
    ],
    ['lists of lists', '[filesWritten].exists(l, "a" in l)', 'lists of lists'],
    [
      'strings that double',
      '["x"].map(a, a + a).map(a, a + a) == ["xxxx"]',
      'the function map is not supported',
    ],
    [
      'names for values',
      'cel.bind(a, instruction + instruction, a + a == "")',
      'the function bind is not supported',
    ],
    ['values without a type', 'dyn(turn) == 3', 'the function dyn is not supported'],
    ['maps', '{"a": 1}.size() == 1', 'maps are not supported'],
    ['very many nodes', Array.from({ length: 120 }, () => 'turn > 1').join(' || '), 'maxAstNodes'],
    ['very deep nesting', `${'('.repeat(100)}true${')'.repeat(100)}`, 'maxDepth'],
  ])('may not be made expensive: %s', (_, when, expected) => {
    expect(fault(when)).toContain(expected);
  });

  test('take time that grows with the text alone, also for patterns that backtrack', () => {
    const output = `${'a'.repeat(15_999)}!`;
    expect(
      firing(
        'result.output.matches("(a+)+$") && result.output.matches("^(a|a)*$")',
        contextWith({ result: { output } }),
      ),
    ).toBe(false);
  });

  test('stop when the patterns of one event have read too much, and say so', () => {
    const output = 'x'.repeat(16_000);
    const rules = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`r${i}`, on('after-tool', 'result.output.matches("y")')]),
    );
    const engine = engineOf(rules);
    const { errors } = engine.evaluate('after-tool', contextWith({ result: { output } }));
    expect(errors.length).toBe(14);
    expect(errors[0]!.message).toContain('too much text');
    expect(engine.evaluate('after-tool', contextWith()).errors).toEqual([]);
  });

  test('see long texts and lists by their ends, and no limit as a very large number', () => {
    const output = `head${'-'.repeat(50_000)}tail`;
    expect(
      firing(
        'size(result.output) == 16000 && result.output.startsWith("head") && result.output.endsWith("tail")',
        contextWith({ result: { output } }),
      ),
    ).toBe(true);
    const filesWritten = Array.from({ length: 500 }, (_, i) => `/f${i}`);
    expect(
      firing(
        'size(filesWritten) == 100 && "/f0" in filesWritten && "/f499" in filesWritten',
        contextWith({ filesWritten }),
      ),
    ).toBe(true);
    expect(
      firing('remainingTurns > 1000000', contextWith({ remainingTurns: Number.POSITIVE_INFINITY })),
    ).toBe(true);
  });

  test('have every documented function', () => {
    const uses: Record<string, string> = {
      size: 'size("a") == 1',
      contains: '"ab".contains("b")',
      startsWith: '"ab".startsWith("a")',
      endsWith: '"ab".endsWith("b")',
      matches: '"ab".matches("^a.$")',
      lowerAscii: '"A".lowerAscii() == "a"',
      upperAscii: '"a".upperAscii() == "A"',
      trim: '" a ".trim() == "a"',
      indexOf: '"aba".indexOf("b") == 1',
      lastIndexOf: '"aba".lastIndexOf("a") == 2',
      substring: '"abc".substring(1, 2) == "b"',
      exists: '["a"].exists(x, x == "a")',
      exists_one: '["a", "b"].exists_one(x, x == "a")',
      all: '["a"].all(x, x == "a")',
      filter: 'size(["a", "b"].filter(x, x == "a")) == 1',
      has: 'has(call.tool)',
      int: 'int(2.9) == 2',
      double: 'double(2) == 2.0',
      string: 'string(2) == "2"',
    };
    expect(Object.keys(uses)).toEqual(Object.keys(RULE_FUNCTIONS));
    for (const when of Object.values(uses)) expect([when, firing(when)]).toEqual([when, true]);
  });
});
