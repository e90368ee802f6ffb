/** Follows an evolution until it ends or the person detaches; never stops it. */
import type { Client } from '@temporalio/client';
import { evolutionResult, snapshot } from '../client/evolutions.js';
import type { EvolutionResult } from '../workflows/types.js';
import { CliError, EXIT_INTERRUPTED } from './errors.js';
import { createProgress } from './progress.js';

const LOOK_MS = 400;

/** @throws {CliError} with exit code 130 when the person pressed ^C; the message says how to come back. */
export async function watchEvolution(
  client: Client,
  name: string,
  comeBack: string,
): Promise<EvolutionResult> {
  const view = createProgress();
  let detached = false;
  let wake = () => {};
  const onInterrupt = () => {
    detached = true;
    wake();
  };
  process.once('SIGINT', onInterrupt);
  const ended = evolutionResult(client, name).then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  try {
    for (;;) {
      const end = await Promise.race([
        ended,
        new Promise<null>((resolve) => {
          const timer = setTimeout(() => resolve(null), LOOK_MS);
          wake = () => {
            clearTimeout(timer);
            resolve(null);
          };
        }),
      ]);
      if (detached) throw new CliError(`detached; it goes on. Come back with: ${comeBack}`, EXIT_INTERRUPTED);
      const seen = await snapshot(client, name).catch(() => null);
      if (seen) view.show(seen);
      if (end === null) continue;
      if ('error' in end) throw end.error;
      return end.result;
    }
  } finally {
    process.off('SIGINT', onInterrupt);
    view.end();
  }
}
