/**
 * The one table of what rules can say: every variable and function of the CEL environment, with its type and meaning.
 * The typed environment is built from it, and so is `docs/harness.md`.
 */
import type { RuleContext } from './rule-context.js';
import type { RuleEvent } from './schema.js';

/** CEL types that variables have. `int` and `double` do not mix in arithmetic: write `elapsedSeconds > 60.0 * 2.0`. */
export type RuleVariableType = 'bool' | 'int' | 'double' | 'string' | 'list<string>';

export interface RuleVariable {
  type: RuleVariableType;
  meaning: string;
  /** Events at which it says something; elsewhere it is empty, zero or false. */
  events: 'all' | readonly RuleEvent[];
}

/** Characters of one string, and entries of one list, that rules see; of longer ones the first and last half. */
export const MAX_STRING = 16_000;
export const MAX_LIST = 100;

type Group = { [key: string]: unknown };
type PathsOf<T> = {
  [K in keyof T & string]: T[K] extends readonly unknown[]
    ? K
    : T[K] extends Group
      ? `${K}.${PathsOf<T[K]>}`
      : K;
}[keyof T & string];

const call = ['before-tool', 'after-tool'] as const;
const afterTool = ['after-tool'] as const;

/** By dotted path in {@link RuleContext}; the type makes a forgotten field a compile error. */
export const RULE_VARIABLES: Record<PathsOf<RuleContext>, RuleVariable> = {
  event: { type: 'string', meaning: 'The event at hand.', events: 'all' },
  turn: { type: 'int', meaning: 'Answers of the model so far, the current one included.', events: 'all' },
  toolCalls: {
    type: 'int',
    meaning: 'Tool calls that were run so far; blocked ones are not counted.',
    events: 'all',
  },
  toolErrors: { type: 'int', meaning: 'Tool calls that ended in an error so far.', events: 'all' },
  consecutiveErrors: { type: 'int', meaning: 'Tool errors in a row up to now.', events: 'all' },
  callsSinceWrite: {
    type: 'int',
    meaning: 'Tool calls since the last one that wrote a file or changed a declared artifact.',
    events: 'all',
  },
  filesWritten: {
    type: 'list<string>',
    meaning: 'Paths written by the file tools, and declared artifacts that appeared, oldest first.',
    events: 'all',
  },
  elapsedSeconds: { type: 'double', meaning: 'Seconds of wall time since the start.', events: 'all' },
  remainingSeconds: {
    type: 'double',
    meaning: "Seconds of wall time until the trial's limit.",
    events: 'all',
  },
  remainingTurns: { type: 'int', meaning: 'Turns left until the tightest limit on turns.', events: 'all' },
  tokens: { type: 'int', meaning: 'Tokens used so far, prompt and completion together.', events: 'all' },
  contextTokens: { type: 'int', meaning: 'Estimated tokens of the current context.', events: 'all' },
  finishRefusals: { type: 'int', meaning: 'Times that finish was refused so far.', events: 'all' },
  'call.tool': { type: 'string', meaning: 'Name of the tool that is called.', events: call },
  'call.command': {
    type: 'string',
    meaning: 'The command of a shell call or of a custom tool; empty for other tools.',
    events: call,
  },
  'call.path': {
    type: 'string',
    meaning: 'The path that a file tool is called with; else empty.',
    events: call,
  },
  'call.identicalBefore': {
    type: 'int',
    meaning: 'Earlier calls of this trial with the same tool and the same arguments.',
    events: call,
  },
  'call.identicalFailuresBefore': {
    type: 'int',
    meaning: 'Those of them that ended in an error.',
    events: call,
  },
  'call.repeatsLastFailure': {
    type: 'bool',
    meaning: 'The latest identical call failed, and nothing has been written since.',
    events: call,
  },
  'result.ok': { type: 'bool', meaning: 'Whether the call succeeded.', events: afterTool },
  'result.exitCode': {
    type: 'int',
    meaning: 'Exit status of the command; other tools have 0 when they succeeded and 1 when not.',
    events: afterTool,
  },
  'result.output': { type: 'string', meaning: 'What the model is shown of the result.', events: afterTool },
  'result.timedOut': {
    type: 'bool',
    meaning: 'Whether the command was killed at its time limit.',
    events: afterTool,
  },
  'result.durationSeconds': { type: 'double', meaning: 'Seconds that the call took.', events: afterTool },
  'artifacts.declared': {
    type: 'list<string>',
    meaning: 'Files that must be there at the end (`orchestration.artifacts`).',
    events: 'all',
  },
  'artifacts.missing': {
    type: 'list<string>',
    meaning: 'Those of them that are not there now.',
    events: 'all',
  },
  'artifacts.deleted': {
    type: 'list<string>',
    meaning: 'Those of them that were there earlier in this trial and are gone.',
    events: 'all',
  },
  'check.ran': {
    type: 'bool',
    meaning: 'Whether a shell command counted as a check so far (`orchestration.checks`).',
    events: 'all',
  },
  'check.passed': { type: 'bool', meaning: 'Whether the latest check exited with 0.', events: 'all' },
  'check.command': { type: 'string', meaning: 'The command of the latest check.', events: 'all' },
  'check.callsSince': { type: 'int', meaning: 'Tool calls since the latest check.', events: 'all' },
  'answer.text': { type: 'string', meaning: "The model's latest text.", events: 'all' },
  'answer.toolCalls': { type: 'int', meaning: 'Tool calls that came with it.', events: 'all' },
  instruction: { type: 'string', meaning: "The task's instruction.", events: 'all' },
};

/** The functions and macros of CEL that rules may use; everything else is refused when the harness is loaded. */
export const RULE_FUNCTIONS: Record<string, string> = {
  size: 'Length of a string, or number of entries of a list: `size(x)` or `x.size()`.',
  contains: '`text.contains("piece")`.',
  startsWith: '`text.startsWith("piece")`.',
  endsWith: '`text.endsWith("piece")`.',
  matches:
    '`text.matches("pattern")`: whether the RE2 pattern, a literal, is found anywhere in the text; `(?i)` ignores case.',
  lowerAscii: '`text.lowerAscii()`: in lower case.',
  upperAscii: '`text.upperAscii()`: in upper case.',
  trim: '`text.trim()`: without white space at its ends.',
  indexOf: '`text.indexOf("piece")`: place of the first occurrence; -1: none.',
  lastIndexOf: '`text.lastIndexOf("piece")`: place of the last occurrence; -1: none.',
  substring: '`text.substring(from)` or `text.substring(from, to)`.',
  exists: '`list.exists(x, condition)`: whether it holds for an entry.',
  exists_one: '`list.exists_one(x, condition)`: whether it holds for exactly one entry.',
  all: '`list.all(x, condition)`: whether it holds for every entry.',
  filter: '`list.filter(x, condition)`: the entries for which it holds.',
  has: '`has(call.command)`: always true here, since every variable has a value.',
  int: '`int(x)` of a double or a string.',
  double: '`double(x)` of an int or a string.',
  string: '`string(x)` of a number or a bool.',
};
