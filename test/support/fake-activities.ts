/** Activities of a small world where everything is known: which harness passes which task. */
import type { Activities } from '../../src/activities/index.js';
import type { ProposalResult } from '../../src/proposal/types.js';
import type { TrialSpec } from '../../src/trial/types.js';
import { calibrationRequests, measureNoise, splitArms } from '../../src/validation/calibration.js';
import type { Power } from '../../src/validation/power.js';
import type { GateSettings } from '../../src/validation/types.js';
import type { ScoreControlsInput } from '../../src/workflows/control-types.js';
import { NO_SPEND } from '../../src/workflows/spend.js';
import type {
  CalibrationInput,
  Prepared,
  RoundRecordInput,
  TrialReport,
  UnsealInput,
} from '../../src/workflows/types.js';

export const SETTINGS: GateSettings = {
  attempts: 2,
  screen: { minDifferences: [0, 0.05, 0.12], maxTargets: 64 },
  confirm: {
    looks: [1, 2, 3],
    alphas: [0.05, 0.06, 0.08],
    futility: 0.01,
    targets: { extraAttempts: 0, weight: 1, futility: 0 },
    margin: 0.05,
    agreedShare: 0.3,
    fallbackFactor: 0.6,
  },
  minValidShare: 0.8,
  permutations: 1000,
};

