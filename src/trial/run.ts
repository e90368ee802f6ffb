/**
 * One trial: a fresh sandbox, the agent, the verifier, and a result that is stored before anyone learns of it. Knows
 * nothing of what started it; run again with the same identity, it returns what it found the first time.
 */
import path from 'node:path';
import type { AgentResult, AgentRun } from '../agent/types.js';
import type { Contract } from '../contract/types.js';
import type { Harness } from '../harness/schema.js';
import { counted } from '../model/counted.js';
import { type ChatModel, EVERYONES, ModelError, type Usage } from '../model/types.js';
import { type Sandbox, SandboxError, type SandboxProvider } from '../sandbox/types.js';
import type { ArtifactStore } from '../store/types.js';
import type { Suite, Task } from '../suite/types.js';
import { fingerprintOf } from './fingerprint.js';
import { INVALID_TRIALS, TRIALS, trialKey, trialSeed } from './key.js';
import { bounded, outcomeOf, type TrialFacts, trialLimits, trialResult } from './result.js';
import { noteBrokenTry } from './tries.js';
import type { TrialResult, TrialSpec } from './types.js';
import { verify } from './verify.js';

export interface TrialDeps {
  store: ArtifactStore;
  sandbox: SandboxProvider;
  /** Retries by itself for a bounded time. */
  model: ChatModel;
  runAgent: (run: AgentRun) => Promise<AgentResult>;
  /** Takes secrets out of anything that is going to be stored. */
  redact: <T>(value: T) => T;
  /** Milliseconds since 1970. */
  now?: () => number;
}

export interface TrialInput {
  spec: TrialSpec;
  /** Of this try of the trial: no other try of any trial has it. */
  tryId: string;
  contract: Contract;
  /** The contract's suite, as it lies on this machine. */
  suite: Suite;
  harness: Harness;
  signal?: AbortSignal;
  /** Called at each sign of life with where the trial stands. */
  onProgress?: (progress: TrialProgress) => void;
}

export interface TrialProgress {
  phase: string;
  turn: number;
  toolCalls: number;
  /** What this try has spent so far. */
  usage: Usage;
}

/**
 * The infrastructure broke and the trial says nothing about the harness: it is never scored. Nothing was stored; the
 * caller tries again while that makes sense, then keeps it with `keepInvalid`.
 */
export class InvalidTrial extends Error {
  override readonly name = 'InvalidTrial';
  constructor(
    message: string,
    /** false: another try would end the same way. */
    readonly retryable: boolean,
    /** What was spent and seen until then. */
    readonly facts: TrialFacts,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The stored result of this trial if there is one, else that of running it; stored on return. A try that ends otherwise is
 * noted with what it spent.
 * @throws {InvalidTrial} when infrastructure broke.
 * @throws {ModelError} of kind quota, authentication or not-found; {SandboxError} of kind unavailable: a person has to act.
 * @throws the signal's reason when it is aborted; the sandbox is gone then and nothing is stored.
 */
export async function executeTrial(deps: TrialDeps, input: TrialInput): Promise<TrialResult> {
  const task = taskOf(input);
  const key = trialKey(input.spec, task.digest);
  const stored = await deps.store.getKeyed<TrialResult>(TRIALS, key);
  if (stored) return stored;
  return new Trial(deps, input, task, key).run();
}

/** Keeps an invalid trial as the result that people see and that nothing is scored by. */
export async function keepInvalid(
  deps: Pick<TrialDeps, 'store' | 'redact'>,
  input: Pick<TrialInput, 'spec' | 'tryId' | 'contract' | 'suite'>,
  error: InvalidTrial,
): Promise<TrialResult> {
  const { spec, tryId, contract } = input;
  const key = trialKey(spec, taskOf(input).digest);
  const result = trialResult({ key, tryId, spec, contract }, error.facts, {
    outcome: 'invalid',
    reason: deps.redact(error.message),
    reward: null,
  });
  return deps.store.putKeyed(INVALID_TRIALS, key, result);
}

class Trial {
  readonly #started: number;
  readonly #now: () => number;
  #facts: Pick<TrialFacts, 'trace' | 'verifierOutput' | 'fingerprint'> & { agent: AgentResult | null } = {
    agent: null,
    trace: null,
    verifierOutput: null,
  };
  /** Answer by answer, so that what a broken trial spent is known too. */
  readonly #counting: ReturnType<typeof counted>;

  constructor(
    readonly deps: TrialDeps,
    readonly input: TrialInput,
    readonly task: Task,
    readonly key: string,
  ) {
    this.#now = deps.now ?? Date.now;
    this.#started = this.#now();
    this.#counting = counted(deps.model);
  }

  get #usage(): Usage {
    return this.#facts.agent?.usage ?? this.#counting.usage();
  }

