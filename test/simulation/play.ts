import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAgent } from '../../src/agent/loop.js';
import type { AgentResult } from '../../src/agent/types.js';
import { type HarnessInput, harnessSchema } from '../../src/harness/schema.js';
import { seedHarness } from '../../src/harness/seed.js';
import type { HeldInTrial } from '../../src/mining/held-in.js';
import { createChatModel } from '../../src/model/create.js';
import type { ChatModel } from '../../src/model/types.js';
import { createSandboxProvider } from '../../src/sandbox/index.js';
import type { SandboxProvider } from '../../src/sandbox/types.js';
import { type Profile, profiles } from '../../src/simulation/profiles.js';
import { type Simulation, startSimulation } from '../../src/simulation/server.js';
import type { Weakness } from '../../src/simulation/weaknesses/types.js';
import { loadSuite } from '../../src/suite/suite.js';
import type { Suite } from '../../src/suite/types.js';
import { verify } from '../../src/trial/verify.js';
import { modelConfig } from '../model/fake-endpoint.js';

export interface Played {
  passed: boolean;
  result: AgentResult;
  /** Shell commands of the model, in order. */
  commands: string[];
  verifierOutput: string;
}

/** Plays simulated models against the real agent, sandbox and verifier. */
export class Stage {
  private constructor(
    readonly suite: Suite,
    private readonly simulation: Simulation,
    private readonly provider: SandboxProvider,
    private readonly stateDir: string,
  ) {}
  #count = 0;

  static async open(suiteDir: string, models: Profile[] = profiles): Promise<Stage> {
    const stateDir = mkdtempSync(join(tmpdir(), 'simulation-stage-'));
    const provider = createSandboxProvider({ kind: 'auto', allowHost: false, baseRoot: null, stateDir });
    const simulation = await startSimulation({ suiteDir, models });
    const loaded = await loadSuite(suiteDir);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded));
    return new Stage(loaded.suite, simulation, provider, stateDir);
  }

  async play(
    model: string,
    taskName: string,
    seed: number,
    edit: Omit<HarnessInput, 'name'> = {},
    endpoint: object = {},
  ): Promise<Played> {
    const task = this.suite.tasks.find(({ name }) => name === taskName)!;
    const sandbox = await this.provider.create({
      id: `simulation-${process.pid}-${this.#count++}`,
      environment: task.environment,
      contextDir: join(task.dir, 'environment'),
      limits: { memoryMb: 512, processes: 128, storageMb: 128 },
    });
    try {
      const result = await runAgent({
        harness: 'schemaVersion' in edit ? harnessSchema.parse(edit) : withEdit(edit),
        harnessDigest: 'tested',
        instruction: task.instruction,
        taskName,
        workdir: task.environment.workdir,
        sandbox,
        model: createChatModel(modelConfig(this.simulation.url, { name: model, endpoint }), {}),
        modelName: model,
        limits: {
          turns: 100,
          toolCalls: 200,
          tokens: 2_000_000,
          agentSeconds: 60,
          memoryMb: 512,
          processes: 128,
          storageMb: 128,
        },
        seed,
        sessionId: `s${seed}`,
      });
      const verified = await verify(sandbox, task);
      const commands = result.trajectory.steps.flatMap((step) =>
        (step.tool_calls ?? []).flatMap((call) =>
          typeof call.arguments.command === 'string' ? [call.arguments.command] : [],
        ),
      );
      const passed = verified.ok && verified.reward >= 1;
      return { passed, result, commands, verifierOutput: verified.output };
    } finally {
      await sandbox.destroy();
    }
  }

  /** The simulated model as a reader and proposer. */
  model(name: string): ChatModel {
    return createChatModel(modelConfig(this.simulation.url, { name }), {});
  }

  async close(): Promise<void> {
    await this.simulation.close();
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}

/** The seed harness with the surfaces of `edit` laid over it, two levels deep. */
function withEdit(edit: Omit<HarnessInput, 'name'>) {
  const seed = seedHarness() as Record<string, unknown>;
  const merged = Object.entries(edit).map(([surface, value]) => [
    surface,
    { ...(seed[surface] as object), ...(value as object) },
  ]);
  return harnessSchema.parse({ ...seed, ...Object.fromEntries(merged) });
}

/** Able to do every task, weak on every task, and moved by whatever means the matter: no chance in a test. */
export const always = (weakness: Weakness): Profile => ({
  name: `sim-${weakness.name}`,
  never: 0,
  always: 1,
  weaknesses: [{ weakness, share: 1 }],
  activation: 1,
  compliance: { instruction: 1, injected: 1, blocked: 1, refused: 1 },
});

/** A trial that was played, as the miner gets it. */
export const failedTrial = (played: Played, task: string) => ({
  result: {
    key: 'trial',
    tryId: 'try-1',
    task,
    split: 'heldIn',
    harness: 'h',
    purpose: 'r1/observe',
    attempt: 1,
    outcome: 'failed',
    reason: '',
    reward: 0,
    stopReason: played.result.stopReason,
    turns: played.result.turns,
    toolCalls: played.result.toolCalls,
    promptTokens: 1,
    cachedTokens: 0,
    completionTokens: 1,
    costUsd: null,
    usageEstimated: false,
    seconds: 1,
    trace: null,
    verifierOutput: null,
    startedAt: '2026-01-01T00:00:00Z',
  } satisfies HeldInTrial,
  trajectory: played.result.trajectory,
  verifierOutput: played.verifierOutput,
});
