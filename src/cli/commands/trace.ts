import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { createFileStore } from '../../store/file.js';
import { formatTrajectory } from '../../trace/format.js';
import type { Trajectory } from '../../trace/types.js';
import { INVALID_TRIALS, storedTrial, TRIALS } from '../../trial/key.js';
import { CliError } from '../errors.js';
import { printJson } from '../output.js';
import { DEFAULT_STATE } from '../state.js';
import { table } from '../table.js';

export function addTrace(program: Command): void {
  program
    .command('trace')
    .description('one trajectory, readable; without a trial: the trials of a state folder')
    .argument('[trial]', 'key of a trial, or its beginning')
    .option('--state <dir>', 'state folder', DEFAULT_STATE)
    .option('--json', 'the ATIF document on stdout')
    .action(async (trial: string | undefined, options) => {
      const store = createFileStore(join(resolve(options.state), 'store'));
      const found = new Set<string>();
      for (const area of [TRIALS, INVALID_TRIALS])
        for await (const key of store.listKeyed(area)) if (key.startsWith(trial ?? '')) found.add(key);
      const keys = [...found];
      if (keys.length === 0)
        throw new CliError(
          trial
            ? `No trial ${trial} in ${options.state}.`
            : `No trials in ${options.state}; name another folder with --state.`,
        );
      const [only] = keys;
      if (!trial || keys.length > 1 || !only) {
        const results = await Promise.all(keys.map((key) => storedTrial(store, key)));
        const known = results
          .filter((result) => result !== undefined)
          .sort((a, b) => a.startedAt.localeCompare(b.startedAt));
        if (options.json) return printJson(known);
        return console.log(
          table(
            ['trial', 'outcome', 'task', 'purpose', 'harness', 'turns', 'why it is invalid'],
            known.map((result) => [
              result.key.slice(0, 12),
              result.outcome,
              result.task,
              result.purpose,
              result.harness.slice(0, 12),
              String(result.turns),
              result.outcome === 'invalid' ? result.reason.replace(/\s+/g, ' ') : '',
            ]),
          ),
        );
      }
      const result = await storedTrial(store, only);
      if (!result?.trace)
        throw new CliError(`The trial ${trial} has no trace: ${result?.reason ?? 'it is gone'}`);
      const trajectory = await store.getJson<Trajectory>(result.trace);
      if (options.json) return printJson(trajectory);
      console.log(`${result.task}  ${result.outcome}  ${result.reason}\n`);
      console.log(formatTrajectory(trajectory));
      if (result.verifierOutput)
        console.log(`\nverifier:\n${(await store.get(result.verifierOutput)).toString('utf8')}`);
    });
}
