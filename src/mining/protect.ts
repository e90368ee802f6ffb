/** What passing trials do, so that an edit does not break it. Counts only: nothing of a task is quoted. */
import type { Trajectory } from '../trace/types.js';
import { produces, viewTrial } from './calls.js';
import { detect } from './detectors/index.js';
import { isCheck } from './detectors/symptoms.js';
import { assertHeldIn, type HeldInTrial } from './held-in.js';
import type { Mechanism } from './types.js';

/** A passing held-in trial in figures. */
export interface PassingBehaviour {
  trial: string;
  turns: number;
  toolCalls: number;
  seconds: number;
  longestCallSeconds: number;
  /** Calls before the first that wrote anything; null: it wrote nothing. */
  callsBeforeFirstWrite: number | null;
  failedCalls: number;
  checked: boolean;
  /** Calls by tool. */
  tools: Record<string, number>;
  /** Weaknesses that it shows as well, and passes all the same. */
  mechanisms: Mechanism[];
}

const NOTABLE = 0.4;
const TOOLS_SHOWN = 8;

/** @throws {RangeError} when the trial is not of held-in, or did not pass */
export function passingBehaviour(result: HeldInTrial, trajectory: Trajectory): PassingBehaviour {
  assertHeldIn(result);
  if (result.outcome !== 'passed') {
    throw new RangeError(
      `trial ${result.key} is ${result.outcome}; what is to be protected comes from passed trials`,
    );
  }
  const view = viewTrial(result, trajectory, '');
  const worked = view.calls.filter((call) => call.kind !== 'finish');
  const firstWrite = worked.findIndex(produces);
  const tools: Record<string, number> = {};
  for (const call of worked) tools[call.tool] = (tools[call.tool] ?? 0) + 1;
  return {
    trial: result.key,
    turns: result.turns,
    toolCalls: worked.length,
    seconds: view.seconds,
    longestCallSeconds: worked.reduce((max, call) => Math.max(max, call.seconds), 0),
    callsBeforeFirstWrite: firstWrite < 0 ? null : firstWrite,
    failedCalls: worked.filter((call) => call.failed).length,
    checked: worked.some(isCheck),
    tools,
    mechanisms: [
      ...new Set(
        detect(view)
          .filter((f) => f.strength >= NOTABLE)
          .map((f) => f.mechanism),
      ),
    ],
  };
}

/** Sentences for a proposer, at most a dozen; [] when nothing passed. */
export function protectedBehaviour(passing: readonly PassingBehaviour[]): string[] {
  if (passing.length === 0) return [];
  const n = passing.length;
  const high = (of: (trial: PassingBehaviour) => number) => quantile(passing.map(of), 0.9);
  const wrote = passing.flatMap((trial) => trial.callsBeforeFirstWrite ?? []);
  const lines = [
    `${n} trials pass. Nine in ten of them take at most ${high((t) => t.turns)} turns, ${high((t) => t.toolCalls)} tool calls and ${roundUp(high((t) => t.seconds))} s; one call takes at most ${roundUp(Math.max(...passing.map((t) => t.longestCallSeconds)))} s.`,
    `They use: ${toolShares(passing)}.`,
  ];
  if (wrote.length > 0)
    lines.push(
      `Half of them look around for ${quantile(wrote, 0.5)} calls or more before they first write, one in ten for ${quantile(wrote, 0.9)} or more.`,
    );
  const failed = passing.filter((trial) => trial.failedCalls > 0).length;
  if (failed > 0)
    lines.push(
      `${failed} of ${n} have failed calls on the way, up to ${high((t) => t.failedCalls)} of them, and pass.`,
    );
  const unchecked = passing.filter((trial) => !trial.checked).length;
  if (unchecked > 0) lines.push(`${unchecked} of ${n} run no check that could be recognised, and pass.`);
  return [...lines, ...sharedMechanisms(passing)];
}

function sharedMechanisms(passing: readonly PassingBehaviour[]): string[] {
  const counts = new Map<Mechanism, number>();
  for (const mechanism of passing.flatMap((trial) => trial.mechanisms)) {
    counts.set(mechanism, (counts.get(mechanism) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 6)
    .map(([mechanism, trials]) => `${trials} of ${passing.length} show "${mechanism}" too, and pass.`);
}

function toolShares(passing: readonly PassingBehaviour[]): string {
  const users = new Map<string, number>();
  for (const name of passing.flatMap((trial) => Object.keys(trial.tools))) {
    users.set(name, (users.get(name) ?? 0) + 1);
  }
  const shares = [...users]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, TOOLS_SHOWN)
    .map(([name, trials]) => `${name.slice(0, 64)} (${trials} of ${passing.length})`);
  return shares.length > 0 ? shares.join(', ') : 'no tools';
}

/** To tens: finer than that, times tell how busy the machine was. */
function roundUp(seconds: number): number {
  return Math.max(1, Math.ceil(seconds / 10)) * 10;
}

/** Nearest-rank quantile of a list that is not empty. */
function quantile(values: number[], share: number): number {
  const ordered = [...values].sort((a, b) => a - b);
  return ordered[Math.max(0, Math.ceil(share * ordered.length) - 1)]!;
}
