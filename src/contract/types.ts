import type { TrialLimits } from '../agent/types.js';
import type { Quarantine, SplitPlan } from '../suite/types.js';
import type { GateSettings } from '../validation/types.js';
import type { EvolutionConfig } from './config.js';

/**
 * What stays fixed during an evolution, frozen at its start. Lies in the store under its own digest, so that every
 * trial can be run from `{contract, harness, task, purpose, attempt}` alone.
 */
export interface Contract {
  version: 1;
  model: EvolutionConfig['model'];
  proposer: EvolutionConfig['model'] | null;
  suite: { name: string; dir: string; digest: string };
  /** Task digests by name, and their order in `tasks` is the index that crosses Temporal. */
  tasks: { name: string; digest: string; category: string }[];
  split: SplitPlan;
  /** Tasks that no split holds, and why. */
  quarantine: Quarantine;
  limits: TrialLimits;
  sandbox: { kind: 'bubblewrap' | 'host'; baseRoot: string | null; fingerprint: string };
  gate: { kind: 'paper' | 'confirmed'; settings: GateSettings };
  runtime: string;
  seed: number;
}
