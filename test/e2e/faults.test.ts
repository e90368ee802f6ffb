/**
 * A whole evolution on infrastructure that fails three times out of ten: the real workflows, activities, agent, miner and
 * proposer, a simulated model over HTTP, sandboxes in memory. What breaks and passes changes no decision; what stays
 * broken is never scored.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { putCanonical } from '../../src/activities/artifacts.js';
import { createContext, type WorkerContext } from '../../src/activities/context.js';
import { type Activities, createActivities } from '../../src/activities/index.js';
import type { EvolutionConfigInput } from '../../src/contract/config.js';
import { targetsOf } from '../../src/mining/evidence.js';
import type { Evidence } from '../../src/mining/types.js';
import type { SandboxProvider } from '../../src/sandbox/types.js';
import type { Fault } from '../../src/simulation/faults.js';
import { type Profile, proneness } from '../../src/simulation/profiles.js';
import { startSimulation } from '../../src/simulation/server.js';
import { knowSuite } from '../../src/simulation/tasks.js';
import { explorer } from '../../src/simulation/weaknesses/explorer.js';
import { createMemoryStore } from '../../src/store/memory.js';
import type { ArtifactStore } from '../../src/store/types.js';
import { TRIALS } from '../../src/trial/key.js';
import { brokenTries } from '../../src/trial/tries.js';
import type { TrialResult } from '../../src/trial/types.js';
import { evolveHarness } from '../../src/workflows/index.js';
import { NO_SPEND } from '../../src/workflows/spend.js';
import { type EvolutionResult, type StoredRound, TASK_QUEUE } from '../../src/workflows/types.js';
import { tinySuite } from '../simulation/suite.js';
import { scratch } from '../support/cli.js';
import {
  type FaultySandboxes,
  faultySandboxes,
  SANDBOX_FAULTS,
  transientFaults,
} from '../support/faulty-sandbox.js';
import { memorySandboxes } from '../support/memory-provider.js';
import { type TestTemporal, testTemporal, uniqueId } from '../support/temporal.js';

/** Able to do every task, but lost in exploration on half of them. */
const planted: Profile = {
  name: 'sim-planted',
  never: 0,
  always: 1,
  weaknesses: [{ weakness: explorer, share: 0.5 }],
  activation: 1,
  compliance: { instruction: 0.9, injected: 1, blocked: 1, refused: 1 },
};
const SHARE = 0.3;
const soon = { headers: { 'retry-after-ms': '5' } };
/** 30 % of all requests, each for a while only. */
const FAULTS: Fault[] = [
  { kind: 'status', status: 500, chance: 0.1, ...soon },
  { kind: 'status', status: 429, chance: 0.14, ...soon },
  { kind: 'status', status: 400, code: 'context_length_exceeded', chance: 0.02, ...soon },
  { kind: 'slow', ms: 20, chance: 0.02 },
  { kind: 'cut', chance: 0.03 },
  { kind: 'garbage', chance: 0.01 },
  { kind: 'inside', status: 502, chance: 0.01 },
];

const suite = tinySuite(14);
let temporal: TestTemporal;
let dir: string;
let split: string;
beforeAll(async () => {
  temporal = await testTemporal();
  dir = scratch();
  split = join(dir, 'split.json');
  const prone = [...proneness(planted, knowSuite(suite.dir)).keys()];
  const others = knowSuite(suite.dir)
    .tasks.map(({ name }) => name)
    .filter((name) => !prone.includes(name));
  const parts = {
    heldIn: [...prone.slice(0, 4), ...others.slice(0, 2)],
    heldOut: [...prone.slice(4, 7), ...others.slice(2, 3)],
  };
  writeFileSync(split, JSON.stringify(parts));
});
afterAll(async () => {
  suite.remove();
  rmSync(dir, { recursive: true });
  await temporal.close();
});

/** Whoever writes a deliverable has done the task; looking around shows that there is something to look at. */
const world = () =>
  memorySandboxes({
    command(command, files) {
      for (const [, path] of command.matchAll(/> (\/app\/out\/\S+)/g)) files.set(path!, Buffer.from('1'));
      return { output: /^(find|ls)/.test(command) ? '/app/data/file-0.txt\n/app/data/file-1.txt\n' : '' };
    },
    reward: (files) => ([...files.keys()].some((path) => path.startsWith('/app/out/')) ? '1' : '0'),
  });

interface Evolved {
  result: EvolutionResult;
  store: ArtifactStore;
  trials: Map<string, TrialResult>;
}

interface Infrastructure {
  sandbox: SandboxProvider;
  gate?: EvolutionConfigInput['gate'];
  faults?: Fault[];
  /** Stands in for the proposer's activity. */
  proposeEdit?: (context: WorkerContext) => Activities['proposeEdit'];
}

async function evolve(
  name: string,
  { sandbox, gate, faults = [], proposeEdit }: Infrastructure,
): Promise<Evolved> {
  const simulation = await startSimulation({ suiteDir: suite.dir, models: [planted], faults });
  const store = createMemoryStore();
  const stateDir = scratch();
  const env = { OPENAI_BASE_URL: simulation.url, OPENAI_API_KEY: 'simulated' };
  const context = createContext({ stateDir, store, env, searchAttributes: false });
  const activities = createActivities({ ...context, sandbox: async () => sandbox });
  if (proposeEdit) activities.proposeEdit = proposeEdit(context);
  try {
    const result = await temporal.withWorkers(activities, () =>
      temporal.client.workflow.execute(evolveHarness, {
        taskQueue: TASK_QUEUE,
        workflowId: uniqueId('faults'),
        args: [
          {
            name,
            suite: suite.dir,
            split: { file: split },
            model: { name: 'sim-planted' },
            rounds: 1,
            width: 2,
            finalAttempts: 0,
            calibration: { enabled: false },
            limits: { turns: 14 },
            gate,
          },
        ],
      }),
    );
    const trials = new Map<string, TrialResult>();
    for await (const key of store.listKeyed(TRIALS))
      trials.set(key, (await store.getKeyed<TrialResult>(TRIALS, key))!);
    return { result, store, trials };
  } finally {
    await simulation.close();
    rmSync(stateDir, { recursive: true });
  }
}

