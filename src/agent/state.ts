/**
 * What has happened in a run, as far as rules can ask for it. A pure reducer: (state, event) -> state; time and limits
 * come in when a context is made of it. Everything is bounded: rules see the latest `MAX_CALLS` distinct calls,
 * `MAX_PATHS` paths, and strings cut to `MAX_TEXT`.
 */
import { createHash } from 'node:crypto';
import type { RuleContext } from '../harness/rule-context.js';
import type { RuleEvent } from '../harness/schema.js';
import { clipEnd, clipMiddle } from './text.js';

const MAX_CALLS = 1000;
const MAX_PATHS = 200;
const MAX_TEXT = 8000;

/** A tool call as rules see it. */
export interface CallFacts {
  tool: string;
  command: string;
  path: string;
  /** Same tool, same arguments: same key. */
  key: string;
}

export interface ResultFacts {
  ok: boolean;
  exitCode: number;
  output: string;
  timedOut: boolean;
  durationSeconds: number;
}

interface SeenCall {
  count: number;
  failures: number;
  lastOk: boolean;
  /** `writes` at the time of the latest one. */
  writesThen: number;
}

export interface RunState {
  turn: number;
  toolCalls: number;
  toolErrors: number;
  consecutiveErrors: number;
  callsSinceWrite: number;
  /** Calls so far that wrote a file, or made or removed a declared artifact. */
  writes: number;
  filesWritten: readonly string[];
  finishRefusals: number;
  seen: ReadonlyMap<string, SeenCall>;
  artifacts: { declared: readonly string[]; missing: readonly string[]; deleted: readonly string[] };
  check: { ran: boolean; passed: boolean; command: string; callsSince: number };
  answer: { text: string; toolCalls: number };
}

export type StateEvent =
  | { type: 'artifacts-declared'; declared: string[]; missing: string[] }
  | { type: 'answer'; text: string; toolCalls: number }
  | {
      type: 'call-done';
      call: CallFacts;
      ok: boolean;
      /** Path that the call wrote; null: it wrote none that we know of. */
      wrote: string | null;
      check: boolean | null;
      created: string[];
      deleted: string[];
    }
  /** A command of a rule has run: it can change artifacts and count as a check, but it is no call of the model. */
  | { type: 'rule-ran'; command: string; check: boolean | null; created: string[]; deleted: string[] }
  | { type: 'finish-refused' };

export const INITIAL_STATE: RunState = {
  turn: 0,
  toolCalls: 0,
  toolErrors: 0,
  consecutiveErrors: 0,
  callsSinceWrite: 0,
  writes: 0,
  filesWritten: [],
  finishRefusals: 0,
  seen: new Map(),
  artifacts: { declared: [], missing: [], deleted: [] },
  check: { ran: false, passed: false, command: '', callsSince: 0 },
  answer: { text: '', toolCalls: 0 },
};

export function reduceState(state: RunState, event: StateEvent): RunState {
  switch (event.type) {
    case 'artifacts-declared':
      return { ...state, artifacts: { declared: event.declared, missing: event.missing, deleted: [] } };
    case 'answer':
      return {
        ...state,
        turn: state.turn + 1,
        answer: { text: clipMiddle(event.text, MAX_TEXT), toolCalls: event.toolCalls },
      };
    case 'finish-refused':
      return { ...state, finishRefusals: state.finishRefusals + 1 };
    case 'rule-ran':
      return {
        ...state,
        artifacts: changeArtifacts(state.artifacts, event.created, event.deleted),
        check: event.check === null ? state.check : ranCheck(event.command, event.check),
      };
    case 'call-done':
      return afterCall(state, event);
  }
}

