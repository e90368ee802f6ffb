/**
 * Whether a suite measures anything: each task's own solution must pass its verifier, doing nothing must not, and both
 * must come out the same each time; no tampering of an agent may earn a reward. No model is asked.
 */
import type { SandboxLimits, SandboxProvider } from '../sandbox/types.js';
import type { Suite, Task } from '../suite/types.js';
import { type Act, type Attempt, attempt, doNothing, solve } from './check-attempt.js';
import { ensureTried, NotApplicable, TAMPER_KINDS, type TamperKind, tamper } from './tamper.js';

export interface TaskCheck {
  name: string;
  /** Reward of the task's solution in the first run; null: there is no verdict. */
  oracle: number | null;
  /** Reward of doing nothing in the first run; null: there is no verdict. */
  noop: number | null;
  /** oracle = 1 and noop = 0 in every run, and no tampering earns a reward. */
  healthy: boolean;
  /** Why it is not healthy; '' when it is. */
  reason: string;
  /** How often each of the two ran. */
  runs: number;
  /** Share, 0-1, of the solution's verdicts that are 1; null: there is none. */
  oraclePassShare: number | null;
  /** Share, 0-1, of the verdicts on doing nothing that are 1; null: there is none. */
  noopPassShare: number | null;
  /** Runs of one and the same ended differently. */
  flaky: boolean;
  /** What its verifier gave after each kind of tampering; without it, none was tried. */
  tamper?: TamperCheck[];
}

export interface TamperCheck {
  kind: TamperKind;
  /** null: there was no verdict, which is no reward either. */
  reward: number | null;
}

export interface SuiteCheckOptions {
  sandbox: SandboxProvider;
  limits: SandboxLimits;
  /** Sandboxes at once. */
  concurrency: number;
  /** Runs after the first, to find what comes out differently under load; 0: none. */
  repeat?: number;
  /** Sandboxes at once in these: more than the machine has cores. */
  repeatConcurrency?: number;
  /** Also try each kind of tampering. */
  tamper?: boolean;
  signal?: AbortSignal;
  /** After each sandbox. */
  onProgress?: (done: number, total: number) => void;
}

type Kind = 'oracle' | 'noop';
const ACTS: Record<Kind, Act> = { oracle: solve, noop: doNothing };
const EXPECTED: Record<Kind, number> = { oracle: 1, noop: 0 };
const WORDS: Record<Kind, string> = { oracle: 'oracle', noop: 'no-op' };

type Runs = Record<Kind, Attempt[]> & { tamper: TamperCheck[] };

interface Job {
  index: number;
  kind: Kind | TamperKind;
}

/**
 * In the order of the suite's tasks.
 * @throws the signal's reason when it is aborted; {SandboxError} of kind unavailable, because then no task can be checked.
 */
export async function checkSuite(suite: Suite, options: SuiteCheckOptions): Promise<{ tasks: TaskCheck[] }> {
  const runs: Runs[] = suite.tasks.map(() => ({ oracle: [], noop: [], tamper: [] }));
  const jobs = suite.tasks.flatMap((_, index): Job[] => [
    { index, kind: 'oracle' },
    { index, kind: 'noop' },
  ]);
  const repeat = options.repeat ?? 0;
  const kinds = options.tamper ? TAMPER_KINDS : [];
  const tampering = suite.tasks.flatMap((_, index) => kinds.map((kind): Job => ({ index, kind })));
  const total = jobs.length * (1 + repeat) + tampering.length;
  let done = 0;
  const work = async ({ index, kind }: Job) => {
    const task = suite.tasks[index]!;
    if (kind === 'oracle' || kind === 'noop') runs[index]![kind].push(await runOnce(task, kind, options));
    else runs[index]!.tamper.push(...(await tamperOnce(task, kind, options)));
    options.onProgress?.(++done, total);
  };
  await inParallel([...jobs, ...tampering], options.concurrency, work, options.signal);
  // Whole passes over the suite: runs of one task see different neighbours.
  const again = Array.from({ length: repeat }, () => jobs).flat();
  await inParallel(again, options.repeatConcurrency ?? options.concurrency, work, options.signal);
  return { tasks: suite.tasks.map((task, index) => judge(task.name, runs[index]!, options.tamper === true)) };
}

function runOnce(task: Task, kind: Kind, options: SuiteCheckOptions): Promise<Attempt> {
  if (kind === 'oracle' && !task.hasSolution)
    return Promise.resolve({ reward: null, reason: 'there is no solution/solve.sh' });
  return attempt(task, options, ACTS[kind]);
}

/** Empty where there is nothing of this kind to be tried. */
async function tamperOnce(task: Task, kind: TamperKind, options: SuiteCheckOptions): Promise<TamperCheck[]> {
  try {
    const { reward } = await attempt(task, options, tamper(kind), (sandbox) => ensureTried(kind, sandbox));
    return [{ kind, reward }];
  } catch (error) {
    if (error instanceof NotApplicable) return [];
    throw error;
  }
}

function judge(name: string, runs: Runs, tampered: boolean): TaskCheck {
  const kinds: Kind[] = ['oracle', 'noop'];
  const fooled = byKind(runs.tamper)
    .filter(({ reward }) => reward !== null && reward > 0)
    .map(({ kind }) => kind);
  const reasons = [
    ...kinds.map((kind) => complaint(kind, runs[kind])),
    fooled.length > 0 ? `tampering earns a reward: ${fooled.join(', ')}` : '',
  ].filter((reason) => reason !== '');
  return {
    name,
    oracle: runs.oracle[0]!.reward,
    noop: runs.noop[0]!.reward,
    healthy: reasons.length === 0,
    reason: reasons.join('; '),
    runs: runs.oracle.length,
    oraclePassShare: passShare(runs.oracle),
    noopPassShare: passShare(runs.noop),
    flaky: kinds.some((kind) => isFlaky(runs[kind])),
    ...(tampered ? { tamper: byKind(runs.tamper) } : {}),
  };
}

function byKind(checks: TamperCheck[]): TamperCheck[] {
  return TAMPER_KINDS.flatMap((kind) => checks.filter((check) => check.kind === kind));
}

/** What is wrong with the runs of one kind; '': nothing. */
function complaint(kind: Kind, runs: Attempt[]): string {
  const expected = EXPECTED[kind];
  const wrong = runs.find(({ reward }) => reward !== expected);
  if (!wrong) return '';
  const said = wrong.reason || `reward ${wrong.reward}, expected ${expected}`;
  if (!isFlaky(runs)) return `${WORDS[kind]}: ${said}`;
  const right = runs.filter(({ reward }) => reward === expected).length;
  return `flaky: ${WORDS[kind]} came to ${expected} in ${right} of ${runs.length} runs; otherwise ${said}`;
}

function isFlaky(runs: Attempt[]): boolean {
  return runs.some(({ reward }) => reward !== runs[0]!.reward);
}

function passShare(runs: Attempt[]): number | null {
  const verdicts = runs.filter(({ reward }) => reward !== null);
  if (verdicts.length === 0) return null;
  return verdicts.filter(({ reward }) => reward === 1).length / verdicts.length;
}

async function inParallel<T>(
  items: T[],
  concurrency: number,
  work: (item: T) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      signal?.throwIfAborted();
      await work(items[next++]!);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, lane));
}
