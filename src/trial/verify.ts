/**
 * Verification, as Harbor does it: after the agent has ended, `tests/` is put to `/tests`, `test.sh` runs in a clean
 * environment, and only the reward file that it writes counts.
 *
 * What an agent can have prepared: `/tests` and `/logs/verifier` are new to it and out of its reach, its environment and
 * shell state are not used, the base root's programs are as they were, and a missing working directory does not hinder
 * (`Sandbox.forVerifier`). Its files are there and its processes run on, because tasks ask for services. What a verifier runs
 * of the agent's files it trusts: such a program has the verifier's rights.
 */
import path from 'node:path';
import type { Sandbox } from '../sandbox/types.js';
import type { Task } from '../suite/types.js';
import { parseRewardJson, parseRewardText, REWARD_BYTES_MAX, type Reward } from './reward.js';

/** `output` is what the verifier printed, its middle left out where it is long. */
export type Verification =
  | { ok: true; reward: number; output: string }
  /** There is no verdict: the verifier is at fault, or what it needs is broken. */
  | { ok: false; reason: string; output: string };

const LOG = '/logs/verifier/test-stdout.txt';
const OUTPUT_BYTES = 64 * 1024;
const HOUSEKEEPING_SECONDS = 60;

/** @throws {SandboxError} when the sandbox breaks; the signal's reason when it is aborted. */
export async function verify(
  sandbox: Sandbox,
  task: Task,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<Verification> {
  const { signal } = options;
  const place = await sandbox.forVerifier(signal);
  signal?.throwIfAborted();
  await place.upload(path.join(task.dir, 'tests'), '/tests');
  signal?.throwIfAborted();
  const ran = await runScript(place, {
    script: '/tests/test.sh',
    log: LOG,
    workdir: task.environment.workdir,
    env: { ...task.environment.env, ...task.verifierEnv },
    timeoutSeconds: task.verifierTimeoutSeconds,
    signal,
  });
  signal?.throwIfAborted();
  if (ran.timedOut) {
    const reason = `the verifier gave no verdict within its ${task.verifierTimeoutSeconds} seconds`;
    return { ok: false, reason, output: ran.output };
  }
  const reward = await readReward(place);
  signal?.throwIfAborted();
  if (!reward.ok)
    return { ok: false, reason: `the verifier gave no verdict: ${reward.problem}`, output: ran.output };
  return { ok: true, reward: reward.reward, output: ran.output };
}

/**
 * Runs an uploaded script as Harbor does: executable, in the working directory (`/` where it is gone), everything it
 * prints into `log`, its exit code of no account.
 */
export async function runScript(
  sandbox: Sandbox,
  run: {
    script: string;
    log: string;
    workdir: string;
    env: Record<string, string>;
    timeoutSeconds: number;
    signal?: AbortSignal | undefined;
  },
): Promise<{ timedOut: boolean; output: string }> {
  const [script, log] = [`"$SANDBOX_ROOT"${run.script}`, `"$SANDBOX_ROOT"${run.log}`];
  const signal = run.signal ? { signal: run.signal } : {};
  const shared = { outputBytes: OUTPUT_BYTES, cwd: '/', cleanEnv: true, ...signal };
  const housekeeping = { ...shared, timeoutSeconds: HOUSEKEEPING_SECONDS };
  await sandbox.exec(`chmod +x ${script}`, { ...housekeeping, root: true });
  run.signal?.throwIfAborted();
  const command = `cd -- "$SANDBOX_ROOT"${quote(run.workdir)} 2>/dev/null; (${script}) > ${log} 2>&1; cat ${log}`;
  const result = await sandbox.exec(command, { ...shared, env: run.env, timeoutSeconds: run.timeoutSeconds });
  if (!result.timedOut) return { timedOut: false, output: result.output };
  run.signal?.throwIfAborted();
  const rest = await sandbox.exec(`cat ${log}`, housekeeping);
  return { timedOut: true, output: rest.output };
}

/**
 * Of both files the lower reward counts. A verifier writes one, or the same into both: where they differ, a program that it ran
 * may have written the other.
 */
async function readReward(sandbox: Sandbox): Promise<Reward> {
  const files = ['/logs/verifier/reward.json', '/logs/verifier/reward.txt'] as const;
  const [json, text] = await sandbox.exists([...files]);
  if (!json && !text) return { ok: false, problem: 'it wrote neither reward.json nor reward.txt' };
  const rewards: Reward[] = [];
  if (json) rewards.push(await rewardOf(sandbox, files[0], parseRewardJson));
  if (text) rewards.push(await rewardOf(sandbox, files[1], parseRewardText));
  const unclear = rewards.find(({ ok }) => !ok);
  return (
    unclear ?? { ok: true, reward: Math.min(...rewards.map((reward) => (reward.ok ? reward.reward : 0))) }
  );
}

async function rewardOf(sandbox: Sandbox, file: string, parse: (content: string) => Reward): Promise<Reward> {
  const read = await sandbox.readFile(file, REWARD_BYTES_MAX);
  if (!read.ok) return { ok: false, problem: `its reward file cannot be read: ${read.reason}` };
  return parse(read.content.toString('utf8'));
}

/** A word for bash. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
