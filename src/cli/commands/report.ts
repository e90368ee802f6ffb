import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { buildReport } from '../../report/build.js';
import { formatReport } from '../../report/markdown.js';
import { exists } from '../evolution.js';
import { printJson } from '../output.js';
import { loadReportSource } from '../report-data.js';
import { withTemporal } from '../session.js';
import { DEFAULT_STATE } from '../state.js';

export function addReport(program: Command): void {
  program
    .command('report <name>')
    .description('what an evolution did, decided and could not see, as Markdown')
    .option('--state <dir>', 'state folder', DEFAULT_STATE)
    .option('--registry <dir>', 'registry folder; default: `registry` in the state folder')
    .option('--json', 'the same as JSON')
    .action((name: string, options: { state: string; registry?: string; json?: boolean }) =>
      withTemporal(options.state, async ({ client }) => {
        await exists(client, name);
        const stateDir = resolve(options.state);
        const registryDir = options.registry ? resolve(options.registry) : join(stateDir, 'registry');
        const report = buildReport(
          await loadReportSource(client, name, { state: options.state, stateDir, registryDir }),
        );
        if (options.json) printJson(report);
        else process.stdout.write(formatReport(report));
      }),
    );
}
