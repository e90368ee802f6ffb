/** A change of the shell made in one call and relied on in a later one that no longer has it. */
import type { Call, TrialView } from '../calls.js';
import { programOf, type SimpleCommand } from '../shell.js';
import { count, type Detector, type Finding, finding, recovered } from './finding.js';
import { modulesNotFound, programsNotFound, relativePathsMissing } from './symptoms.js';

interface Definition {
  call: Call;
  kind: 'path' | 'variable' | 'directory' | 'shell';
  /** Variable, folder, alias; '' for a sourced file. */
  name: string;
  /** Nothing after it in its call made use of it: it can only have been meant for later calls. */
  forLater: boolean;
}

interface Loss {
  definition: Definition;
  symptom: Call;
  strength: number;
  /** What would show later that the agent got over it. */
  needs: string;
}

export const environmentLost: Detector = (view) => {
  const losses: Loss[] = [];
  const live: Definition[] = [];
  for (const call of view.calls) {
    if (call.kind === 'finish') continue;
    const own = definitionsOf(call);
    const loss = strongest(live.map((definition) => lossIn(view, definition, call, own)));
    if (loss) losses.push(loss);
    live.push(...own);
    if (live.length > 40) live.splice(0, live.length - 40);
  }
  if (losses.length === 0) return outsideTheTrial(view, live);

  const worst = strongest(losses)!;
  const strength = Math.min(0.95, worst.strength + 0.02 * (losses.length - 1));
  const what = {
    path: 'PATH',
    variable: 'a variable',
    directory: 'the working directory',
    shell: 'the shell',
  }[worst.definition.kind];
  const found = finding(
    'environment-lost-between-calls',
    strength,
    `A call changed ${what}; ${count(losses.length, 'later call')} relied on it and did not have it.`,
    [worst.definition.call, ...losses.map((loss) => loss.symptom)],
  );
  return losses.length < 3 && losses.every((loss) => gotOver(view, loss)) ? recovered(found) : found;
};

const ACTIVATORS = /^(conda|mamba|nvm|pyenv|rbenv|module|sdk|fnm|rvm|workon)$/;

function definitionsOf(call: Call): Definition[] {
  if (call.command === '' || call.timedOut || call.blocked) return [];
  const found: Definition[] = [];
  for (const [i, command] of call.commands.entries()) {
    const forLater = call.commands.slice(i + 1).every(usesNothing);
    const define = (kind: Definition['kind'], name: string) => found.push({ call, kind, name, forLater });
    for (const name of variablesSet(command)) define(name === 'PATH' ? 'path' : 'variable', name);
    const program = programOf(command);
    const argument = command.words[1] ?? '';
    if (program === 'cd' || program === 'pushd') define('directory', argument);
    else if (program === 'alias') define('shell', argument.split('=')[0]!);
    else if (program === 'source' || program === '.') define('shell', '');
    else if (ACTIVATORS.test(program) && /^(activate|use|shell|load)$/.test(argument)) define('shell', '');
  }
  for (const match of call.command.slice(0, 4000).matchAll(FUNCTION)) {
    found.push({ call, kind: 'shell', name: match[1]!, forLater: false });
  }
  return found;
}

