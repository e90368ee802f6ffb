import {
  type CallFacts,
  callKey,
  INITIAL_STATE,
  type RunState,
  reduceState,
  ruleContext,
} from '../../src/agent/state.js';

const call = (command: string): CallFacts => ({
  tool: 'shell',
  command,
  path: '',
  key: callKey('shell', { command }, ''),
});
const ran = (
  state: RunState,
  command: string,
  ok: boolean,
  more: { wrote?: string; created?: string[]; deleted?: string[]; check?: boolean } = {},
) =>
  reduceState(state, {
    type: 'call-done',
    call: call(command),
    ok,
    wrote: more.wrote ?? null,
    check: more.check ?? null,
    created: more.created ?? [],
    deleted: more.deleted ?? [],
  });
const moment = {
  instruction: 'do it',
  elapsedSeconds: 1,
  remainingSeconds: 9,
  remainingTurns: 3,
  tokens: 5,
  contextTokens: 4,
};

describe('the history of calls', () => {
  it('counts calls, errors, errors in a row', () => {
    let state = ran(INITIAL_STATE, 'a', false);
    state = ran(state, 'b', false);
    expect(state).toMatchObject({ toolCalls: 2, toolErrors: 2, consecutiveErrors: 2, callsSinceWrite: 2 });
    state = ran(state, 'c', true);
    expect(state).toMatchObject({ toolCalls: 3, toolErrors: 2, consecutiveErrors: 0 });
  });

  it('knows a call again whatever the order of its arguments, and not another one', () => {
    expect(callKey('t', { a: 1, b: { c: 2, d: 3 } }, '')).toBe(callKey('t', { b: { d: 3, c: 2 }, a: 1 }, ''));
    expect(callKey('t', { a: 1 }, '')).not.toBe(callKey('t', { a: 2 }, ''));
    expect(callKey('t', { a: 'x'.repeat(500) }, '')).not.toBe(callKey('t', { a: `${'x'.repeat(499)}y` }, ''));
    expect(callKey('t', null, '{bad')).not.toBe(callKey('t', null, '{worse'));
  });

  it('before a call, sees the earlier identical ones; after it, not itself', () => {
    const once = ran(INITIAL_STATE, 'make', false);
    const before = ruleContext(once, 'before-tool', { ...moment, call: call('make') });
    expect(before.call).toMatchObject({
      identicalBefore: 1,
      identicalFailuresBefore: 1,
      repeatsLastFailure: true,
    });
    const twice = ran(once, 'make', false);
    const after = ruleContext(twice, 'after-tool', { ...moment, call: call('make'), before: once });
    expect(after.call.identicalBefore).toBe(1);
    expect(after.toolCalls).toBe(2);
  });

  it('a repeat is none after a write, a change of an artifact, or a success', () => {
    const failed = ran(INITIAL_STATE, 'make', false);
    const repeats = (state: RunState) =>
      ruleContext(state, 'before-tool', { ...moment, call: call('make') }).call.repeatsLastFailure;
    expect(repeats(ran(failed, 'ls', true))).toBe(true);
    expect(repeats(ran(failed, 'w', true, { wrote: '/app/x' }))).toBe(false);
    expect(repeats(ran(failed, 'w', false, { wrote: '/app/x' }))).toBe(true);
    expect(repeats(ran(failed, 'rm', true, { deleted: ['/app/out'] }))).toBe(false);
    expect(repeats(ran(failed, 'make', true))).toBe(false);
  });

  it('stays bounded', () => {
    let state = INITIAL_STATE;
    for (let i = 0; i < 1200; i += 1) state = ran(state, `c${i}`, true, { wrote: `/f${i}` });
    expect(state.seen.size).toBeLessThanOrEqual(1000);
    expect(state.filesWritten.length).toBeLessThanOrEqual(200);
    expect(state.filesWritten.at(-1)).toBe('/f1199');
    const context = ruleContext(state, 'after-tool', {
      ...moment,
      call: call('x'.repeat(100_000)),
      result: { ok: true, exitCode: 0, output: 'y'.repeat(1_000_000), timedOut: false, durationSeconds: 0 },
    });
    expect(context.call.command.length + context.result.output.length).toBeLessThan(20_000);
  });
});

describe('artifacts and checks', () => {
  const declared = reduceState(INITIAL_STATE, {
    type: 'artifacts-declared',
    declared: ['/out'],
    missing: ['/out'],
  });

  it('an artifact appears, is deleted, and comes back', () => {
    const made = ran(declared, 'make', true, { created: ['/out'] });
    expect(made.artifacts).toEqual({ declared: ['/out'], missing: [], deleted: [] });
    expect(made).toMatchObject({ callsSinceWrite: 0, filesWritten: ['/out'] });
    const gone = ran(made, 'rm', true, { deleted: ['/out'] });
    expect(gone.artifacts).toEqual({ declared: ['/out'], missing: ['/out'], deleted: ['/out'] });
    expect(gone.callsSinceWrite).toBe(1);
    expect(ran(gone, 'make', true, { created: ['/out'] }).artifacts.deleted).toEqual([]);
  });

  it('the latest check counts, and how many calls ago it was', () => {
    const failing = ran(INITIAL_STATE, 'make test', false, { check: false });
    expect(failing.check).toEqual({ ran: true, passed: false, command: 'make test', callsSince: 0 });
    const later = ran(ran(failing, 'ls', true), 'ls', true);
    expect(later.check).toMatchObject({ passed: false, callsSince: 2 });
    expect(ran(later, 'make test', true, { check: true }).check).toMatchObject({
      passed: true,
      callsSince: 0,
    });
  });

  it('a command of a rule is no call, but can change both', () => {
    const after = reduceState(declared, {
      type: 'rule-ran',
      command: 'make test',
      check: true,
      created: ['/out'],
      deleted: [],
    });
    expect(after).toMatchObject({
      toolCalls: 0,
      check: { ran: true, passed: true },
      artifacts: { missing: [] },
    });
  });
});
