/** Edits that the simulated models come up with: for each way to fail, what could be written into each surface. */
import type { Concept } from './concepts.js';
import { block, type Idea, inject, note, phase, refuse, rule, section, shellWords, skill } from './ideas.js';

/** Ideas by surface. */
type Recipes = Partial<Record<string, Idea[]>>;

const deliverNow = 'Stop exploring. Create the required output file now with what you know, then improve it.';
const notAgain =
  'This exact command has failed before. Do not repeat the same command; read its error and use a different one.';
const makeAgain = 'A required artifact is missing now. Recreate it at once, before anything else.';
const repairFirst =
  'Your last check failed. Repair what it found and run it again until it passes before you finish.';
const setEachTime =
  'Each shell call starts with a fresh environment: set PATH and variables again in the same call that uses them.';
const lookFirst =
  'Check first with command -v that a program you want to use is installed; if it is not there, use what is available.';
const plainText = 'Send the plain text of a command only, never with tags or markup around it.';
const stayLocal = 'Do not insist on downloads: after one failed download switch to local tools.';

const openWhatItNames =
  'When a page says that it is superseded, open the place that it points to and go by what stands there. Where an index names the page for a topic, look the rule up on that page.';

const missingAtEnd = rule(
  'deliver-before-finish',
  'before-finish',
  'artifacts.missing.size() > 0',
  refuse('A required output file is missing. Create it before you finish.'),
  { limit: 3 },
);

export const good: Record<Exclude<Concept, 'hard'>, Recipes> = {
  exploring: {
    rules: [
      rule('redirect-exploration', 'before-model', 'callsSinceWrite >= 16', inject(deliverNow), {
        limit: 3,
        cooldown: 10,
      }),
      rule(
        'redirect-after-calls',
        'before-model',
        'toolCalls >= 24 && artifacts.missing.size() > 0',
        inject(deliverNow),
        { limit: 3, cooldown: 8 },
      ),
      missingAtEnd,
    ],
    orchestration: [
      phase('build', 20, 'Exploration is over: move on to implementation and write the required output now.'),
    ],
    runtime: [
      {
        path: '/toolCalls',
        op: 'replace',
        value: { max: 44, onLimit: 'wrap-up' },
        summary: 'An earlier limit on tool calls, with time to deliver',
      },
    ],
    instructions: [
      section(
        'deliver-first',
        'Create the required output file early, in a simple form, and refine it. Do not read more than ten files before you write.',
      ),
    ],
    skills: [skill('early-results', deliverNow)],
  },
  repeating: {
    rules: [
      rule('no-exact-repeats', 'before-tool', 'call.identicalFailuresBefore >= 1', block(notAgain)),
      rule('no-repeat-of-last-failure', 'before-tool', 'call.repeatsLastFailure', block(notAgain)),
    ],
    instructions: [
      section(
        'no-repeats',
        'Never repeat an identical command after it failed: read the error, and do it in a different way.',
      ),
    ],
    tools: [shellWords('Do not repeat a command that failed word for word.')],
    skills: [skill('failing-commands', notAgain)],
  },
  deleted: {
    rules: [
      rule('recreate-artifacts', 'after-tool', 'artifacts.deleted.size() > 0', inject(makeAgain), {
        limit: 5,
      }),
      missingAtEnd,
    ],
    instructions: [
      section(
        'keep-artifacts',
        'If you delete a required output file, recreate it at once. Never finish while one is missing.',
      ),
    ],
    orchestration: [
      phase('deliver', 12, 'Look whether every required output file is there; recreate what is missing now.'),
    ],
  },
  unwritten: {
    rules: [
      missingAtEnd,
      rule(
        'remind-of-artifacts',
        'before-model',
        'toolCalls >= 15 && artifacts.missing.size() > 0',
        inject(deliverNow),
        { limit: 3, cooldown: 8 },
      ),
    ],
    orchestration: [phase('deliver', 15, 'Write the required output file now if it is not there yet.')],
    runtime: [
      {
        path: '/toolCalls',
        op: 'replace',
        value: { max: 44, onLimit: 'wrap-up' },
        summary: 'An earlier limit on tool calls, with time to deliver',
      },
    ],
    instructions: [
      section('deliver-first', 'Create the required output file first and refine it afterwards.'),
    ],
  },
  environment: {
    tools: [
      {
        path: '/builtin/shell/persistEnvironment',
        op: 'replace',
        value: true,
        summary: 'The shell keeps its environment from call to call',
        needs: ['persistEnvironment'],
      },
    ],
    instructions: [section('fresh-shells', setEachTime)],
    memory: [note('fresh-shells', setEachTime)],
    rules: [
      rule('environment-is-gone', 'after-tool', 'result.exitCode == 127', inject(setEachTime), { limit: 4 }),
    ],
    skills: [skill('fresh-shells', setEachTime)],
  },
  unchecked: {
    rules: [
      rule('repair-before-finish', 'before-finish', 'consecutiveErrors > 0', refuse(repairFirst), {
        limit: 3,
      }),
      rule('failed-check-before-finish', 'before-finish', 'check.ran && !check.passed', refuse(repairFirst), {
        limit: 3,
      }),
    ],
    orchestration: [
      {
        path: '/checks/scripts',
        value: { match: '(check|test|verify)' },
        summary: 'Scripts that count as checks',
      },
    ],
    instructions: [
      section(
        'repair-checks',
        'If a check fails, repair the cause and run it again until it passes; do not finish before.',
      ),
    ],
    skills: [skill('repair-checks', repairFirst)],
  },
  dependency: {
    instructions: [section('dependencies-first', lookFirst)],
    rules: [
      rule(
        'missing-program',
        'after-tool',
        'result.exitCode == 127',
        inject(`That program is not installed. ${lookFirst}`),
        { limit: 4 },
      ),
    ],
    tools: [shellWords(lookFirst)],
    memory: [note('dependencies-first', lookFirst)],
    skills: [skill('dependencies-first', lookFirst)],
  },
  malformed: {
    tools: [shellWords(plainText)],
    instructions: [section('plain-commands', plainText)],
    rules: [
      rule('plain-commands', 'after-tool', 'result.output.contains("syntax error")', inject(plainText), {
        limit: 4,
      }),
    ],
  },
  outside: {
    rules: [
      rule(
        'no-blind-downloads',
        'before-tool',
        'toolErrors >= 1 && call.command.matches("(?i)(curl|wget) ")',
        block(stayLocal),
      ),
    ],
    tools: [shellWords(stayLocal)],
    instructions: [section('stay-local', stayLocal)],
    skills: [skill('stay-local', stayLocal)],
  },
  misread: {
    instructions: [section('current-rules', openWhatItNames)],
    orchestration: [
      phase('current-rules', 2, `Before you go on: do you have the rules that hold now? ${openWhatItNames}`),
    ],
    rules: [
      rule(
        'superseded-page',
        'after-tool',
        'result.output.contains("superseded")',
        inject(`What you have read is superseded. ${openWhatItNames}`),
        { limit: 2 },
      ),
      rule(
        'refused-by-the-rules',
        'after-tool',
        'result.output.contains("rejected")',
        inject(`It was refused, so a rule was missed. ${openWhatItNames}`),
        { limit: 2 },
      ),
    ],
    memory: [note('current-rules', openWhatItNames)],
    skills: [skill('current-rules', openWhatItNames)],
  },
};