  async run(): Promise<TrialResult> {
    try {
      this.input.signal?.throwIfAborted();
      const result = await this.#inSandbox((sandbox) => this.#runAndVerify(sandbox));
      const kept = await this.deps.store.putKeyed(TRIALS, this.key, result);
      if (kept.tryId !== result.tryId) await this.#noteBroken('another try came to its end first');
      return kept;
    } catch (error) {
      const classified = this.#classify(error);
      // The error is what matters: where the store is what broke, the note is lost.
      await this.#noteBroken(messageOf(classified)).catch(() => {});
      this.input.signal?.throwIfAborted();
      throw classified;
    }
  }

  #noteBroken(reason: string): Promise<void> {
    const { contract, purpose } = this.input.spec;
    return noteBrokenTry(this.deps.store, this.key, {
      ...{ id: this.input.tryId, contract, purpose, usage: this.#usage },
      reason: bounded(this.deps.redact(reason)),
    });
  }

  async #inSandbox<T>(work: (sandbox: Sandbox) => Promise<T>): Promise<T> {
    const { memoryMb, processes, storageMb } = trialLimits(this.input.contract, this.task);
    const sandbox = await this.deps.sandbox.create(
      {
        id: this.key,
        environment: this.task.environment,
        contextDir: path.join(this.task.dir, 'environment'),
        limits: { memoryMb, processes, storageMb },
      },
      this.input.signal,
    );
    try {
      return await work(sandbox);
    } finally {
      await sandbox.destroy();
    }
  }

  async #runAndVerify(sandbox: Sandbox): Promise<TrialResult> {
    const { signal, spec, contract } = this.input;
    const { store, redact } = this.deps;
    const agent = await this.deps.runAgent(this.#agentRun(sandbox));
    signal?.throwIfAborted();
    this.#facts.agent = agent;
    this.#facts.trace = await store.putJson(redact(agent.trajectory));
    if (spec.noteFiles)
      this.#facts.fingerprint = await fingerprintOf(sandbox, this.task.environment.workdir, signal);
    this.#progress({ phase: 'verifier', turn: agent.turns, toolCalls: agent.toolCalls });
    const verified = await verify(sandbox, this.task, { signal });
    this.#facts.verifierOutput = await store.put(redact(verified.output));
    if (!verified.ok) throw new InvalidTrial(verified.reason, true, this.#allFacts());
    const outcome = outcomeOf(verified.reward, agent.stopReason);
    const reason = `reward ${verified.reward}; the agent ended with ${agent.stopReason}`;
    const verdict = { outcome, reason, reward: verified.reward };
    return trialResult({ key: this.key, tryId: this.input.tryId, spec, contract }, this.#allFacts(), verdict);
  }

  #agentRun(sandbox: Sandbox): AgentRun {
    const { spec, contract, harness, signal } = this.input;
    return {
      harness,
      harnessDigest: spec.harness,
      instruction: this.task.instruction,
      taskName: this.task.name,
      workdir: this.task.environment.workdir,
      sandbox,
      contextTokens: contract.model.contextTokens,
      model: this.#counting.model,
      modelName: contract.model.name,
      limits: trialLimits(contract, this.task),
      seed: trialSeed(this.key),
      sessionId: this.key,
      onProgress: (progress) => this.#progress(progress),
      ...(signal ? { signal } : {}),
    };
  }

  #progress(progress: Omit<TrialProgress, 'usage'>): void {
    this.input.onProgress?.({ ...progress, usage: this.#usage });
  }

  #allFacts(): TrialFacts {
    const seconds = (this.#now() - this.#started) / 1000;
    return { ...this.#facts, startedAt: new Date(this.#started), seconds, usage: this.#usage };
  }

  #classify(error: unknown): unknown {
    const invalid = (message: string, retryable: boolean) =>
      new InvalidTrial(message, retryable, this.#allFacts(), { cause: error });
    if (error instanceof SandboxError && error.kind !== 'unavailable') {
      return invalid(`sandbox (${error.kind}): ${error.message}`, error.kind !== 'unsupported');
    }
    if (error instanceof ModelError && !EVERYONES.has(error.kind)) {
      return invalid(`model (${error.kind}): ${error.message}`, error.retryable);
    }
    return error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function taskOf({ suite, spec }: Pick<TrialInput, 'suite' | 'spec'>): Task {
  const task = suite.tasks.find(({ name }) => name === spec.task);
  if (!task)
    throw new RangeError(
      `${suite.dir}: has no task "${spec.task}"; a trial names a task of its contract's suite.`,
    );
  return task;
}
