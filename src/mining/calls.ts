/** A trial as the detectors see it: its tool calls in order, each with what came of it, whatever the agent's tools are named. */
import type { StopReason } from '../agent/types.js';
import type { Trajectory, TrajectoryStep } from '../trace/types.js';
import type { HeldInTrial } from './held-in.js';
import { programOf, type SimpleCommand, simpleCommands } from './shell.js';

export type CallKind = 'command' | 'read' | 'write' | 'finish' | 'other';

export interface Call {
  /** step_id of the answer that made the call. */
  step: number;
  /** 0, 1, 2 ... among the calls of the trial. */
  index: number;
  tool: string;
  kind: CallKind;
  /** Equal for calls with the same tool and the same arguments, white space aside. */
  key: string;
  /** Shell text; '' for calls that run none. */
  command: string;
  commands: SimpleCommand[];
  /** File that a file tool works on; otherwise ''. */
  path: string;
  /** What the call writes, as far as its arguments say; otherwise ''. */
  content: string;
  output: string;
  failed: boolean;
  /** null: the trace does not say. */
  exitCode: number | null;
  timedOut: boolean;
  seconds: number;
  malformed: string;
  blocked: boolean;
  created: string[];
  deleted: string[];
  /** null: the harness did not count the call as a check. */
  checkPassed: boolean | null;
  /** false: the trace ends before its result. */
  answered: boolean;
}

export interface TrialView {
  calls: Call[];
  steps: TrajectoryStep[];
  stop: StopReason | null;
  /** Ended at a limit rather than by the model's own decision. */
  ranOut: boolean;
  /** The model itself ended the trial. */
  ended: boolean;
  declared: string[];
  /** Declared artifacts that were not there at the end. */
  missing: string[];
  verifier: string;
  seconds: number;
}

const OUTPUT_CHARS = 20_000;
const VERIFIER_CHARS = 40_000;
const RAN_OUT: ReadonlySet<string> = new Set([
  'turn-limit',
  'tool-call-limit',
  'token-limit',
  'time-limit',
  'context-overflow',
]);

/** The view of one trial. `verifier`: what the verifier printed; its head and tail are kept. */
export function viewTrial(result: HeldInTrial, trajectory: Trajectory, verifier: string): TrialView {
  const extra = trajectory.extra;
  const stop = result.stopReason ?? ((extra?.stop_reason ?? null) as StopReason | null);
  const calls = callsOf(trajectory);
  return {
    calls,
    steps: trajectory.steps,
    stop,
    ranOut: stop !== null && RAN_OUT.has(stop),
    ended: stop === null ? calls.at(-1)?.kind === 'finish' : stop === 'finished' || stop === 'answered',
    declared: strings(extra?.artifacts_declared),
    missing: strings(extra?.artifacts_missing),
    verifier: bound(verifier, VERIFIER_CHARS),
    // The agent's own time: that of the whole trial has in it what sandboxes and endpoints lost.
    seconds: typeof extra?.elapsed_seconds === 'number' ? extra.elapsed_seconds : result.seconds,
  };
}

/** Calls in the order in which they were made. */
export function callsOf(trajectory: Trajectory): Call[] {
  const calls: Call[] = [];
  for (const step of trajectory.steps) {
    const results = step.observation?.results ?? [];
    for (const [position, made] of (step.tool_calls ?? []).entries()) {
      // A result without a source belongs to the call at its place.
      const result =
        results.find((r) => r.source_call_id === made.tool_call_id) ??
        (results[position]?.source_call_id === undefined ? results[position] : undefined);
      calls.push(readCall(step.step_id, calls.length, made.function_name, made.arguments ?? {}, result));
    }
  }
  return calls;
}

type Result = NonNullable<TrajectoryStep['observation']>['results'][number] | undefined;

