/** How the trial ended, and what the agent knew when it ended it. */
import { type Call, onlyLooks, produces } from '../calls.js';
import { programOf } from '../shell.js';
import { count, type Detector, finding } from './finding.js';
import { checkFailed, isCheck, programsNotFound } from './symptoms.js';

/** The agent saw its check, or its last command, fail and ended the trial all the same. */
export const finishedWithFailingCheck: Detector = (view) => {
  if (!view.ended) return null;
  const worked = view.calls.filter((call) => call.kind !== 'finish');
  const lastCheck = worked.findLast(isCheck);
  if (lastCheck && checkFailed(lastCheck)) {
    const after = worked.filter((call) => call.index > lastCheck.index && produces(call));
    return after.length === 0
      ? finding(
          'finished-with-failing-check',
          0.85,
          'Its last check failed and it ended the trial without a repair.',
          [lastCheck],
        )
      : finding(
          'finished-with-failing-check',
          0.6,
          'Its last check failed; what it changed after that was never checked.',
          [lastCheck, ...after.slice(-1)],
        );
  }
  const last = worked.at(-1);
  if (!last?.failed || last.malformed !== '' || lastCheck) return null;
  // A search that finds nothing also ends with a status other than 0.
  const notThere = programsNotFound(last).size > 0;
  const strength = onlyLooks(last) ? 0.4 : last.kind === 'command' && !notThere ? 0.75 : 0.6;
  return finding('finished-with-failing-check', strength, 'Its last call failed and it ended the trial.', [
    last,
  ]);
};

/** The agent made something and ended the trial without looking at it or running a check. */
export const finishedWithoutChecking: Detector = (view) => {
  if (!view.ended) return null;
  const lastMade = view.calls.findLast(produces);
  if (!lastMade) return null;
  const after = view.calls.filter((call) => call.index > lastMade.index && call.kind !== 'finish');
  if (isCheck(lastMade) || after.some((call) => isCheck(call) || onlyLooks(call))) return null;
  return finding(
    'finished-without-checking',
    after.length === 0 ? 0.5 : 0.4,
    'It ended the trial without looking at what it had made or running a check.',
    [lastMade],
  );
};

/** The agent gave up, or was ended, before it had really tried. */
export const stoppedEarly: Detector = (view) => {
  const worked = view.calls.filter((call) => call.kind !== 'finish');
  const detail = `The trial ended after ${count(worked.length, 'call')}`;
  if (view.stop === 'model-refused')
    return finding('stopped-early', 0.8, `${detail}: the model refused.`, worked.slice(-1));
  if (view.stop === 'rule-stop')
    return finding('stopped-early', 0.8, `${detail}: a rule of the harness ended it.`, worked.slice(-2));
  if (!view.ended) return null;
  if (worked.length === 0)
    return finding('stopped-early', 0.85, 'The trial ended without a single call.', []);
  if (view.stop === 'answered' && view.missing.length > 0)
    return finding(
      'stopped-early',
      0.7,
      `${detail}: the model answered in words with artifacts missing.`,
      worked.slice(-2),
    );
  if (worked.length <= 2 && !worked.some(produces))
    return finding('stopped-early', 0.7, `${detail} that changed nothing.`, worked);
  return null;
};

/** A call that should have changed something failed, and nothing later came back to it. */
export const ignoredToolError: Detector = (view) => {
  if (!view.ended) return null;
  const ignored = view.calls.filter(
    (call) =>
      call.failed && !call.timedOut && !call.blocked && meantToChange(call) && !cameBackTo(view.calls, call),
  );
  if (ignored.length === 0) return null;
  const lostWrite = ignored.some((call) => call.kind === 'write');
  return finding(
    'ignored-tool-error',
    lostWrite ? 0.7 : ignored.length >= 3 ? 0.6 : 0.4,
    `${count(ignored.length, 'failed call')} meant to change something ${ignored.length === 1 ? 'was' : 'were'} never come back to.`,
    ignored,
  );
};

function meantToChange(call: Call): boolean {
  if (call.kind === 'write') return true;
  return call.kind === 'command' && !onlyLooks(call) && !isCheck(call);
}

function cameBackTo(calls: Call[], failed: Call): boolean {
  const programs = new Set(failed.commands.map(programOf).filter((name) => name !== ''));
  return calls.some((call) => {
    if (call.index <= failed.index || call.kind === 'finish') return false;
    if (failed.kind === 'write') return `${call.path} ${call.command}`.includes(failed.path);
    return call.commands.some((command) => programs.has(programOf(command))) || call.key === failed.key;
  });
}
