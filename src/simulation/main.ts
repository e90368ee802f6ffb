/**
 * `node dist/simulation/main.js SUITE_FOLDER [PORT] [READY_FILE]`: serves the simulated models until it is told to stop.
 * The ready file gets `{"url": ...}` once they are served.
 */
import { writeFile } from 'node:fs/promises';
import { startSimulation } from './server.js';

const [suiteDir, port = '0', readyFile] = process.argv.slice(2);
if (!suiteDir || !/^\d+$/.test(port)) {
  process.stderr.write('usage: main.js SUITE_FOLDER [PORT] [READY_FILE]\n');
  process.exit(2);
}
try {
  const simulation = await startSimulation({ suiteDir, port: Number(port) });
  process.stdout.write(`Simulated models at ${simulation.url}\n`);
  if (readyFile) await writeFile(readyFile, `${JSON.stringify({ url: simulation.url })}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulation.close());
} catch (error) {
  process.stderr.write(`The simulated models cannot be served: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