function afterCall(state: RunState, event: Extract<StateEvent, { type: 'call-done' }>): RunState {
  const written = [...(event.ok && event.wrote !== null ? [event.wrote] : []), ...event.created];
  const changed = written.length > 0 || event.deleted.length > 0;
  const writes = state.writes + (changed ? 1 : 0);
  const earlier = state.seen.get(event.call.key);
  const seen = new Map(state.seen);
  // Set anew, so that the map's order is that of the latest use and the oldest is dropped first.
  seen.delete(event.call.key);
  seen.set(event.call.key, {
    count: (earlier?.count ?? 0) + 1,
    failures: (earlier?.failures ?? 0) + (event.ok ? 0 : 1),
    lastOk: event.ok,
    writesThen: writes,
  });
  if (seen.size > MAX_CALLS) seen.delete(seen.keys().next().value as string);
  return {
    ...state,
    toolCalls: state.toolCalls + 1,
    toolErrors: state.toolErrors + (event.ok ? 0 : 1),
    consecutiveErrors: event.ok ? 0 : state.consecutiveErrors + 1,
    callsSinceWrite: written.length > 0 ? 0 : state.callsSinceWrite + 1,
    writes,
    filesWritten: addPaths(state.filesWritten, written),
    seen,
    artifacts: changeArtifacts(state.artifacts, event.created, event.deleted),
    check:
      event.check === null
        ? { ...state.check, callsSince: state.check.callsSince + (state.check.ran ? 1 : 0) }
        : ranCheck(event.call.command, event.check),
  };
}

function ranCheck(command: string, passed: boolean): RunState['check'] {
  return { ran: true, passed, command: clipEnd(command, MAX_TEXT), callsSince: 0 };
}

function addPaths(known: readonly string[], paths: string[]): readonly string[] {
  const fresh = paths.filter((path) => !known.includes(path));
  return fresh.length === 0 ? known : [...known, ...fresh].slice(-MAX_PATHS);
}

function changeArtifacts(
  artifacts: RunState['artifacts'],
  created: string[],
  deleted: string[],
): RunState['artifacts'] {
  if (created.length === 0 && deleted.length === 0) return artifacts;
  return {
    declared: artifacts.declared,
    missing: [...artifacts.missing.filter((path) => !created.includes(path)), ...deleted],
    deleted: [...artifacts.deleted.filter((path) => !created.includes(path)), ...deleted],
  };
}

const NO_CALL: CallFacts = { tool: '', command: '', path: '', key: '' };
const NO_RESULT: ResultFacts = { ok: true, exitCode: 0, output: '', timedOut: false, durationSeconds: 0 };

/** What the moment adds to the state. */
export interface Moment {
  instruction: string;
  elapsedSeconds: number;
  remainingSeconds: number;
  remainingTurns: number;
  tokens: number;
  contextTokens: number;
  /** The call at hand. For after-tool its own outcome is in `result`, and `before` is the state before it. */
  call?: CallFacts;
  result?: ResultFacts;
  before?: RunState;
}

/** The variables of a rule's expression at `event`. */
export function ruleContext(state: RunState, event: RuleEvent, moment: Moment): RuleContext {
  const call = moment.call ?? NO_CALL;
  const result = moment.result ?? NO_RESULT;
  const history = moment.before ?? state;
  const seen = history.seen.get(call.key);
  return {
    event,
    turn: state.turn,
    toolCalls: state.toolCalls,
    toolErrors: state.toolErrors,
    consecutiveErrors: state.consecutiveErrors,
    callsSinceWrite: state.callsSinceWrite,
    filesWritten: [...state.filesWritten],
    elapsedSeconds: moment.elapsedSeconds,
    remainingSeconds: moment.remainingSeconds,
    remainingTurns: moment.remainingTurns,
    tokens: moment.tokens,
    contextTokens: moment.contextTokens,
    finishRefusals: state.finishRefusals,
    call: {
      tool: call.tool,
      command: clipMiddle(call.command, MAX_TEXT),
      path: clipEnd(call.path, MAX_TEXT),
      identicalBefore: seen?.count ?? 0,
      identicalFailuresBefore: seen?.failures ?? 0,
      repeatsLastFailure: seen !== undefined && !seen.lastOk && seen.writesThen === history.writes,
    },
    result: { ...result, output: clipMiddle(result.output, MAX_TEXT) },
    artifacts: {
      declared: [...state.artifacts.declared],
      missing: [...state.artifacts.missing],
      deleted: [...state.artifacts.deleted],
    },
    check: { ...state.check },
    answer: { ...state.answer },
    instruction: clipMiddle(moment.instruction, MAX_TEXT),
  };
}

/** Key of a call: equal for the same tool with the same arguments, whatever their order. */
export function callKey(tool: string, args: Record<string, unknown> | null, raw: string): string {
  const text = `${tool}\0${args === null ? raw : stable(args)}`;
  return text.length <= 200 ? text : createHash('sha256').update(text).digest('base64');
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
