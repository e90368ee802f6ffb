/** A trial without machinery: a sandbox that is a map of files, an agent that is a function. */
import type { AgentResult, AgentRun, StopReason } from '../../src/agent/types.js';
import { type EvolutionConfigInput, evolutionSchema } from '../../src/contract/config.js';
import type { Contract } from '../../src/contract/types.js';
import { harnessSchema } from '../../src/harness/schema.js';
import type { ChatModel } from '../../src/model/types.js';
import type { ExecOptions, Sandbox, SandboxProvider, SandboxSpec } from '../../src/sandbox/types.js';
import { createMemoryStore } from '../../src/store/memory.js';
import type { Task } from '../../src/suite/types.js';
import type { TrialDeps, TrialInput } from '../../src/trial/run.js';
import { fakeSuite, fakeTask } from '../suite/fixtures.js';

export type FakeFiles = Map<string, string>;

export interface FakeSandboxes extends SandboxProvider {
  specs: SandboxSpec[];
  commands: { command: string; options: ExecOptions }[];
  uploads: string[];
  /** Sandboxes that are not destroyed. */
  alive: number;
}

/**
 * @param verifier stands for `/tests/test.sh`: writes files, returns what it prints, 'timeout' when it hangs.
 */
export function fakeSandboxes(
  verifier: (files: FakeFiles) => string | { timeout: true },
  onCreate: (spec: SandboxSpec) => void = () => {},
): FakeSandboxes {
  const provider: FakeSandboxes = {
    kind: 'bubblewrap',
    specs: [],
    commands: [],
    uploads: [],
    alive: 0,
    fingerprint: async () => 'fake',
    sweep: async () => 0,
    async create(spec) {
      onCreate(spec);
      provider.specs.push(spec);
      provider.alive += 1;
      return fakeSandbox(provider, spec.id, verifier);
    },
  };
  return provider;
}

function fakeSandbox(
  provider: FakeSandboxes,
  id: string,
  verifier: (files: FakeFiles) => string | { timeout: true },
): Sandbox {
  const files: FakeFiles = new Map();
  return {
    id,
    async exec(command, options) {
      provider.commands.push({ command, options });
      const result = { exitCode: 0, output: '', omittedBytes: 0, timedOut: false, durationMs: 1 };
      if (!command.includes('/tests/test.sh')) return result;
      const printed = verifier(files);
      return typeof printed === 'string'
        ? { ...result, output: printed }
        : { ...result, exitCode: 124, timedOut: true };
    },
    async readFile(path) {
      const content = files.get(path);
      if (content === undefined) return { ok: false, reason: 'no such file' };
      return { ok: true, content: Buffer.from(content), size: content.length };
    },
    async writeFile(path, content) {
      files.set(path, content.toString());
      return { ok: true };
    },
    exists: async (paths) => paths.map((path) => files.has(path)),
    async upload(dir, path) {
      provider.uploads.push(`${dir} -> ${path}`);
    },
    async forVerifier() {
      for (const file of [...files.keys()]) if (/^\/(tests|logs\/verifier)\//.test(file)) files.delete(file);
      return this;
    },
    async destroy() {
      provider.alive -= 1;
    },
  };
}

export const rewarding =
  (reward: string, name = 'reward.txt') =>
  (files: FakeFiles) => {
    files.set(`/logs/verifier/${name}`, reward);
    return 'verifier says hello\n';
  };

export function fakeContract(tasks: Task[], overrides: Partial<EvolutionConfigInput> = {}): Contract {
  const config = evolutionSchema.parse({ suite: 'x', model: { name: 'm' }, ...overrides });
  const { kind, ...settings } = config.gate;
  return {
    version: 1,
    model: config.model,
    proposer: null,
    suite: { name: 'fake', dir: '/nowhere', digest: 'sha256:0' },
    tasks: tasks.map(({ name, digest, category }) => ({ name, digest, category })),
    split: {
      heldIn: tasks.slice(0, 1).map(({ name }) => name),
      heldOut: tasks.slice(1, 2).map(({ name }) => name),
      sealed: [],
      reserve: [],
    },
    quarantine: {},
    limits: config.limits,
    sandbox: { kind: 'bubblewrap', baseRoot: null, fingerprint: 'fake' },
    gate: { kind, settings },
    runtime: '0',
    seed: 1,
  };
}

/** An agent that does `act` and ends as told, having used some tokens. */
export function scriptedAgent(
  act: (run: AgentRun) => Promise<void> = async () => {},
  stopReason: StopReason = 'finished',
): (run: AgentRun) => Promise<AgentResult> {
  return async (run) => {
    await act(run);
    return {
      stopReason,
      finalText: 'done',
      turns: 3,
      toolCalls: 2,
      usage: { promptTokens: 1000, cachedTokens: 400, completionTokens: 50, estimated: false },
      trajectory: {
        schema_version: 'ATIF-v1.7',
        session_id: run.sessionId,
        agent: { name: 'self-harness', version: '0', model_name: run.modelName },
        steps: [{ step_id: 1, source: 'agent', message: 'the key is sk-secret-value' }],
        extra: { harness: run.harnessDigest, task: run.taskName },
      },
    };
  };
}

/** Answers a word; never asked by most tests. */
export const silentModel: ChatModel = {
  complete: async () => ({
    text: 'ok',
    reasoning: '',
    toolCalls: [],
    finishReason: 'stop',
    usage: { promptTokens: 7, cachedTokens: 0, completionTokens: 3, estimated: true },
    model: 'm',
  }),
};

export const SECRET = 'sk-secret-value';

export function fakeDeps(overrides: Partial<TrialDeps> = {}): TrialDeps {
  return {
    store: createMemoryStore(),
    sandbox: fakeSandboxes(rewarding('1')),
    model: silentModel,
    runAgent: scriptedAgent(),
    redact: <T>(value: T) => JSON.parse(JSON.stringify(value).replaceAll(SECRET, '[redacted]')) as T,
    now: () => Date.UTC(2030, 0, 1),
    ...overrides,
  };
}

export function fakeInput(overrides: Partial<TrialInput> = {}): TrialInput {
  const suite = overrides.suite ?? fakeSuite([fakeTask('first'), fakeTask('second'), fakeTask('third')]);
  return {
    tryId: 'try-1',
    spec: {
      contract: 'c'.repeat(64),
      harness: 'a'.repeat(64),
      task: suite.tasks[0]!.name,
      purpose: 'r1/observe',
      attempt: 1,
    },
    contract: fakeContract(suite.tasks),
    suite,
    harness: harnessSchema.parse({ name: 'seed' }),
    ...overrides,
  };
}
