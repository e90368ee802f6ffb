import { type Call, produces, type TrialView } from '../calls.js';
import { programOf } from '../shell.js';
import { count, type Detector, type Finding, finding, recovered } from './finding.js';
import { errorPrint } from './symptoms.js';

/** The same call again after it failed, or the same program failing in the same way again and again. */
export const repeatedFailingCommand: Detector = (view) => {
  const identical = longestRun(view, (call) => call.key);
  if (identical.length >= 2) {
    const repeats = identical.length;
    const found = finding(
      'repeated-failing-command',
      repeats >= 4 ? 0.9 : repeats === 3 ? 0.8 : 0.5,
      `The same call failed ${repeats} times, unchanged.`,
      identical,
    );
    return overcome(view, found, (call) => call.key === identical[0]!.key);
  }
  const alike = longestRun(view, alikeness);
  if (alike.length < 4) return null;
  const program = programOf(alike[0]!.commands.at(-1)!);
  const found = finding(
    'repeated-failing-command',
    alike.length >= 6 ? 0.75 : 0.55,
    `${count(alike.length, 'call')} of one program failed with the same error.`,
    alike,
  );
  return overcome(view, found, (call) => call.commands.some((command) => programOf(command) === program));
};

/**
 * The longest series of failures with one key. A call that changed something in between starts a new series: to run a
 * check again after a repair is how it should be. So does a time limit, which is the concern of another detector.
 */
function longestRun(view: TrialView, keyOf: (call: Call) => string): Call[] {
  let runs = new Map<string, Call[]>();
  let best: Call[] = [];
  for (const call of view.calls) {
    if (produces(call)) runs = new Map();
    if (!call.failed || call.timedOut || call.malformed !== '') continue;
    const key = keyOf(call);
    if (key === '') continue;
    const run = [...(runs.get(key) ?? []), call];
    runs.set(key, run);
    if (run.length > best.length) best = run;
  }
  return best;
}

function alikeness(call: Call): string {
  const last = call.commands.at(-1);
  const print = errorPrint(call);
  return last && print !== '' && programOf(last) !== '' ? `${programOf(last)} ${print}` : '';
}

/** Waiting for something (a server, a lock) by asking again is no weakness when it comes up in the end. */
function overcome(view: TrialView, found: Finding, same: (call: Call) => boolean): Finding {
  const last = Math.max(...found.calls.map((call) => call.index));
  return view.calls.some((call) => call.index > last && !call.failed && same(call))
    ? recovered(found)
    : found;
}
