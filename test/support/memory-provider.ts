/** Sandboxes in memory: files are a map, commands a function of the test's own. A verifier runs only if it was uploaded. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxProvider } from '../../src/sandbox/types.js';
import { type FakeCommand, MemorySandbox } from './memory-sandbox.js';

export interface MemoryWorld {
  /** What the agent's commands do. */
  command: FakeCommand;
  /** What the verifier would write to its reward file, by what the agent left. */
  reward: (files: Map<string, Buffer>) => string;
}

export interface MemoryProvider extends SandboxProvider {
  /** Sandboxes that are not destroyed. */
  alive: number;
}

export function memorySandboxes(world: MemoryWorld): MemoryProvider {
  const provider: MemoryProvider = {
    kind: 'bubblewrap',
    alive: 0,
    fingerprint: async () => 'memory',
    sweep: async () => 0,
    async create({ id }) {
      provider.alive += 1;
      return new TrialSandbox(id, world, () => {
        provider.alive -= 1;
      });
    },
  };
  return provider;
}

class TrialSandbox extends MemorySandbox {
  override readonly id: string;
  constructor(
    id: string,
    world: MemoryWorld,
    private readonly gone: () => void,
  ) {
    super((command, files, options) => {
      if (!options.cleanEnv) return world.command(command, files, options);
      if (command.includes('-delete')) forget(files);
      if (/\(.*\/tests\/test\.sh"?\)/.test(command)) verify(files, world);
      return {};
    });
    this.id = id;
  }

  override async upload(hostDir: string, path: string): Promise<void> {
    for (const name of await readdir(hostDir))
      this.files.set(`${path}/${name}`, await readFile(join(hostDir, name)));
  }

  override async destroy(): Promise<void> {
    this.gone();
  }
}

/** What the product removes before it brings the verifier in. */
function forget(files: Map<string, Buffer>): void {
  for (const path of [...files.keys()]) if (/^\/(tests|logs\/verifier)\//.test(path)) files.delete(path);
}

function verify(files: Map<string, Buffer>, world: MemoryWorld): void {
  if (files.has('/tests/test.sh')) files.set('/logs/verifier/reward.txt', Buffer.from(world.reward(files)));
}
