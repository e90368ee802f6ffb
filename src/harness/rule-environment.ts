/** The CEL environment of rules: typed by the table of variables, bounded, its regular expressions linear. */
import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js';
import { compilePattern, type Pattern } from './pattern.js';
import { boundProblem, CEL_LIMITS } from './rule-bounds.js';
import type { RuleContext } from './rule-context.js';
import { MAX_LIST, MAX_STRING, RULE_VARIABLES, type RuleVariableType } from './rule-variables.js';

/** Characters that the regular expressions of one event may read, all rules together: at worst about a second of work. */
const PATTERN_BUDGET = 100_000;

/** A context in the values of CEL, with the work that is left for its event. */
export interface Activation {
  values: Record<string, unknown>;
  patternBudget: number;
}

export type CompiledWhen =
  | { ok: true; holds: (activation: Activation) => boolean }
  /** `position`: offset in the expression, from 0. */
  | { ok: false; position: number; message: string };

/** Budget of the evaluation under way: evaluation is synchronous, and the library hands nothing else to a macro. */
let patternBudget = 0;

const environment = typedEnvironment();

/** Parses, type-checks and bounds an expression. */
export function compileWhen(source: string): CompiledWhen {
  try {
    const evaluate = environment.parse(source);
    const checked = evaluate.check();
    if (!checked.valid) return celProblem(checked.error);
    const problem = boundProblem(evaluate.ast);
    if (problem !== null) return { ok: false, ...problem };
    if (checked.type !== 'bool') {
      return { ok: false, position: 0, message: `the expression is of type ${checked.type}, not bool` };
    }
    return {
      ok: true,
      holds: (activation) => {
        patternBudget = activation.patternBudget;
        try {
          return evaluate(activation.values) === true;
        } finally {
          activation.patternBudget = patternBudget;
        }
      },
    };
  } catch (error) {
    return celProblem(error);
  }
}

/** Converts a context; overlong strings and lists are cut. */
export function activate(context: RuleContext): Activation {
  const values: Record<string, unknown> = {};
  for (const [path, { type }] of Object.entries(RULE_VARIABLES)) {
    const [group, field] = path.split('.') as [keyof RuleContext, string?];
    const given: unknown =
      field === undefined ? context[group] : (context[group] as Record<string, unknown>)[field];
    const value = CONVERT[type](given);
    if (field === undefined) values[group] = value;
    else {
      values[group] ??= {};
      (values[group] as Record<string, unknown>)[field] = value;
    }
  }
  return { values, patternBudget: PATTERN_BUDGET };
}

const CONVERT: Record<RuleVariableType, (value: unknown) => unknown> = {
  bool: (value) => value === true,
  int: (value) => BigInt(Math.trunc(finite(value))),
  double: (value) => Number(value),
  string: (value) => cutString(String(value)),
  'list<string>': (value) => cutList(value as readonly string[]).map(cutString),
};

/** An absent limit comes as Infinity, which no CEL int can hold. */
function finite(value: unknown): number {
  const max = Number.MAX_SAFE_INTEGER;
  const number = Number(value);
  return Number.isNaN(number) ? 0 : Math.min(max, Math.max(-max, number));
}

function cutString(value: string): string {
  return value.length <= MAX_STRING ? value : value.slice(0, MAX_STRING / 2) + value.slice(-MAX_STRING / 2);
}

function cutList(value: readonly string[]): readonly string[] {
  return value.length <= MAX_LIST ? value : [...value.slice(0, MAX_LIST / 2), ...value.slice(-MAX_LIST / 2)];
}

function celProblem(error: unknown): { ok: false; position: number; message: string } {
  const { code, range, summary, message, node } = error as Partial<CelFailure>;
  const text = `${summary ?? message ?? 'broken'}${knownNames(code, node)}`;
  return { ok: false, position: range?.start ?? 0, message: text };
}

/** What the library's errors carry. */
interface CelFailure {
  code: string;
  range: { start: number };
  summary: string;
  message: string;
  node: ASTNode;
}

/** What could have been meant, after a name that does not exist. */
function knownNames(code: string | undefined, node: ASTNode | undefined): string {
  const paths = Object.keys(RULE_VARIABLES);
  if (code === 'unknown_variable') {
    return ` (known: ${[...new Set(paths.map((path) => path.split('.')[0]))].join(', ')})`;
  }
  if (code !== 'no_such_key' || node?.op !== '.' || node.args[0].op !== 'id') return '';
  const prefix = `${node.args[0].args}.`;
  const fields = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  return ` (${node.args[0].args} has ${fields.join(', ')})`;
}

function typedEnvironment(): Environment {
  const cel = new Environment({ limits: CEL_LIMITS });
  const groups: Record<string, Record<string, string>> = {};
  for (const [path, { type }] of Object.entries(RULE_VARIABLES)) {
    const [name, field] = path.split('.') as [string, string?];
    if (field === undefined) cel.registerVariable(name, type);
    else {
      groups[name] ??= {};
      groups[name][field] = type;
    }
  }
  for (const [name, schema] of Object.entries(groups)) cel.registerVariable({ name, schema });
  // The library's own `string.matches` runs JavaScript's backtracking engine and cannot be overridden. A macro takes
  // its place: the parser picks macros by name and number of arguments alone, whatever type the signature names.
  cel.registerFunction('bytes.matches(ast): bool', matchesMacro);
  return cel;
}

/** As much of the library's macro interface as `matches` needs. */
interface Visitor {
  check(node: ASTNode, context: unknown): { name: string };
  run(node: ASTNode, context: unknown): unknown;
  getType(name: string): unknown;
}

function matchesMacro({ args, receiver, ast }: { args: ASTNode[]; receiver: ASTNode; ast: ASTNode }) {
  const pattern = literalPattern(args[0]!);
  return {
    typeCheck(checker: Visitor, _macro: unknown, context: unknown) {
      const { name } = checker.check(receiver, context);
      if (name !== 'string' && name !== 'dyn') {
        throw new ParseError({
          code: 'no_matching_overload',
          message: `matches() of ${name}, not of a string`,
          node: ast,
        });
      }
      return checker.getType('bool');
    },
    evaluate(evaluator: Visitor, _macro: unknown, context: unknown): boolean {
      const text = evaluator.run(receiver, context);
      if (typeof text !== 'string') throw new TypeError('matches() of something that is not a string');
      patternBudget -= text.length;
      if (patternBudget < 0) throw new RangeError('the regular expressions of this event read too much text');
      return pattern.test(text);
    },
  };
}

function literalPattern(node: ASTNode): Pattern {
  const source = node.op === 'value' ? node.args : null;
  if (typeof source !== 'string') {
    throw new ParseError({
      code: 'pattern',
      message: 'the pattern of matches() must be a literal string',
      node,
    });
  }
  const compiled = compilePattern(source);
  if (!compiled.ok) throw new ParseError({ code: 'pattern', message: compiled.message, node });
  return compiled.pattern;
}
