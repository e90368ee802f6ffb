/** The one binary: commands, exit codes, errors. */
import { Command } from 'commander';
import { RUNTIME_VERSION } from '../contract/runtime.js';
import { addDemo } from './commands/demo.js';
import { addEvolve } from './commands/evolve.js';
import { addServer } from './commands/server.js';
import { addSteering } from './commands/steer.js';
import { addWorker } from './commands/worker.js';
import { reportError } from './errors.js';

export async function main(argv: string[]): Promise<void> {
  const program = new Command('self-harness')
    .description("Tool-using agents that mend their own harness from their own failures. Start with: self-harness demo")
    .version(RUNTIME_VERSION)
    .exitOverride()
    .showHelpAfterError('(add --help for what is expected)');
  for (const add of [addDemo, addEvolve, addSteering, addWorker, addServer]) add(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    reportError(error);
  }
}
