import type { RuleContext } from '../../src/harness/rule-context.js';

type Partially<T> = { [K in keyof T]?: T[K] extends readonly unknown[] ? T[K] : Partial<T[K]> };

/** A context in the middle of an uneventful run, with some things different. */
export function contextWith(changes: Partially<RuleContext> = {}): RuleContext {
  const base: RuleContext = {
    event: 'before-model',
    turn: 3,
    toolCalls: 2,
    toolErrors: 0,
    consecutiveErrors: 0,
    callsSinceWrite: 2,
    filesWritten: [],
    elapsedSeconds: 12.5,
    remainingSeconds: 887.5,
    remainingTurns: 97,
    tokens: 4000,
    contextTokens: 1500,
    finishRefusals: 0,
    call: {
      tool: '',
      command: '',
      path: '',
      identicalBefore: 0,
      identicalFailuresBefore: 0,
      repeatsLastFailure: false,
    },
    result: { ok: true, exitCode: 0, output: '', timedOut: false, durationSeconds: 0 },
    artifacts: { declared: [], missing: [], deleted: [] },
    check: { ran: false, passed: false, command: '', callsSince: 0 },
    answer: { text: '', toolCalls: 1 },
    instruction: 'Count the lines of /app/data.txt and write the number to /app/count.txt.',
  };
  const groups = ['call', 'result', 'artifacts', 'check', 'answer'] as const;
  const merged = Object.fromEntries(groups.map((group) => [group, { ...base[group], ...changes[group] }]));
  return { ...base, ...changes, ...merged } as RuleContext;
}
