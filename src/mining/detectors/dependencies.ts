import { type Call, produces } from '../calls.js';
import { programOf } from '../shell.js';
import { count, type Detector, finding, recovered } from './finding.js';
import { modulesNotFound, programsNotFound } from './symptoms.js';

/** The agent relied on a program or library that is not there, without having looked whether it is. */
export const missingDependencyNotChecked: Detector = (view) => {
  const hits = new Map<string, Call[]>();
  for (const call of view.calls) {
    for (const name of [...programsNotFound(call), ...modulesNotFound(call)]) {
      if (lookedFor(view.calls, name, call.index) || ranBefore(view.calls, name, call.index)) continue;
      hits.set(name, [...(hits.get(name) ?? []), call]);
    }
  }
  if (hits.size === 0) return null;
  const calls = [...new Set([...hits.values()].flat())];
  const open = [...hits].filter(([name, at]) => !gotIt(view.calls, name, at.at(-1)!.index));
  const found = finding(
    'missing-dependency-not-checked',
    open.length === 0 ? 0.3 : calls.length >= 2 ? 0.75 : 0.55,
    `${count(hits.size, 'program or library')} relied on without looking whether it is there; ${count(calls.length, 'call')} failed for it.`,
    calls,
  );
  // One miss that was followed by other ways to the goal is how people find out, too.
  const wentOn = view.calls.some((call) => call.index > calls.at(-1)!.index && produces(call));
  return open.length === 0 || (calls.length === 1 && wentOn) ? recovered(found) : found;
};

function lookedFor(calls: Call[], name: string, before: number): boolean {
  return calls.slice(0, before).some((call) => {
    const looks =
      /\b(command -v|which|type|whereis|dpkg -[ls]|apt list|apk info|rpm -q|pip3? (?:show|list|freeze)|npm ls)\b/;
    return looks.test(call.command) && call.command.includes(name);
  });
}

/** A program that worked before is not missing: its way to it was lost. */
function ranBefore(calls: Call[], name: string, before: number): boolean {
  return calls
    .slice(0, before)
    .some(
      (call) =>
        !call.failed &&
        call.commands.some((command) => programOf(command) === name) &&
        !programsNotFound(call).has(name),
    );
}

function gotIt(calls: Call[], name: string, after: number): boolean {
  return calls.some(
    (call) =>
      call.index > after &&
      !call.failed &&
      call.command.includes(name) &&
      call.commands.some((command) => !/^(which|type|command|echo|whereis)$/.test(programOf(command))) &&
      !programsNotFound(call).has(name),
  );
}
