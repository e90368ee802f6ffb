/**
 * Whether a suite measures anything: each task's own solution must pass its verifier, and doing nothing must not. No
 * model is asked.
 */
import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import { type Sandbox, SandboxError, type SandboxLimits, type SandboxProvider } from '../sandbox/types.js';
import type { Suite, Task } from '../suite/types.js';
import { runScript, type Verification, verify } from './verify.js';

export interface TaskCheck {
  name: string;
  /** Reward of the task's solution; null: there is no verdict. */
  oracle: number | null;
  /** Reward of doing nothing; null: there is no verdict. */
  noop: number | null;
  /** oracle = 1 and noop = 0. */
  healthy: boolean;
  /** Why it is not healthy; '' when it is. */
  reason: string;
}

export interface SuiteCheckOptions {
  sandbox: SandboxProvider;
  limits: SandboxLimits;
  /** Sandboxes at once. */
  concurrency: number;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number, latest: TaskCheck) => void;
}

/** A solution has the agent's time; this long where the task names none. */
const SOLUTION_SECONDS = 900;

type Attempt = { reward: number | null; reason: string };

/**
 * In the order of the suite's tasks.
 * @throws the signal's reason when it is aborted; {SandboxError} of kind unavailable, because then no task can be checked.
 */
export async function checkSuite(suite: Suite, options: SuiteCheckOptions): Promise<{ tasks: TaskCheck[] }> {
  const tasks: TaskCheck[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < suite.tasks.length) {
      options.signal?.throwIfAborted();
      const index = next++;
      const check = await checkTask(suite.tasks[index]!, options);
      tasks[index] = check;
      options.onProgress?.(++done, suite.tasks.length, check);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.concurrency) }, work));
  return { tasks };
}

async function checkTask(task: Task, options: SuiteCheckOptions): Promise<TaskCheck> {
  const oracle = task.hasSolution
    ? await attempt(task, options, runSolution)
    : { reward: null, reason: 'there is no solution/solve.sh' };
  const noop = await attempt(task, options, async () => '');
  const reasons = [
    oracle.reward === 1 ? '' : `oracle: ${oracle.reason || `reward ${oracle.reward}, expected 1`}`,
    noop.reward === 0 ? '' : `no-op: ${noop.reason || `reward ${noop.reward}, expected 0`}`,
  ].filter((reason) => reason !== '');
  return {
    name: task.name,
    oracle: oracle.reward,
    noop: noop.reward,
    healthy: reasons.length === 0,
    reason: reasons.join('; '),
  };
}

/** @param act does what is to be verified; returns what it printed. */
async function attempt(
  task: Task,
  options: SuiteCheckOptions,
  act: (sandbox: Sandbox, task: Task, signal?: AbortSignal) => Promise<string>,
): Promise<Attempt> {
  const { signal, limits } = options;
  if (task.environment.unsupported !== null) return { reward: null, reason: task.environment.unsupported };
  try {
    const sandbox = await options.sandbox.create(
      {
        id: createHash('sha256').update(`${task.digest}/${randomUUID()}`).digest('hex'),
        environment: task.environment,
        contextDir: path.join(task.dir, 'environment'),
        limits,
      },
      signal,
    );
    try {
      const printed = await act(sandbox, task, signal);
      return toAttempt(await verify(sandbox, task, { signal }), printed);
    } finally {
      await sandbox.destroy();
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof SandboxError && error.kind !== 'unavailable') {
      return { reward: null, reason: `sandbox (${error.kind}): ${error.message}` };
    }
    throw error;
  }
}

/** Fresh sandboxes hold no `/solution`: it is there only for this. */
async function runSolution(sandbox: Sandbox, task: Task, signal?: AbortSignal): Promise<string> {
  await sandbox.upload(path.join(task.dir, 'solution'), '/solution');
  await sandbox.exec('mkdir -p "$SANDBOX_ROOT/logs/agent" && chmod 0777 "$SANDBOX_ROOT/logs/agent"', {
    timeoutSeconds: 30,
    outputBytes: 1000,
    cleanEnv: true,
    root: true,
  });
  signal?.throwIfAborted();
  const { output } = await runScript(sandbox, {
    script: '/solution/solve.sh',
    log: '/logs/agent/oracle.txt',
    workdir: task.environment.workdir,
    env: { DEBIAN_FRONTEND: 'noninteractive', ...task.environment.env, ...task.solutionEnv },
    timeoutSeconds: task.agentTimeoutSeconds ?? SOLUTION_SECONDS,
    signal,
  });
  signal?.throwIfAborted();
  return output;
}

function toAttempt(verification: Verification, printed: string): Attempt {
  if (!verification.ok) return { reward: null, reason: verification.reason };
  const { reward, output } = verification;
  const said = lastLines([printed, output].join('\n'));
  return { reward, reason: `reward ${reward}${said ? ` (${said})` : ''}` };
}

function lastLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-3).join(' | ').slice(-300);
}