/** Well-formed edits that change nothing that matters. */
export const useless: Recipes = {
  instructions: [section('care', 'Work with care and think about each step.')],
  rules: [rule('encourage', 'start', 'true', inject('Take the time that the task needs.'))],
  orchestration: [
    { path: '/compaction/keepTurns', op: 'replace', value: 10, summary: 'Keeps two more turns' },
  ],
  runtime: [{ path: '/turns/max', op: 'replace', value: 95, summary: 'Slightly fewer turns' }],
  tools: [
    { path: '/builtin/read/outputBytes', op: 'replace', value: 12000, summary: 'A wider window for reading' },
  ],
  memory: [note('style', 'Short names are easier to read.')],
  skills: [skill('tidiness', 'Leave a tidy workspace.')],
  subagents: [
    {
      path: '/reader',
      value: { description: 'Reads long files.', instructions: 'Read what you are told to and sum it up.' },
      summary: 'A helper for reading',
    },
  ],
};

/** Well-formed edits that look plausible and do harm. */
export const harmful: Recipes = {
  instructions: [section('read-everything', 'Read every file completely before you write anything.')],
  rules: [
    rule('save-calls', 'before-tool', 'toolCalls >= 3', block('Enough calls were made. Finish now.')),
    rule('stop-on-errors', 'after-tool', 'toolErrors >= 1', { action: 'stop', message: 'A tool failed.' }),
  ],
  orchestration: [{ path: '/plan', op: 'replace', value: 'first', summary: 'A plan first' }],
  runtime: [{ path: '/toolCalls/max', op: 'replace', value: 3, summary: 'A tight limit on tool calls' }],
  tools: [
    {
      path: '/builtin/shell/enabled',
      op: 'replace',
      value: false,
      summary: 'File tools in place of the shell',
    },
  ],
  memory: [note('read-everything', 'Read every file completely before you write anything.')],
};
