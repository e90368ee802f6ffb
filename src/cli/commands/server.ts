import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import { port } from '../options.js';
import { printJson, say } from '../output.js';
import { starting, stopProcess } from '../processes.js';
import { ensureEmbeddedServer } from '../stack.js';
import { DEFAULT_STATE } from '../state.js';
import { typed } from '../typed.js';

export function addServer(program: Command): void {
  program
    .command('server')
    .description(
      'starts the embedded Temporal server of a state folder, or says where it runs; `server stop` ends it',
    )
    .addArgument(new Argument('[action]', 'what to do').choices(['start', 'stop']).default('start'))
    .option('--state <dir>', 'state folder', DEFAULT_STATE)
    .option('--port <port>', 'gRPC port; default 7233 where it is free', port)
    .option('--ui-port <port>', 'Web UI port; default 8233 where it is free', port)
    .option('--json', 'JSON on stdout')
    .action(async (action: string, options) => {
      const stateDir = resolve(options.state);
      if (action === 'stop') {
        const stopped = existsSync(stateDir) ? await stopUndisturbed(stateDir) : [];
        if (options.json) return printJson({ stopped });
        return console.log(stopped.length > 0 ? `stopped: ${stopped.join(', ')}` : 'nothing was running');
      }
      const { address, uiUrl } = await ensureEmbeddedServer(stateDir, {
        port: options.port,
        uiPort: options.uiPort,
        say,
      });
      if (options.json) return printJson({ address, uiUrl, stateDir });
      console.log(
        `Temporal  ${address}   (export TEMPORAL_ADDRESS=${address} for the temporal CLI)\nWeb UI    ${uiUrl}\nend it    ${typed('server stop', options.state)}`,
      );
    });
}

/** A full disk has no room for a lock, and is a reason to stop things. */
async function stopUndisturbed(stateDir: string): Promise<string[]> {
  try {
    return await starting(stateDir, () => stopAll(stateDir));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') return stopAll(stateDir);
    throw error;
  }
}

/** The worker first: what it does is told to the server. */
async function stopAll(stateDir: string): Promise<string[]> {
  const stopped: string[] = [];
  for (const role of ['worker', 'simulation', 'server'])
    if (await stopProcess(stateDir, role)) stopped.push(role);
  return stopped;
}
