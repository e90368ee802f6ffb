import type { RuleEvent } from './schema.js';

/**
 * What a rule's CEL expression can see. Numbers are integers unless said otherwise.
 *
 * The agent fills the values in; `rule-variables.ts` says of each what it means, which is what `docs/harness.md` shows.
 * Long strings and lists are cut for evaluation (`rule-variables.ts`, `MAX_STRING`, `MAX_LIST`).
 */
export interface RuleContext {
  event: RuleEvent;
  /** Answers of the model so far, the current one included. */
  turn: number;
  /** Tool calls that were run so far (blocked ones are not counted), the current one included after it has run. */
  toolCalls: number;
  /** Tool calls that ended in an error so far. */
  toolErrors: number;
  /** Errors in a row up to now. */
  consecutiveErrors: number;
  /** Calls since the last one that wrote a file (write, edit, or a shell command that changed a declared artifact). */
  callsSinceWrite: number;
  /** Paths written through write and edit, and declared artifacts that appeared, oldest first. */
  filesWritten: string[];
  /** Wall-clock seconds since the start, and until the trial's limit (doubles). */
  elapsedSeconds: number;
  remainingSeconds: number;
  /** Turns left until the tightest limit on turns. */
  remainingTurns: number;
  /** Tokens used so far, and estimated tokens of the current context. */
  tokens: number;
  contextTokens: number;
  /** Times that finish was refused so far. */
  finishRefusals: number;
  /** The call at hand (before-tool, after-tool); empty strings elsewhere. */
  call: {
    tool: string;
    /** Shell: the command; custom tools: the rendered command; otherwise ''. */
    command: string;
    /** Tools on files: the path; otherwise ''. */
    path: string;
    /** Earlier calls of this trial with the same tool and the same arguments. */
    identicalBefore: number;
    /** Those of them that ended in an error. */
    identicalFailuresBefore: number;
    /** Whether the latest earlier identical call failed and nothing else was run since that succeeded in writing. */
    repeatsLastFailure: boolean;
  };
  /** Its result (after-tool); otherwise ok, empty. */
  result: {
    ok: boolean;
    /** Exit status of a command; 0 for tools without one that succeeded, 1 when they failed. */
    exitCode: number;
    output: string;
    timedOut: boolean;
    /** Double. */
    durationSeconds: number;
  };
  artifacts: { declared: string[]; missing: string[]; deleted: string[] };
  /** The latest shell command that counted as a check. */
  check: { ran: boolean; passed: boolean; command: string; callsSince: number };
  /** The model's latest text, and how many tool calls came with it. */
  answer: { text: string; toolCalls: number };
  /** The task's instruction. */
  instruction: string;
}