export function prepared(overrides: Partial<Prepared> = {}): Prepared {
  const tasks = (split: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${split}-${i + 1}`);
  return {
    name: 'world',
    contract: 'c'.repeat(64),
    seedHarness: 'seed',
    model: 'fake',
    suite: 'fake-suite',
    proposer: 'self',
    heldIn: tasks('in', 12),
    heldOut: tasks('out', 6),
    sealed: 0,
    quarantined: 0,
    unseal: 'at-end',
    wear: { digest: 'd'.repeat(64), uses: 0, max: 10, past: 'warn', renewals: 0 },
    rounds: 1,
    width: 2,
    gate: { kind: 'confirmed', settings: SETTINGS },
    finalAttempts: 1,
    ablation: 'off',
    calibration: null,
    concurrency: 8,
    trialSeconds: 60,
    budget: {},
    earlier: NO_SPEND,
    calls: { agent: { tokens: 0, usd: 0, priced: false }, analyst: { tokens: 0, usd: 0, priced: false } },
    registry: '/nowhere',
    seed: 1,
    searchAttributes: false,
    ...overrides,
  };
}

export const PASSED: TrialReport = report('passed');

export function report(outcome: TrialReport['outcome'], reason?: string): TrialReport {
  return {
    outcome,
    reason,
    promptTokens: 100,
    cachedTokens: 0,
    completionTokens: 10,
    costUsd: null,
    seconds: 1,
  };
}

export interface World {
  prepared: Prepared;
  /** Whether a harness passes a task. */
  passes(spec: TrialSpec): boolean;
  /** What slots come to; default: one proposal `good`, aimed at the failed tasks. */
  slots?: (slot: number, round: number, targets: string[]) => ProposalResult;
  /** Assignments beyond one a slot; default: none. */
  spare?: number;
  /** The harness that an edit by chance leads to; default: one that is like the seed. */
  chance?: (round: number, slot: number) => string;
}

export interface FakeWorld {
  activities: Activities;
  /** Every trial that was run, in order. */
  trials: TrialSpec[];
  records: RoundRecordInput[];
  /** Openings of the sealed split, in order. */
  openings: UnsealInput[];
  calibrations: CalibrationInput[];
  /** What control arms were scored by. */
  controls: ScoreControlsInput[];
}

export function proposed(slot: number, round: number, harness: string, targets: string[]): ProposalResult {
  return {
    kind: 'proposed',
    id: `r${round}-p${slot}`,
    slot,
    weakness: 'endless-exploration/missing-artifact/root-cause',
    surface: 'rules',
    summary: `an edit that leads to ${harness}`,
    harness,
    proposal: { sha256: harness, bytes: 1 },
    targets,
  };
}

async function notUsed(): Promise<never> {
  throw new Error('not used');
}

export function fakeWorld(world: World): FakeWorld {
  const trials: TrialSpec[] = [];
  const records: RoundRecordInput[] = [];
  const openings: UnsealInput[] = [];
  const uses = new Map([[world.prepared.wear.digest, world.prepared.wear.uses]]);
  const calibrations: CalibrationInput[] = [];
  const controls: ScoreControlsInput[] = [];
  const failedOf = new Map<number, string[]>();
  const slots = world.slots ?? ((slot, round, targets) => proposed(slot, round, `good-${slot}`, targets));
  const activities: Activities = {
    prepareEvolution: async () => world.prepared,
    prepareMeasurement: notUsed,
    runTrial: async (spec) => {
      trials.push(spec);
      return report(world.passes(spec) ? 'passed' : 'failed');
    },
    giveUpTrial: async ({ reason }) => report('invalid', reason),
    attributeTrial: async () => ({ spend: { ...NO_SPEND, promptTokens: 5 } }),
    clusterFailures: async ({ round, tasks, observation, width }) => {
      const targets = tasks.filter((task) => !world.passes({ ...observation, task }));
      failedOf.set(round, targets);
      const weakness = 'endless-exploration/missing-artifact/root-cause';
      return {
        evidence: `evidence-${round}`,
        weaknesses: targets.length
          ? [{ id: weakness, support: targets.length, mendable: true, tasks: targets }]
          : [],
        assignments: targets.length
          ? Array.from({ length: width + (world.spare ?? 0) }, (_, i) => ({
              slot: i + 1,
              weakness,
              surfaces: ['rules' as const],
            }))
          : [],
      };
    },
    proposeEdit: async ({ round, assignment }) => ({
      result: slots(assignment.slot, round, failedOf.get(round) ?? []),
      spend: { ...NO_SPEND, promptTokens: 7 },
    }),
    mergeCandidates: async ({ proposals }) => ({
      arm: proposals.length === 1 ? proposals[0]!.arm : 'merge',
      harness: proposals.map(({ proposal }) => proposal).join('+'),
      members: proposals.map(({ arm }) => arm),
      dropped: [],
    }),
    prepareAblation: async ({ prune = false }) => ({
      ...world.prepared,
      prune,
      allowance: {},
      final: records.findLast(({ promoted }) => promoted !== null)!.promoted!,
      edits: [{ id: 'r1-p1', round: 1, surface: 'rules', summary: 'an edit' }],
      removed: [],
      steps: 'steps',
    }),
    leaveOut: async ({ edits }) => ({
      arms: edits.map((id) => ({ id, harness: world.prepared.seedHarness })),
      skipped: [],
    }),
    recordAblation: async () => 'ablation-record',
    planControls: async ({ decided }) => ({ evolving: decided, seedTrial: { tokens: 110, usd: null } }),
    drawEdits: async ({ round, width }) => ({
      edits: Array.from({ length: width }, (_, i) => {
        const harness = world.chance?.(round, i + 1) ?? `chance-${round}-${i + 1}`;
        return { id: `random-${round}-${i + 1}`, harness, proposal: harness };
      }),
      drawn: `drawn-${round}`,
    }),
    scoreControls: async (input) => {
      controls.push(input);
      const { evolving, money } = input;
      return { evolving, money, rows: [], search: null, votes: null, record: 'controls-record' };
    },
    assessCalibration: async (input) => {
      calibrations.push(input);
      const { contract, harness, purpose, plan } = input;
      const scores = calibrationRequests(input, plan.attempts).map((request) => {
        const { task, attempt } = request;
        return { ...request, passed: world.passes({ contract, harness, purpose, task, attempt }) };
      });
      const { perTask: _perTask, flaky, ...noise } = measureNoise(splitArms(scores));
      return {
        ...noise,
        flaky: { count: flaky.length, tasks: flaky },
        power: powerOf(input),
        cost: { tokens: { median: 110, upper: 110 }, usd: null, seconds: { median: 1, upper: 1 } },
        record: null,
      };
    },
    recordRound: async (input) => {
      records.push(input);
      const used = (input.verdict.comparison?.heldOut.trials ?? 0) > 0;
      const { digest } = input.heldOut;
      if (used) uses.set(digest, (uses.get(digest) ?? 0) + 1);
      return {
        record: `record-${input.round}`,
        history: `history-${input.round}`,
        heldOutUses: used ? uses.get(digest)! : null,
        flags: [],
      };
    },
    renewHeldOut: async ({ wear }) => ({
      heldOut: world.prepared.heldOut.map((task) => task.replace('out', `new${wear.renewals + 1}`)),
      wear: { ...wear, digest: `e${wear.renewals}`.repeat(32), uses: 0, renewals: wear.renewals + 1 },
    }),
    openSealed: async (input) => {
      openings.push(input);
      return {
        tasks: Array.from({ length: world.prepared.sealed }, (_, i) => `sealed-${i + 1}`),
        openings: 1,
        attempts: input.attempts ?? 2,
        concurrency: 8,
        trialSeconds: 60,
      };
    },
  };
  return { activities, trials, records, openings, calibrations, controls };
}

/** Gains from 30 points on are seen. Playing rounds takes seconds, and tests of their own. */
function powerOf({ plan, allowance, heldIn }: CalibrationInput): Power {
  const share = plan.wantedGain >= 0.3 ? 0.9 : 0.1;
  return {
    level: 0.8,
    wantedGain: plan.wantedGain,
    roundTrials: allowance.trials === undefined ? null : allowance.trials - heldIn.length,
    wanted: { value: share, low: share - 0.05, high: share + 0.05 },
    wantedTrials: 100,
    detectable: 0.3,
    wouldTake: null,
    wouldTakeTasks: null,
  };
}

/** Runs what has no result yet, as the store would have it, each once; what it finds was paid before. */
export function remembering({ activities, trials }: FakeWorld): FakeWorld['activities'] {
  const kept = new Map<string, TrialReport>();
  return {
    ...activities,
    runTrial: async (spec: TrialSpec) => {
      const key = JSON.stringify(spec);
      const found = kept.get(key);
      if (found) return { ...found, before: { ...found, trials: 1 as const, usageEstimated: false } };
      const fresh = await activities.runTrial(spec);
      kept.set(key, fresh);
      expect(trials.filter((other) => JSON.stringify(other) === key)).toHaveLength(1);
      return fresh;
    },
  };
}
