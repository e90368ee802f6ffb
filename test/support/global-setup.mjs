/** One real Temporal server for the whole test run, in a folder of its own, gone afterwards. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../../dist/server/embedded.js';
import { ensureTemporalExecutable } from '../../dist/server/executable.js';

/** Each jest worker has a namespace of its own: the names of the task queues are fixed. */
const NAMESPACES = 8;

export default async function setup() {
  const env = { ...process.env, TEMPORAL_ADDRESS: '' };
  const { path } = await ensureTemporalExecutable((text) => process.stderr.write(`${text}\n`), env);
  const stateDir = await mkdtemp(join(tmpdir(), 'self-harness-tests-'));
  const namespaces = Array.from({ length: NAMESPACES }, (_, i) => ['--namespace', `test-${i + 1}`]).flat();
  // Continue-as-new is suggested early, so that the tests see it.
  const early = ['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=60'];
  const server = await startServer({
    executable: path,
    stateDir,
    extraArgs: [...namespaces, ...early, '--headless'],
  });
  process.env.TEST_TEMPORAL_ADDRESS = server.address;
  process.env.TEST_TEMPORAL_EXECUTABLE = path;
  globalThis.stopTemporal = async () => {
    await server.stop();
    await rm(stateDir, { recursive: true, force: true });
  };
}
