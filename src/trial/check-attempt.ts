/** One sandbox of a suite check: somebody acts, the verifier judges. No model is asked. */
import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import { type Sandbox, SandboxError, type SandboxLimits, type SandboxProvider } from '../sandbox/types.js';
import type { Task } from '../suite/types.js';
import { runScript, type Verification, verify } from './verify.js';

export interface AttemptOptions {
  sandbox: SandboxProvider;
  limits: SandboxLimits;
  signal?: AbortSignal | undefined;
}

/** `reward` null: there is no verdict. `reason` says in words what came of it. */
export type Attempt = { reward: number | null; reason: string };

/** Does what is to be verified; returns what it printed. */
export type Act = (sandbox: Sandbox, task: Task, signal?: AbortSignal) => Promise<string>;

/** A solution has the agent's time; this long where the task names none. */
const SOLUTION_SECONDS = 900;

/**
 * @param look what is looked for in the sandbox once there is a verdict
 * @throws the signal's reason when it is aborted; {SandboxError} of kind unavailable, because then nothing can be checked.
 */
export async function attempt(
  task: Task,
  options: AttemptOptions,
  act: Act,
  look: (sandbox: Sandbox) => Promise<void> = async () => {},
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
      const verified = toAttempt(await verify(sandbox, task, { signal }), printed);
      await look(sandbox);
      return verified;
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

/** The task's own solution. Fresh sandboxes hold no `/solution`: it is there only for this. */
export const solve: Act = async (sandbox, task, signal) => {
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
};

export const doNothing: Act = async () => '';

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
