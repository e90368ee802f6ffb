import { resolve } from 'node:path';
import type { Command } from 'commander';
import { port } from '../options.js';
import { printJson } from '../output.js';
import { DEFAULT_STATE, ensureEmbeddedServer, stopProcess } from '../stack.js';

export function addServer(program: Command): void {
  program
    .command('server')
    .description(
      'starts the embedded Temporal server of a state folder, or says where it runs; `server stop` ends it',
    )
    .argument('[action]', 'start or stop', 'start')
    .option('--state <dir>', 'state folder', DEFAULT_STATE)
    .option('--port <port>', 'gRPC port; default 7233 where it is free', port)
    .option('--ui-port <port>', 'Web UI port; default 8233 where it is free', port)
    .option('--json', 'JSON on stdout')
    .action(async (action: string, options) => {
      const stateDir = resolve(options.state);
      if (action === 'stop') {
        const stopped = [];
        for (const role of ['worker', 'simulation', 'server'])
          if (await stopProcess(stateDir, role)) stopped.push(role);
        if (options.json) return printJson({ stopped });
        return console.log(stopped.length > 0 ? `stopped: ${stopped.join(', ')}` : 'nothing was running');
      }
      const say = (text: string) => process.stderr.write(`${text}\n`);
      const { address, uiUrl } = await ensureEmbeddedServer(stateDir, {
        port: options.port,
        uiPort: options.uiPort,
        say,
      });
      if (options.json) return printJson({ address, uiUrl, stateDir });
      console.log(
        `Temporal  ${address}   (export TEMPORAL_ADDRESS=${address} for the temporal CLI)\nWeb UI    ${uiUrl}\nend it    self-harness server stop --state ${options.state}`,
      );
    });
}
