/** The last measurement of an evolution, category by category: where the gain is, and what was kept. */
import type { Contract } from '../contract/types.js';
import type { ArtifactStore } from '../store/types.js';
import { storedTrial, trialKey } from '../trial/key.js';
import { finalPurpose } from '../workflows/final-measurement.js';
import type { EvolutionResult } from '../workflows/types.js';

/** Attempts that were valid, and those of them that passed. */
export interface Passes {
  passed: number;
  attempts: number;
}

export interface CategoryRow {
  category: string;
  tasks: number;
  before: Passes;
  after: Passes;
}

/** In the order of the categories' names; [] where nothing was measured at the end. */
export async function finalByCategory(
  store: ArtifactStore,
  contract: Contract,
  result: Pick<EvolutionResult, 'name' | 'contract' | 'seedHarness' | 'champion' | 'final'>,
): Promise<CategoryRow[]> {
  if (!result.final) return [];
  const measured = new Set([...contract.split.heldIn, ...contract.split.heldOut]);
  const rows = new Map<string, CategoryRow>();
  for (const task of contract.tasks.filter(({ name }) => measured.has(name))) {
    const row = rows.get(task.category) ?? emptyRow(task.category);
    const passes = (harness: string) => passesOf(store, result, harness, task);
    rows.set(task.category, {
      ...row,
      tasks: row.tasks + 1,
      before: sum(row.before, await passes(result.seedHarness)),
      after: sum(row.after, await passes(result.champion)),
    });
  }
  return [...rows.values()].sort((a, b) => (a.category < b.category ? -1 : 1));
}

async function passesOf(
  store: ArtifactStore,
  { name, contract }: Pick<EvolutionResult, 'name' | 'contract'>,
  harness: string,
  task: { name: string; digest: string },
): Promise<Passes> {
  let passes: Passes = { passed: 0, attempts: 0 };
  for (let attempt = 1; ; attempt++) {
    const spec = { contract, harness, task: task.name, purpose: finalPurpose(name), attempt };
    const trial = await storedTrial(store, trialKey(spec, task.digest));
    if (!trial) return passes;
    if (trial.outcome === 'invalid' || trial.outcome === 'budget-stopped') continue;
    passes = sum(passes, { passed: trial.outcome === 'passed' ? 1 : 0, attempts: 1 });
  }
}

function emptyRow(category: string): CategoryRow {
  return { category, tasks: 0, before: { passed: 0, attempts: 0 }, after: { passed: 0, attempts: 0 } };
}

function sum(a: Passes, b: Passes): Passes {
  return { passed: a.passed + b.passed, attempts: a.attempts + b.attempts };
}
