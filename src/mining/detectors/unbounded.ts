/** Commands without a bound of their own that ate the trial's time, and downloads tried without end. */
import { type Call, produces, type TrialView } from '../calls.js';
import { programOf } from '../shell.js';
import { count, type Detector, type Finding, finding } from './finding.js';
import { looksLikeServer } from './service.js';

export const unboundedComputation: Detector = (view) =>
  unbounded(view, 'unbounded-computation', (call) => !downloads(call) && !looksLikeServer(call));

export const unboundedDownload: Detector = (view) => {
  const slow = unbounded(view, 'unbounded-download', downloads);
  const blind = blindDownloads(view);
  return blind && (!slow || blind.strength > slow.strength) ? blind : slow;
};

/** Fetching that fails, tried again from here and there, with nothing else coming of the trial. */
function blindDownloads(view: TrialView): Finding | null {
  const tried = view.calls.filter(downloads);
  const failed = tried.filter((call) => call.failed && !call.timedOut && !call.blocked);
  if (failed.length < 2 || failed.length < tried.length) return null;
  const told = `${count(failed.length, 'download')} tried, all failed`;
  const lastFailed = failed.at(-1)!.index;
  const wentOn = view.calls.some((call) => call.index > lastFailed && produces(call));
  if (wentOn) return finding('unbounded-download', 0.4, `${told}; then it went on without.`, failed);
  return finding(
    'unbounded-download',
    failed.length >= 3 ? 0.85 : 0.7,
    `${told}, and no other way taken.`,
    failed,
  );
}

function unbounded(
  view: TrialView,
  mechanism: 'unbounded-computation' | 'unbounded-download',
  concerns: (call: Call) => boolean,
): Finding | null {
  const slow = view.calls.filter((call) => call.command !== '' && concerns(call) && endless(view, call));
  if (slow.length === 0) return null;
  const what = mechanism === 'unbounded-download' ? 'download' : 'command';
  const ate = slow.reduce((sum, call) => sum + call.seconds, 0) >= 0.3 * view.seconds;
  const strength =
    view.stop === 'time-limit' || slow.length >= 3 ? 0.9 : slow.length === 2 ? 0.85 : ate ? 0.7 : 0.5;
  const ended = view.stop === 'time-limit' ? ' and the trial ran out of time' : '';
  return finding(
    mechanism,
    strength,
    `${count(slow.length, what)} without a bound of its own ran until it was cut off${ended}.`,
    slow,
  );
}

/** Cut off by a limit, or still running when the trial's time was over, or taking most of a trial that ran out. */
function endless(view: TrialView, call: Call): boolean {
  if (call.blocked || call.commands.some((command) => command.bounded)) return false;
  if (call.timedOut) return true;
  if (view.stop !== 'time-limit') return false;
  const last = call.index === view.calls.length - 1;
  return (last && !call.answered) || (call.seconds > 0 && call.seconds >= 0.3 * view.seconds);
}

const FETCHERS = /^(curl|wget|aria2c|ftp|rsync|scp)$/;
const INSTALLERS =
  /^(pip3?|npm|yarn|pnpm|apt|apt-get|apk|dnf|yum|brew|conda|mamba|cargo|go|gem|bundle|composer|mvn|gradle)$/;

/** Whether the call fetches something from elsewhere. */
function downloads(call: Call): boolean {
  return call.commands.some((command) => {
    const program = programOf(command);
    const rest = command.words.slice(1);
    if (FETCHERS.test(program))
      return !rest.some((word) => /\b(localhost|127\.0\.0\.1|0\.0\.0\.0)\b/.test(word));
    if (INSTALLERS.test(program))
      return rest.some((word) => /^(install|add|get|update|upgrade|download|fetch|ci)$/.test(word));
    if (program === 'git') return /^(clone|fetch|pull|submodule)$/.test(rest[0] ?? '');
    return (
      /^python[\d.]*$/.test(program) && rest[0] === '-m' && rest[1] === 'pip' && rest.includes('install')
    );
  });
}
