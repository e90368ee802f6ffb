/** Reads from the store how the promoted arm and the incumbent came to their passes, and what of it a person should see. */
import type { Contract } from '../contract/types.js';
import { TRIALS, trialKey } from '../trial/key.js';
import type { TrialResult } from '../trial/types.js';
import { flagsOf } from '../validation/flags.js';
import type { RoundRecordInput } from '../workflows/types.js';
import type { WorkerContext } from './context.js';

/** The incumbent's trials that a merge under gate `paper` is held against are those of the candidates' own stage. */
const INCUMBENT_STAGE: Record<string, string> = { 'paper-merge': 'paper' };

/** []: nothing was promoted, or nothing about it stands out. */
export async function promotionFlags(context: WorkerContext, input: RoundRecordInput): Promise<string[]> {
  const { verdict, promoted, incumbent, prepared, round } = input;
  if (promoted === null || verdict.comparison === null) return [];
  const stage = verdict.candidates.find(({ arm }) => verdict.members.includes(arm))?.stage;
  if (stage === undefined) return [];
  const contract = await context.store.getJson<Contract>({ sha256: prepared.contract });
  const passes = (harness: string, of: string) =>
    passedSteps(context, contract, {
      contract: prepared.contract,
      harness,
      purpose: `${prepared.name}/r${round}/${of}`,
    });
  return flagsOf(verdict.comparison, {
    incumbent: await passes(incumbent, INCUMBENT_STAGE[stage] ?? stage),
    candidate: await passes(promoted, stage),
  });
}

async function passedSteps(
  context: WorkerContext,
  { tasks, gate }: Contract,
  of: { contract: string; harness: string; purpose: string },
): Promise<number[]> {
  const { attempts, confirm } = gate.settings;
  const most = gate.kind === 'paper' ? attempts : (confirm.looks.at(-1) ?? 0) + confirm.targets.extraAttempts;
  const steps: number[] = [];
  for (const { name, digest } of tasks) {
    for (let attempt = 1; attempt <= most; attempt++) {
      const key = trialKey({ ...of, task: name, attempt }, digest);
      const result = await context.store.getKeyed<TrialResult>(TRIALS, key);
      if (result?.outcome === 'passed') steps.push(result.toolCalls);
    }
  }
  return steps;
}
