/** An evolution of one promoted, one refused and one rejected edit, as the report's loader would hand it over. */
import { evolutionSchema } from '../../src/contract/config.js';
import type { Contract } from '../../src/contract/types.js';
import { applyEdit } from '../../src/harness/edit.js';
import { seedHarness } from '../../src/harness/seed.js';
import type { Edit } from '../../src/harness/types.js';
import type { LedgerEntry } from '../../src/registry/types.js';
import type { ReportSource } from '../../src/report/types.js';
import { NO_SPEND } from '../../src/workflows/spend.js';

const config = evolutionSchema.parse({ suite: 'small', model: { name: 'a-model' } });
const { kind, ...settings } = config.gate;
const names = (split: string, count: number) => Array.from({ length: count }, (_, i) => `${split}-${i + 1}`);

export const contract: Contract = {
  version: 1,
  model: config.model,
  proposer: null,
  suite: { name: 'small', dir: '/suites/small', digest: 'sha256:5' },
  tasks: [],
  split: { heldIn: names('in', 8), heldOut: names('out', 4), sealed: [], reserve: names('left', 3) },
  quarantine: { 'left-4': 'flaky: oracle came to 1 in 3 of 4 runs' },
  limits: config.limits,
  sandbox: { kind: 'bubblewrap', baseRoot: null, fingerprint: '' },
  gate: { kind, settings },
  runtime: 'self-harness test',
  seed: 7,
};

export function section(name: string, words: string): Edit {
  return {
    surface: 'instructions',
    patch: [{ op: 'add', path: `/instructions/${name}`, value: { order: 90, text: words } }],
  };
}

export function edited(edit: Edit) {
  const result = applyEdit(seedHarness(), edit, { taskNames: [], forbiddenTexts: [], earlierDigests: [] });
  if (!result.ok) throw new Error(result.reason);
  return result.harness;
}

const interval = (value: number, half: number) => ({ value, low: value - half, high: value + half });

/** @param words of the promoted edit; @param summary of its proposal */
export function source({ words = 'Write the file first.', summary = 'writes first' } = {}): ReportSource {
  const edit = section('deliver', words);
  const harness = edited(edit);
  const proposal = {
    id: 'r1-p1',
    slot: 1,
    weakness: 'endless-exploration/missing-artifact/root-cause',
    edit,
    summary,
    mechanism: 'explores too long',
    expectedEffect: 'delivers',
    regressionRisk: 'haste',
  };
  const { weakness } = proposal;
  return {
    name: 'mine',
    status: 'finished',
    doing: null,
    contract,
    contractDigest: 'c'.repeat(64),
    seedHarness: { digest: 'a'.repeat(64), harness: seedHarness() },
    champion: { digest: 'b'.repeat(64), harness },
    rounds: [
      {
        result: {
          round: 1,
          decision: 'promoted',
          reason: 'r1-p1 by itself: +20.0 points over 12 tasks.',
          harness: 'b'.repeat(64),
          observed: interval(0.4, 0.2),
          comparison: {
            arm: 'r1-p1',
            heldIn: {
              tasks: 8,
              trials: 32,
              incumbent: interval(0.4, 0.2),
              candidate: interval(0.6, 0.2),
              difference: interval(0.2, 0.15),
            },
            heldOut: {
              tasks: 4,
              trials: 16,
              incumbent: interval(0.4, 0.3),
              candidate: interval(0.6, 0.3),
              difference: interval(0.2, 0.3),
            },
            p: 0.012,
            looks: 2,
          },
          heldOutUses: 3,
          notes: [],
          proposals: [
            {
              id: 'r1-p1',
              weakness,
              surface: 'instructions',
              summary,
              decision: 'promoted',
              reason: 'It was confirmed.',
            },
            {
              id: 'r1-p2',
              weakness,
              surface: null,
              summary: '',
              decision: 'refused',
              reason: 'quotes the verifier',
            },
          ],
          weaknesses: [{ id: weakness, support: 4, mendable: true }],
          record: 'd'.repeat(64),
          history: null,
          spend: { ...NO_SPEND, trials: 60 },
          problems: [],
        },
        record: null,
        incumbent: seedHarness(),
        details: { [weakness]: 'It read on and on.' },
        proposals: { 'r1-p1': { proposal, harness, targets: ['in-1', 'in-2', 'in-3'] } },
      },
    ],
    underWay: null,
    final: {
      heldInBefore: interval(0.4, 0.2),
      heldInAfter: interval(0.6, 0.2),
      heldOutBefore: interval(0.35, 0.2),
      heldOutAfter: interval(0.5, 0.2),
      heldInGain: interval(0.2, 0.1),
      heldOutGain: interval(0.15, 0.2),
      sealedBefore: interval(0.3, 0.2),
      sealedAfter: interval(0.5, 0.2),
      sealedGain: interval(0.2, 0.2),
      sealedOpenings: 2,
      sealedNote: '',
    },
    spend: { ...NO_SPEND, trials: 108, invalid: 2, promptTokens: 5000, completionTokens: 700 },
    calibration: null,
    ablation: null,
    ledger: [ledgerUse('promotion', 3, 1)],
    controls: null,
    invalid: [
      {
        task: 'in-2',
        harness: 'a'.repeat(64),
        purpose: 'mine/r1/screen',
        attempt: 2,
        reason: 'the endpoint stayed down',
        again: null,
      },
      {
        task: 'out-1',
        harness: 'b'.repeat(64),
        purpose: 'mine/r1/confirm',
        attempt: 1,
        reason: 'the disk is full',
        again: 'failed',
      },
    ],
  };
}

/** An entry of the ledger on a decision that used heldOut. @param count which use it was in the registry */
export function ledgerUse(action: 'promotion' | 'prune', count: number, round: number | null): LedgerEntry {
  return {
    sequence: count,
    previous: '0'.repeat(64),
    at: '2026-01-02T03:04:05.000Z',
    actor: 'evolution mine',
    action,
    harness: 'b'.repeat(64),
    parent: 'a'.repeat(64),
    ref: 'champion',
    refBefore: 'a'.repeat(64),
    reason: 'It was confirmed.',
    evidence: { contract: 'c'.repeat(64) },
    id: `use/${count}`,
    evolution: 'mine',
    round,
    splitUse: { split: 'heldOut', digest: 'e'.repeat(64), tasks: 4, count },
  };
}