const FUNCTION = /(?:^|[\n;])[ \t]{0,20}(?:function[ \t]{1,5})?([\w-]{2,40})[ \t]{0,5}\(\)[ \t]{0,5}\{/g;

/** Changes the shell further, or only shows what it is now. */
function usesNothing(command: SimpleCommand): boolean {
  const shell = /^(cd|pushd|export|declare|alias|source|\.|set|echo|pwd|which|type|hash|true)$/;
  return command.words.length === 0 || shell.test(programOf(command));
}

/** Variables that the command sets for what comes after it, not for one program only. */
function variablesSet(command: SimpleCommand): string[] {
  if (command.words.length === 0) return command.assigned;
  if (!/^(export|declare|typeset|readonly)$/.test(programOf(command))) return [];
  return command.words
    .slice(1)
    .filter((word) => /^[A-Za-z_]\w*(\+?=|$)/.test(word))
    .map((word) => word.split(/\+?=/, 1)[0]!);
}

function lossIn(view: TrialView, definition: Definition, call: Call, own: Definition[]): Loss | null {
  const again = own.some(
    (d) => d.kind === definition.kind && (d.kind === 'directory' || d.name === definition.name),
  );
  if (again || call.blocked) return null;
  if (definition.kind === 'variable') return variableLoss(definition, call);
  if (definition.kind === 'directory') return directoryLoss(view, definition, call);
  return programLoss(view, definition, call);
}

function programLoss(view: TrialView, definition: Definition, call: Call): Loss | null {
  for (const program of programsNotFound(call)) {
    if (definition.kind === 'shell' && definition.name !== '') {
      if (program !== definition.name) continue;
      return { definition, symptom: call, strength: 0.9, needs: program };
    }
    const known = wasReachable(view, program, call.index);
    return {
      definition,
      symptom: call,
      strength: known ? 0.9 : unknownProgram(definition, call),
      needs: program,
    };
  }
  // A virtual environment that is left again shows as a library that cannot be found.
  if (definition.kind === 'shell' && definition.name === '' && modulesNotFound(call).size > 0) {
    return { definition, symptom: call, strength: 0.75, needs: [...modulesNotFound(call)][0]! };
  }
  return null;
}

/** A change of PATH meant for later calls, and one of the next misses a program: most likely the one it was made for. */
function unknownProgram(definition: Definition, call: Call): number {
  if (!definition.forLater) return 0.4;
  return call.index - definition.call.index <= 3 ? 0.75 : 0.6;
}

/** Whether an earlier call ran the program, or named or saw it as a file. */
function wasReachable(view: TrialView, program: string, before: number): boolean {
  return view.calls.slice(0, before).some((call) => {
    if (programsNotFound(call).has(program)) return false;
    if (call.commands.some((command) => programOf(command) === program)) return true;
    const listed = call.output
      .split('\n', 400)
      .some((line) => line.trim().split(/\s+/).at(-1)?.split('/').pop() === program);
    return (
      listed || call.commands.some((command) => command.words.some((word) => word.endsWith(`/${program}`)))
    );
  });
}

const SYMPTOM =
  /no such file|not found|cannot (?:access|open|stat|create)|unbound|not set|unset|undefined|missing|required|empty|invalid|usage|permission denied/i;

function variableLoss(definition: Definition, call: Call): Loss | null {
  const { name } = definition;
  if (!call.command.includes(name) && !call.output.includes(name)) return null;
  const named = new RegExp(`(?<![\\w])${name}(?![\\w])`);
  const complains = call.output
    .split('\n', 400)
    .some(
      (line) =>
        named.test(line) &&
        /unbound|not set|unset|undefined|missing|required|must be|KeyError|empty/i.test(line),
    );
  if (complains && call.failed) return { definition, symptom: call, strength: 0.9, needs: name };

  const uses = new RegExp(`\\$\\{?${name}(?![\\w])`).test(call.command);
  if (!uses || valueShown(definition, call)) return null;
  if (call.failed && SYMPTOM.test(call.output))
    return { definition, symptom: call, strength: 0.8, needs: name };
  const asked = /^\s*echo\s/.test(call.command) && call.output.trim() === '';
  return asked ? { definition, symptom: call, strength: 0.5, needs: name } : null;
}

/** An error that shows the variable's value had the variable. */
function valueShown(definition: Definition, call: Call): boolean {
  const match = new RegExp(`(?:^|[\\s;])${definition.name}=("[^"]*"|'[^']*'|[^\\s;&|]+)`).exec(
    definition.call.command.slice(0, 4000),
  );
  const value = (match?.[1] ?? '').replace(/^["']|["']$/g, '');
  return value.length >= 2 && call.output.includes(value);
}

function directoryLoss(view: TrialView, definition: Definition, call: Call): Loss | null {
  const missing = relativePathsMissing(call);
  if (missing.length === 0) return null;
  const stayed = view.calls.some(
    (other) =>
      other.index > definition.call.index &&
      other.index < call.index &&
      /^\s*pwd\b/.test(other.command) &&
      definition.name !== '' &&
      other.output.trim().endsWith(definition.name.replace(/\/$/, '')),
  );
  if (stayed) return null;
  const path = missing[0]!;
  const first = path.replace(/^\.\//, '').split('/')[0]!;
  const seen = view.calls
    .slice(definition.call.index, call.index)
    .some((earlier) => !relativePathsMissing(earlier).includes(path) && earlier.output.includes(first));
  if (!definition.forLater && !seen) return null;
  return {
    definition,
    symptom: call,
    strength: definition.forLater ? (seen ? 0.85 : 0.7) : 0.6,
    needs: path,
  };
}

function gotOver(view: TrialView, loss: Loss): boolean {
  return view.calls.some(
    (call) =>
      call.index > loss.symptom.index &&
      !call.failed &&
      `${call.command} ${call.path}`.includes(loss.needs) &&
      !programsNotFound(call).has(loss.needs),
  );
}

/** The agent could reach a program, its successor (the verifier) could not. */
function outsideTheTrial(view: TrialView, live: Definition[]): Finding | null {
  const path = live.findLast((definition) => definition.kind === 'path');
  if (!path) return null;
  const absent = [...view.verifier.matchAll(/(?:^|[\s:])([\w.+-]+): (?:command )?not found/g)].map(
    (match) => match[1]!,
  );
  const own = absent.find((program) => wasReachable(view, program, view.calls.length));
  if (own === undefined) return null;
  return finding(
    'environment-lost-between-calls',
    0.75,
    'A program that the agent reached through a changed PATH was not reachable after the trial.',
    [path.call],
  );
}

function strongest(losses: (Loss | null)[]): Loss | null {
  return losses.reduce<Loss | null>(
    (best, loss) => (loss && (!best || loss.strength > best.strength) ? loss : best),
    null,
  );
}
