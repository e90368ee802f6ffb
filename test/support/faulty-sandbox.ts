/** Sandboxes that break, as those of real machines do, whatever provider is behind them. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecOptions, ExecResult, Sandbox, SandboxProvider } from '../../src/sandbox/types.js';
import { SandboxError } from '../../src/sandbox/types.js';
import { draw } from '../../src/simulation/chance.js';

export const SANDBOX_FAULTS = ['no-start', 'dies', 'disk-full', 'no-verifier', 'bad-reward'] as const;
export type SandboxFault = (typeof SANDBOX_FAULTS)[number];

/** What breaks a try of the trial `id`, its tries counted from 1; null: nothing. */
export type ChooseFault = (id: string, attempt: number) => SandboxFault | null;

export interface FaultySandboxes extends SandboxProvider {
  /** What was broken, in order. */
  injected: { id: string; attempt: number; fault: SandboxFault }[];
}

/**
 * Breaks this share of all tries, drawn by seed, in each way in turn; never more than `triesMax` tries of one trial, so that all
 * of it passes.
 */
export function transientFaults(seed: number, share: number, triesMax = 2): ChooseFault {
  let broken = 0;
  return (id, attempt) => {
    if (attempt > triesMax || draw('broken', seed, id, attempt) >= share) return null;
    broken += 1;
    return SANDBOX_FAULTS[broken % SANDBOX_FAULTS.length]!;
  };
}

export function faultySandboxes(inner: SandboxProvider, choose: ChooseFault): FaultySandboxes {
  const tries = new Map<string, number>();
  const injected: FaultySandboxes['injected'] = [];
  return {
    kind: inner.kind,
    injected,
    fingerprint: () => inner.fingerprint(),
    sweep: () => inner.sweep(),
    async create(spec, signal) {
      const attempt = (tries.get(spec.id) ?? 0) + 1;
      tries.set(spec.id, attempt);
      const fault = choose(spec.id, attempt);
      if (fault) injected.push({ id: spec.id, attempt, fault });
      if (fault === 'no-start') throw new SandboxError('The sandbox did not start. (injected)', 'start');
      const sandbox = await inner.create(spec, signal);
      return fault === null ? sandbox : BREAK[fault](sandbox);
    },
  };
}

const BREAK: Record<Exclude<SandboxFault, 'no-start'>, (sandbox: Sandbox) => Sandbox> = {
  dies: (sandbox) => new Dying(sandbox),
  'disk-full': (sandbox) => new Full(sandbox),
  'no-verifier': (sandbox) => new WithoutVerifier(sandbox),
  'bad-reward': (sandbox) => new BadReward(sandbox),
};

class Faulty implements Sandbox {
  readonly id: string;
  constructor(
    private readonly whole: Sandbox,
    /** The whole, then the verifier's view of it. */
    protected inner = whole,
  ) {
    this.id = whole.id;
  }
  exec(command: string, options: ExecOptions): Promise<ExecResult> {
    return this.inner.exec(command, options);
  }
  readFile(...call: Parameters<Sandbox['readFile']>) {
    return this.inner.readFile(...call);
  }
  writeFile(...call: Parameters<Sandbox['writeFile']>) {
    return this.inner.writeFile(...call);
  }
  exists(paths: string[]) {
    return this.inner.exists(paths);
  }
  upload(hostDir: string, path: string): Promise<void> {
    return this.inner.upload(hostDir, path);
  }
  async forVerifier(signal?: AbortSignal) {
    this.inner = await this.whole.forVerifier(signal);
    return this;
  }
  destroy() {
    return this.whole.destroy();
  }
}

/** Gone with the second command, for whatever comes after it too. */
class Dying extends Faulty {
  private commands = 0;
  override async exec(command: string, options: ExecOptions) {
    this.commands += 1;
    if (this.commands > 1) this.gone();
    return this.inner.exec(command, options);
  }
  override async readFile(...call: Parameters<Sandbox['readFile']>) {
    if (this.commands > 1) this.gone();
    return this.inner.readFile(...call);
  }
  override async upload(...call: Parameters<Sandbox['upload']>) {
    if (this.commands > 1) this.gone();
    return this.inner.upload(...call);
  }
  private gone(): never {
    throw new SandboxError('The sandbox is gone. (injected)', 'lost');
  }
}

const FULL = 'No space left on device';

/** As a disk is full for real: commands and files fail in their own words, and the verifier finds no room. */
class Full extends Faulty {
  override async exec() {
    return { exitCode: 1, output: `${FULL}\n`, omittedBytes: 0, timedOut: false, durationMs: 1 };
  }
  override async writeFile() {
    return { ok: false as const, reason: FULL };
  }
  override async upload() {
    throw new SandboxError('No room in the sandbox. (injected)', 'disk');
  }
}

class WithoutVerifier extends Faulty {
  override async upload(hostDir: string, path: string) {
    const partial = await mkdtemp(join(tmpdir(), 'no-verifier-'));
    await cp(hostDir, partial, { recursive: true, filter: (source) => !source.endsWith('/test.sh') });
    await this.inner.upload(partial, path);
    await rm(partial, { recursive: true });
  }
}

/** The verifier runs and its reward file comes to harm. */
class BadReward extends Faulty {
  override async exec(command: string, options: ExecOptions) {
    const result = await this.inner.exec(command, options);
    if (command.includes('/tests/test.sh'))
      await this.inner.writeFile('/logs/verifier/reward.json', '{"reward": 1');
    return result;
  }
}
