/** Follows an evolution until it ends, stands at its cap, or the person detaches; never stops it. */
import { resolve } from 'node:path';
import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import {
  evolutionResult,
  resume,
  type Snapshot,
  snapshot,
  stop,
  WorkflowNotFoundError,
} from '../client/evolutions.js';
import { resultOf } from '../workflows/evolution-state.js';
import type { EvolutionResult } from '../workflows/types.js';
import { capHint } from './cap.js';
import { isDiskFull } from './disk.js';
import { CliError, EXIT_INTERRUPTED } from './errors.js';
import { say } from './output.js';
import { createProgress } from './progress.js';
import { withOpenings } from './registry.js';
import { createRollCall } from './roll-call.js';
import { typed } from './typed.js';

const LOOK_MS = 400;
/** Without a worker, a question would wait for one. */
export const ANSWER_MS = 5000;
/** Without an answer for so long, that is said. */
const UNANSWERED_MS = 8000;
/** `npm run` passes the terminal's ^C on once more: both are one. */
const SAME_INTERRUPT_MS = 1000;

/**
 * @param state the state folder as it was typed
 * @param answer asked where the evolution waits for a person's yes or no; without it, it stays paused
 * @throws {CliError} with exit code 130 when the person pressed ^C; the message says how to come back.
 */
export async function watchEvolution(
  client: Client,
  name: string,
  state: string,
  answer?: (question: string) => Promise<boolean>,
): Promise<EvolutionResult> {
  const view = createProgress({
    resume: typed(`resume ${name}`, state),
    report: typed(`report ${name}`, state),
  });
  const rollCall = createRollCall(client, state);
  let watching = true;
  // One that has just begun does not answer either: only a long silence is told, and told again.
  let told = Date.now();
  const left = new AbortController();
  let standing: EvolutionResult | null = null;
  let atCap: (result: EvolutionResult) => void = () => {};
  const stands = new Promise<EvolutionResult>((reach) => {
    atCap = reach;
  });
  const ended = client.withAbortSignal(left.signal, () => evolutionResult(client, name));
  const end = Promise.race([ended, stands]);
  try {
    const result = await untilInterrupted(typed(`watch ${name}`, state), end, async () => {
      const seen = await look(client, name).catch(() => null);
      if (!watching) return;
      if (await rollCall(seen !== null)) told = Date.now();
      const silent = !seen && Date.now() - told > UNANSWERED_MS;
      if (seen) view.show(seen);
      if (seen?.state.phase === 'budget-stopped') {
        standing ??= resultOf(seen.state, 'budget-stopped');
        atCap(standing);
      }
      if (silent) say(`${name} waits: ${await whyNothingAnswers(state)}`);
      if (seen || silent) told = Date.now();
      const question = seen?.state.question;
      if (!answer || !question) return;
      view.end();
      await ((await answer(question)) ? resume : stop)(client, name).catch(answeredElsewhere);
    });
    view.end();
    // One that was stopped there has ended, and that came first.
    if (result === standing) say(capHint(name, state));
    return await withOpenings(resolve(state), result);
  } finally {
    watching = false;
    view.end();
    // Nobody waits for its end any more: it would go on asking over a connection that is closed.
    ended.catch(() => {});
    left.abort();
  }
}

/** What is known of it on this machine, and the remedy. */
async function whyNothingAnswers(state: string): Promise<string> {
  return (await isDiskFull(resolve(state)))
    ? `the disk of ${state} is full. Free some space, and it goes on.`
    : `no worker answers. Start one with: ${typed('worker', state)}`;
}

/** Someone was quicker, or it has ended meanwhile: the next look shows it. */
function answeredElsewhere(error: unknown): void {
  if (!(error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError)) throw error;
}

/** Everything that can be shown of an evolution. @throws where no worker answers. */
export function look(client: Client, name: string): Promise<Snapshot> {
  return client.withDeadline(Date.now() + ANSWER_MS, () => snapshot(client, name));
}

/** Waits for `end`, looking now and then; ^C leaves what is waited for alone. */
export async function untilInterrupted<T>(
  comeBack: string,
  end: Promise<T>,
  lookAgain: () => Promise<void>,
): Promise<T> {
  let interrupt = () => {};
  const interrupted = new Promise<'interrupted'>((resolve) => {
    let first: number | null = null;
    interrupt = () => {
      if (first !== null && Date.now() - first > SAME_INTERRUPT_MS) process.exit(EXIT_INTERRUPTED);
      first ??= Date.now();
      resolve('interrupted');
    };
  });
  process.on('SIGINT', interrupt);
  const settled = end.then(
    () => 'settled' as const,
    () => 'settled' as const,
  );
  for (;;) {
    const event = await Promise.race([interrupted, settled, pause(LOOK_MS)]);
    if (event !== 'interrupted') await Promise.race([interrupted, lookAgain()]);
    if (event === 'interrupted')
      throw new CliError(`detached; it goes on. Come back with: ${comeBack}`, EXIT_INTERRUPTED);
    if (event === 'settled') {
      process.off('SIGINT', interrupt);
      return end;
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
