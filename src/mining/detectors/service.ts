import type { Call } from '../calls.js';
import { programOf } from '../shell.js';
import { type Detector, finding } from './finding.js';

const UNREACHABLE =
  /connection (?:was )?refused|ECONNREFUSED|(?:could ?n[o']t|failed to|cannot|unable to) connect|not (?:listen|listening|reachable|running|responding)\b|nothing (?:is )?listen|no (?:process|server|service) (?:is )?(?:listening|running)|port \d+ is (?:closed|not open)/i;

const SERVERS =
  /\b(http\.server|http-server|runserver|serve|uvicorn|gunicorn|flask run|nginx|httpd|apache2|redis-server|mongod|postgres|mysqld|sshd|vsftpd|socat|listen|ncat?|daemon)\b/i;

/** Whether the verifier said that something that should be running could not be reached. */
export function serviceUnreachable(verifier: string): boolean {
  return UNREACHABLE.test(verifier);
}

/** Whether the call starts something that is meant to go on running. */
export function looksLikeServer(call: Call): boolean {
  if (call.command === '') return false;
  const detached = call.commands.some((command) => command.background);
  return (
    detached ||
    (call.commands.some((command) => !/^(grep|cat|ls|ps)$/.test(programOf(command))) &&
      SERVERS.test(call.command))
  );
}

/** What was to be running at the end is not: never started, started in the foreground, or gone with its shell. */
export const serviceNotLeftRunning: Detector = (view) => {
  if (!serviceUnreachable(view.verifier)) return null;
  const starts = view.calls.filter(looksLikeServer);
  const foreground = starts.filter((call) => call.timedOut);
  if (foreground.length > 0)
    return finding(
      'service-not-left-running',
      0.9,
      'A service was started in the foreground and cut off with its call.',
      foreground,
    );
  return starts.length > 0
    ? finding(
        'service-not-left-running',
        0.85,
        'A service was started and was not running after the trial.',
        starts.slice(-3),
      )
    : finding(
        'service-not-left-running',
        0.7,
        'A service that had to be running was never started.',
        view.calls.slice(-2),
      );
};
