/**
 * The splits an evolution knows: `heldIn` feeds mining, of `heldOut` only the gate sees scores, `sealed` is opened once,
 * at the end; `reserve` is what is left over, from which a worn `heldOut` can be drawn anew.
 */
export type Split = 'heldIn' | 'heldOut' | 'sealed' | 'reserve';

/** A task folder in the Harbor format, read and validated; everything a trial needs, nothing it does not. */
export interface Task {
  /** Name without the organisation: unique within a suite. */
  name: string;
  /** Absolute path of the task's folder on this machine. */
  dir: string;
  /** SHA-256 over its files as Harbor computes it: `sha256:<hex>`. */
  digest: string;
  /** What the agent is told; canary lines stripped. */
  instruction: string;
  category: string;
  difficulty: string;
  agentTimeoutSeconds: number | null;
  verifierTimeoutSeconds: number;
  verifierEnv: Record<string, string>;
  solutionEnv: Record<string, string>;
  environment: TaskEnvironment;
  hasSolution: boolean;
}

export interface TaskEnvironment {
  /** Working directory of the agent in the sandbox (task.toml, else the Dockerfile's last WORKDIR, else /app). */
  workdir: string;
  env: Record<string, string>;
  user: string | null;
  network: 'public' | 'no-network' | 'allowlist';
  memoryMb: number | null;
  storageMb: number | null;
  cpus: number | null;
  /** Steps of the Dockerfile in order, only those that a local sandbox honours. */
  build: BuildStep[];
  /** Why this environment cannot be built here without a container engine, with the line; null: it can. */
  unsupported: string | null;
}

export type BuildStep =
  | { kind: 'workdir'; path: string }
  | { kind: 'env'; values: Record<string, string> }
  /** Sources are relative to `environment/`, already checked to lie inside it. */
  | { kind: 'copy'; sources: string[]; destination: string; chmod: string | null; extract: boolean }
  | { kind: 'user'; user: string }
  /** `form: shell` runs through `/bin/sh -c`; exec form is argv. */
  | { kind: 'run'; form: 'shell'; command: string }
  | { kind: 'run'; form: 'exec'; argv: string[] };

export interface Suite {
  name: string;
  dir: string;
  /** Digest over the sorted task digests: `sha256:<hex>`. */
  digest: string;
  /** Sorted by name. */
  tasks: Task[];
}

/** Tasks that are left out of every split, by name, each with the reason in words. */
export type Quarantine = Record<string, string>;

/** Task names by split; disjoint. */
export interface SplitPlan {
  heldIn: string[];
  heldOut: string[];
  sealed: string[];
  reserve: string[];
}
