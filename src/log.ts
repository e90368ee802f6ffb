/** Logging of the processes: structured lines on stderr, pretty on a terminal. */
import { DefaultLogger, type Logger } from '@temporalio/worker';
import { pino } from 'pino';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Temporal's own messages go through our logger; its chatter at info level only when asked for. */
export function createWorkerLogger(level = process.env.SELF_HARNESS_LOG ?? 'warn'): Logger {
  const log = pino({ level, base: null }, pino.destination(2));
  return new DefaultLogger(level === 'debug' || level === 'trace' ? 'DEBUG' : 'INFO', (entry) =>
    log[LEVELS[entry.level]]({ ...entry.meta }, entry.message),
  );
}
