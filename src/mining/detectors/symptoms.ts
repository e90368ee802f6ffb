/** What outputs say, read the same way by several detectors: programs not found, files missing, checks. */
import type { Call } from '../calls.js';
import { programOf, type SimpleCommand } from '../shell.js';

const NOT_FOUND = [
  /(?:^|[\s:])([\w.+-]+): (?:command )?not found(?!:)/g,
  /command not found: ([\w.+-]+)/g,
  /Unknown command:? '?([\w.+-]+)/g,
  /env: \W?([\w.+-]+)\W?: No such file or directory/g,
  /exec: "?([\w.+-]+)"?: executable file not found/g,
  /'([\w.+-]+)' is not recognized as/g,
];

/** Programs that the shell could not find in this call. */
export function programsNotFound(call: Call): Set<string> {
  const names = new Set<string>();
  if (call.command === '') return names;
  for (const pattern of NOT_FOUND) {
    for (const match of call.output.matchAll(pattern)) names.add(match[1]!);
  }
  if (call.exitCode === 127 && names.size === 0) {
    const last = call.commands.at(-1);
    if (last && programOf(last) !== '') names.add(programOf(last));
  }
  return names;
}

const MODULES = [
  /No module named '?([\w.-]+)/g,
  /Cannot find module '([^'\n]{1,80})'/g,
  /Can't locate ([\w/]+\.pm) in @INC/g,
  /error while loading shared libraries: ([\w.+-]+)/g,
  /fatal error: ([\w/.+-]+): No such file or directory/g,
  /cannot load such file -- ([\w/.-]+)/g,
  /there is no package called .([\w.]+)./g,
  /no required module provides package ([\w./-]+)/g,
];

/** Libraries, modules and headers that a program of this call could not load. */
export function modulesNotFound(call: Call): Set<string> {
  const names = new Set<string>();
  for (const pattern of MODULES) {
    for (const match of call.output.matchAll(pattern)) names.add(match[1]!);
  }
  return names;
}

const MISSING_FILE = [
  /(?:^|[\s:'"‘`(])([^\s:'"‘’`(]{1,300})['’"]?: No such file or directory/g,
  /No such file or directory: ['"]([^'"\n]{1,200})['"]/g,
  /cannot (?:access|open|stat) ['‘"]?([^\s'’":]+)/g,
];

/** Relative paths that were not there when the call wanted them. */
export function relativePathsMissing(call: Call): string[] {
  if (!call.failed) return [];
  const fromTools = call.command === '' && call.path !== '' ? [call.path] : [];
  const fromOutput = MISSING_FILE.flatMap((pattern) =>
    [...call.output.matchAll(pattern)].map((match) => match[1]!),
  );
  return [...fromTools, ...fromOutput].filter((path) => /^[\w.]/.test(path) && !path.startsWith('/'));
}

const CHECKERS = new Set(
  'pytest tox nosetests jest vitest mocha ctest shellcheck eslint mypy ruff flake8 diff cmp test [ rspec phpunit bats'.split(
    ' ',
  ),
);
const CHECK_NAME =
  /(^|[-_./])(self-?tests?|tests?|check\w*|verif\w*|validat\w*|sanity\w*|lint|specs?)([-_.]|$)/i;
const CHECK_OPTION = /^(-c|--check|--verify|-n|--dry-run|--noout)$/;
const INTERPRETERS = /^(ba|da|z|k)?sh$|^python[\d.]*$|^(node|deno|bun|ruby|perl|php|Rscript|source|\.)$/;
const RUNNERS =
  /^(make|npm|yarn|pnpm|cargo|go|mvn|gradle|gradlew|dotnet|rake|just|tox|mix|swift|bazel|lein)$/;

/** Whether the call looks at whether the work is right: by the harness's word, else by what it runs. */
export function isCheck(call: Call): boolean {
  return call.checkPassed !== null || call.commands.some(commandChecks);
}

function commandChecks(command: SimpleCommand): boolean {
  const program = programOf(command);
  const rest = command.words.slice(1);
  if (CHECKERS.has(program)) return true;
  if (/^(md5|sha\d+)sum$/.test(program)) return rest.some((word) => CHECK_OPTION.test(word));
  if (INTERPRETERS.test(program)) {
    if (rest[0] === '-n') return true;
    if (rest[0] === '-m') return /^(unittest|pytest|py_compile|doctest)$/.test(rest[1] ?? '');
    const script = rest.find((word) => !word.startsWith('-'));
    return rest[0] !== '-c' && rest[0] !== '-e' && CHECK_NAME.test(script?.split('/').pop() ?? '');
  }
  if (RUNNERS.test(program)) return rest.slice(0, 2).some((word) => CHECK_NAME.test(word));
  // A program in a folder, such as ./verify: what it is called says what it is for.
  return (command.words[0] ?? '').includes('/') && CHECK_NAME.test(program);
}

const SAYS_FAILED =
  /\bFAIL(?:ED|URE|URES)?\b|^not ok\b|\b[1-9]\d* (?:tests? )?(?:failed|failures?|errors?)\b|\bAssertionError\b|^Traceback \(/m;

/** Whether a check ended badly: by the harness's word, else by status or by what it printed. */
export function checkFailed(call: Call): boolean {
  if (call.checkPassed !== null) return !call.checkPassed;
  return call.failed || SAYS_FAILED.test(call.output);
}

/** First line of an output that looks like an error, with numbers and quoted parts taken out, to compare errors by. */
export function errorPrint(call: Call): string {
  const lines = call.output.split('\n').filter((line) => line.trim() !== '');
  const line = lines.find((l) =>
    /error|fail|cannot|not |no such|denied|refus|exists|invalid|unable/i.test(l),
  );
  return (line ?? lines[0] ?? '')
    .slice(0, 300)
    .replace(/'[^']*'|"[^"]*"|‘[^’]*’/g, '*')
    .replace(/\d+/g, '#');
}
