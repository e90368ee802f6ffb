import type { ToolDefinition } from '../../model/types.js';
import type { ExecOptions, ExecResult, Sandbox } from '../../sandbox/types.js';
import type { Trajectory } from '../../trace/types.js';

export type Arguments = Record<string, unknown>;

/** What a tool works on. Every wait goes through the deadline of the run. */
export interface ToolContext {
  workdir: string;
  readFile: Sandbox['readFile'];
  writeFile: Sandbox['writeFile'];
  /** Runs a command; its time limit is cut to what is left of the run. */
  exec(command: string, options: Omit<ExecOptions, 'signal'>): Promise<ExecResult>;
}

/** How a call went. */
export interface ToolOutcome {
  /** What the model reads. */
  content: string;
  ok: boolean;
  /** Exit status of a command; null: the tool has none. */
  exitCode: number | null;
  timedOut: boolean;
  omittedBytes: number;
  /** Path that was written. */
  wrote: string | null;
  /** Why the arguments could not be used. */
  malformed?: string;
  /** What a subagent did. */
  trajectory?: Trajectory;
}

export interface Tool {
  definition: ToolDefinition;
  /** Whether it can change files in ways that only a look at the sandbox shows. */
  runsCommands: boolean;
  /** What rules see of a call: the command as it is run, the path as absolute. */
  facts(args: Arguments, workdir: string): { command: string; path: string };
  /** `args` satisfy the definition's schema. Failures of the call are outcomes, not exceptions. */
  run(args: Arguments, context: ToolContext): Promise<ToolOutcome>;
}

export function succeeded(content: string, details: Partial<ToolOutcome> = {}): ToolOutcome {
  return {
    content,
    ok: true,
    exitCode: null,
    timedOut: false,
    omittedBytes: 0,
    wrote: null,
    ...details,
  };
}

export function failed(content: string, details: Partial<ToolOutcome> = {}): ToolOutcome {
  return { ...succeeded(content, details), ok: false };
}

export function malformed(content: string, why: string): ToolOutcome {
  return failed(content, { malformed: why });
}