function readCall(
  step: number,
  index: number,
  tool: string,
  args: Record<string, unknown>,
  result: Result,
): Call {
  const extra = result?.extra ?? {};
  const command = firstText(args, ['command', 'cmd', 'script', 'keystrokes']);
  const path = firstText(args, ['path', 'file_path', 'file', 'filename', 'target_file']);
  const written = ['content', 'text', 'file_text', 'new_string', 'new_str', 'new', 'replacement', 'patch'];
  const exitCode = typeof extra.exit_code === 'number' ? extra.exit_code : null;
  const timedOut = extra.timed_out === true;
  const malformed = typeof extra.malformed === 'string' ? extra.malformed : '';
  const blocked = typeof extra.blocked_by === 'string';
  return {
    step,
    index,
    tool,
    kind: kindOf(tool, command, path, args, written),
    key: `${tool} ${canonical(args)}`,
    command,
    commands: command === '' ? [] : simpleCommands(command),
    path,
    content: firstText(args, written),
    output: bound(result?.content ?? '', OUTPUT_CHARS),
    failed: extra.ok === false || (exitCode ?? 0) !== 0 || timedOut || malformed !== '' || blocked,
    exitCode,
    timedOut,
    seconds: typeof extra.duration_ms === 'number' ? extra.duration_ms / 1000 : 0,
    malformed,
    blocked,
    created: strings(extra.artifacts_created),
    deleted: strings(extra.artifacts_deleted),
    checkPassed: typeof extra.check_passed === 'boolean' ? extra.check_passed : null,
    answered: result !== undefined,
  };
}

function kindOf(
  tool: string,
  command: string,
  path: string,
  args: Record<string, unknown>,
  written: string[],
): CallKind {
  if (/^(finish|submit|done|complete|task_complete|end)$/i.test(tool)) return 'finish';
  if (command !== '') return 'command';
  if (written.some((name) => typeof args[name] === 'string')) return 'write';
  if (path !== '' || /^(list|ls|search|grep|glob|find|read)/i.test(tool)) return 'read';
  return 'other';
}

function firstText(args: Record<string, unknown>, names: string[]): string {
  for (const name of names) {
    const value = args[name];
    if (typeof value === 'string' && value !== '') return value;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(' ');
  }
  return '';
}

function canonical(args: Record<string, unknown>): string {
  const entries = Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries).replace(/(?:\\[nt]|\s)+/g, ' ');
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Head and tail of a long text. */
export function bound(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const head = Math.ceil((chars - 3) * 0.6);
  return `${text.slice(0, head)}\n…\n${text.slice(text.length - (chars - 3 - head))}`;
}

const READING =
  'ls dir tree cat tac head tail less more nl find fd grep egrep fgrep zgrep rg ag awk gawk mawk sed wc file stat pwd cd echo ' +
  'printf which type command whereis env printenv du df sort uniq cut tr paste join comm column rev fold xxd od hexdump ' +
  'strings diff cmp md5sum sha1sum sha256sum cksum ps id whoami uname hostname date history help man info jq yq zcat bzcat ' +
  'xzcat readlink realpath basename dirname test [ true false : sleep seq lsof ss netstat git tar locate pushd popd';
const READERS = new Set(READING.split(' '));
const GIT_READS = /^(log|status|show|diff|ls-files|ls-tree|blame|grep|rev-parse|cat-file|reflog|shortlog)$/;

/** Whether a call only looks: nothing it names writes, starts or installs anything. */
export function onlyLooks(call: Call): boolean {
  if (call.kind === 'read') return true;
  return call.kind === 'command' && call.commands.length > 0 && call.commands.every(commandOnlyLooks);
}

function commandOnlyLooks(command: SimpleCommand): boolean {
  if (command.writes.length > 0 || command.background) return false;
  const program = programOf(command);
  if (program === '') return true;
  const rest = command.words.slice(1);
  if (program === 'git') return GIT_READS.test(rest.find((word) => !word.startsWith('-')) ?? '');
  if (program === 'sed') return !rest.some((word) => /^(-[a-zA-Z]*i|--in-place)/.test(word));
  if (program === 'find') return !rest.some((word) => /^-(delete|exec|execdir|ok|fprint)/.test(word));
  if (program === 'tar') return /^-?[a-zA-Z]*t/.test(rest[0] ?? '') || rest.includes('--list');
  return READERS.has(program);
}

/** Whether a call made or changed something on purpose: a file tool that writes, or a command that does more than look. */
export function produces(call: Call): boolean {
  if (call.created.length > 0) return true;
  if (call.failed) return false;
  if (call.kind === 'write') return true;
  return call.kind === 'command' && call.commands.some(commandProduces);
}

const PRODUCERS = new Set(
  (
    'cp mv mkdir touch tee ln install dd make cmake ninja patch chmod chown unzip gunzip gzip zip xz bzip2 rsync truncate ' +
    'split apt apt-get pip pip3 npm yarn pnpm cargo go gcc g++ cc clang rustc javac git tar sed'
  ).split(' '),
);

function commandProduces(command: SimpleCommand): boolean {
  if (command.writes.length > 0) return true;
  return PRODUCERS.has(programOf(command)) && !commandOnlyLooks(command);
}
