import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandboxProvider } from '../../src/sandbox/index.js';
import type { Sandbox, SandboxProvider } from '../../src/sandbox/types.js';

/** Real sandboxes for the tests of one file: each test opens its own, all are gone after it. */
export function realSandboxes(): { open(files?: Record<string, string>): Promise<Sandbox> } {
  let stateDir: string;
  let provider: SandboxProvider;
  const open: Sandbox[] = [];
  let count = 0;
  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'agent-test-'));
    provider = createSandboxProvider({ kind: 'bubblewrap', allowHost: false, stateDir });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((sandbox) => sandbox.destroy()));
  });
  afterAll(async () => {
    await rm(stateDir, { recursive: true, force: true });
  });
  return {
    async open(files = {}) {
      const sandbox = await provider.create({
        id: `agent-test-${process.pid}-${count++}`,
        environment: {
          workdir: '/app',
          env: {},
          user: null,
          network: 'no-network',
          memoryMb: null,
          storageMb: null,
          cpus: null,
          build: [],
          unsupported: null,
        },
        contextDir: stateDir,
        limits: { memoryMb: 512, processes: 128, storageMb: 128 },
      });
      open.push(sandbox);
      for (const [path, content] of Object.entries(files)) await sandbox.writeFile(path, content);
      return sandbox;
    },
  };
}
