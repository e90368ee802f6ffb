/** The one binary: commands, exit codes, errors. */
import { Command } from 'commander';
import { RUNTIME_VERSION } from '../contract/runtime.js';
import { addDemo } from './commands/demo.js';
import { addDoctor } from './commands/doctor.js';
import { addEvolve } from './commands/evolve.js';
import { addHarness } from './commands/harness.js';
import { addInit } from './commands/init.js';
import { addRun } from './commands/run.js';
import { addServer } from './commands/server.js';
import { addSteering } from './commands/steer.js';
import { addSuite } from './commands/suite.js';
import { addTrace } from './commands/trace.js';
import { addWorker } from './commands/worker.js';
import { reportError } from './errors.js';

const COMMANDS = [
  addDemo,
  addInit,
  addEvolve,
  addRun,
  addSteering,
  addHarness,
  addSuite,
  addTrace,
  addWorker,
  addServer,
  addDoctor,
];

export async function main(argv: string[]): Promise<void> {
  const program = new Command('self-harness')
    .description(
      'Tool-using agents that mend their own harness from their own failures. Start with: self-harness demo',
    )
    .version(RUNTIME_VERSION)
    .exitOverride()
    .showHelpAfterError('(add --help for what is expected)');
  for (const add of COMMANDS) add(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    reportError(error);
  }
}
