/** The one binary: commands, exit codes, errors. */
import { Command } from 'commander';
import { RUNTIME_VERSION } from '../contract/runtime.js';
import { EXIT_INTERRUPTED, reportError } from './errors.js';

type Add = (program: Command) => void;

const steering = async (): Promise<Add> => (await import('./commands/steer.js')).addSteering;

/** A command's module is loaded when it is asked for: the others would only cost their time to start. */
const COMMANDS: Record<string, () => Promise<Add>> = {
  demo: async () => (await import('./commands/demo.js')).addDemo,
  init: async () => (await import('./commands/init.js')).addInit,
  evolve: async () => (await import('./commands/evolve.js')).addEvolve,
  calibrate: async () => (await import('./commands/calibrate.js')).addCalibrate,
  run: async () => (await import('./commands/run.js')).addRun,
  status: steering,
  watch: steering,
  pause: steering,
  resume: steering,
  stop: steering,
  budget: steering,
  ablate: async () => (await import('./commands/ablate.js')).addAblate,
  report: async () => (await import('./commands/report.js')).addReport,
  unseal: async () => (await import('./commands/unseal.js')).addUnseal,
  harness: async () => (await import('./commands/harness.js')).addHarness,
  suite: async () => (await import('./commands/suite.js')).addSuite,
  trace: async () => (await import('./commands/trace.js')).addTrace,
  worker: async () => (await import('./commands/worker.js')).addWorker,
  server: async () => (await import('./commands/server.js')).addServer,
  doctor: async () => (await import('./commands/doctor.js')).addDoctor,
};

export async function main(argv: string[]): Promise<void> {
  const program = new Command('self-harness')
    .description(
      'Tool-using agents that mend their own harness from their own failures. Start with: self-harness demo',
    )
    .version(RUNTIME_VERSION)
    .exitOverride()
    .showHelpAfterError('(add --help for what is expected)');
  try {
    const asked = COMMANDS[argv[2] ?? ''];
    const modules = asked
      ? [await asked()]
      : await Promise.all(Object.values(COMMANDS).map((load) => load()));
    for (const add of new Set(modules)) add(program);
    await program.parseAsync(argv);
  } catch (error) {
    reportError(error);
    // What is waited for goes on elsewhere, and its pending answers must not hold whoever wants to leave.
    if (process.exitCode === EXIT_INTERRUPTED) process.exit();
  }
}