/** Everything runs on everything, whatever comes of it: the most trials that can break. */
const gate = { kind: 'paper', attempts: 1 } as const;

const outcomes = ({ trials }: Evolved) =>
  Object.fromEntries([...trials].sort().map(([key, { outcome, turns }]) => [key, { outcome, turns }]));
const tokensOf = (used: { promptTokens: number; completionTokens: number }) =>
  used.promptTokens + used.completionTokens;
const agentTokens = ({ result }: Evolved) => result.spend.roles.agent.tokens;

test('with 30 % of tries and requests broken for a while, everything comes out as without, and each trial counts once', async () => {
  const clean = await evolve('faults', { sandbox: world(), gate });
  const sandbox = faultySandboxes(world(), transientFaults(1, SHARE));
  const faulty = await evolve('faults', { sandbox, gate, faults: FAULTS });

  const [round] = clean.result.rounds;
  expect(faulty.result.rounds[0]).toMatchObject({
    decision: round!.decision,
    reason: round!.reason,
    harness: round!.harness,
    observed: round!.observed,
    comparison: round!.comparison,
    weaknesses: round!.weaknesses,
    proposals: round!.proposals,
    problems: [],
  });
  expect(outcomes(faulty)).toEqual(outcomes(clean));
  expect(faulty.result.spend).toMatchObject({ trials: clean.trials.size, invalid: 0 });

  expectManyFaults(sandbox, clean.trials.size);
  const broken = await Promise.all([...faulty.trials.keys()].map((key) => brokenTries(faulty.store, key)));
  expect(broken.flat()).toHaveLength(sandbox.injected.length);
  const lost = broken.flat().reduce((sum, { usage }) => sum + usage.promptTokens + usage.completionTokens, 0);
  expect(lost).toBeGreaterThan(0);
  // Answers that were cut off and asked for again were paid for too, and are marked.
  let cut = 0;
  for (const [key, result] of faulty.trials) {
    const more = tokensOf(result) - tokensOf(clean.trials.get(key)!);
    expect(more).toBeGreaterThanOrEqual(0);
    if (more > 0) expect(result.usageEstimated).toBe(true);
    cut += more;
  }
  expect(cut).toBeGreaterThan(0);
  expect(agentTokens(faulty)).toBe(agentTokens(clean) + lost + cut);
}, 400_000);

function expectManyFaults({ injected }: FaultySandboxes, trials: number): void {
  // Ids are other ones in each run, and so are the draws.
  expect(injected.length).toBeGreaterThan(trials * SHARE * 0.4);
  expect(new Set(injected.map(({ fault }) => fault))).toEqual(new Set(SANDBOX_FAULTS));
}

/** One edit a slot that changes little, whatever the evidence. */
const proposeAnything =
  ({ store, harness }: WorkerContext): Activities['proposeEdit'] =>
  async ({ round, incumbent, evidence, assignment: { slot, weakness } }) => {
    const seed = await harness(incumbent);
    const text = `Be quick, and be sure: ${slot}.`;
    const edited = { ...seed, instructions: { ...seed.instructions, [`edit-${slot}`]: { order: 99, text } } };
    const id = `r${round}-p${slot}`;
    const edit = { surface: 'instructions', patch: [] };
    return {
      result: {
        kind: 'proposed',
        id,
        slot,
        weakness,
        surface: 'instructions',
        summary: text,
        harness: await putCanonical(store, edited),
        proposal: await store.putJson({ id, slot, weakness, edit, summary: text }),
        targets: targetsOf(await store.getJson<Evidence>({ sha256: evidence }), weakness),
      },
      spend: NO_SPEND,
    };
  };

test('where too many trials stay broken the gate refuses, nothing of them is scored, and each is listed with its reason', async () => {
  // The observation is whole; of what comes after, four trials of ten can never be run.
  const observed = 6;
  const seen = new Set<string>();
  const sandbox = faultySandboxes(world(), (id) => {
    seen.add(id);
    const place = [...seen].indexOf(id);
    return place >= observed && place % 5 < 2 ? SANDBOX_FAULTS[place % SANDBOX_FAULTS.length]! : null;
  });
  const { result, store, trials } = await evolve('refuse', { sandbox, gate, proposeEdit: proposeAnything });
  const [round] = result.rounds;
  expect(round!.decision).toBe('undecided');
  expect(round!.reason).toMatch(/only \d+ of \d+ trials of the (incumbent|candidate) are valid/);
  expect(result.champion).toBe(result.seedHarness);

  const { invalid } = await store.getJson<StoredRound>({ sha256: round!.record });
  const broken = new Set(sandbox.injected.map(({ id }) => id));
  expect(invalid).toHaveLength(broken.size);
  expect(result.spend).toMatchObject({ invalid: broken.size, trials: trials.size + broken.size });
  for (const id of broken) expect(trials.has(id)).toBe(false);
  for (const { reason, arm, attempt } of invalid) {
    expect(reason).toMatch(/injected|verdict/);
    expect([arm, attempt]).toEqual([expect.stringMatching(/^(incumbent|merge|r1-p\d)$/), expect.any(Number)]);
  }
  expect(result.problems.length).toBeGreaterThan(0);
}, 400_000);
