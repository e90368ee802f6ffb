import type { HarnessInput } from '../../src/harness/schema.js';
import { profiles } from '../../src/simulation/profiles.js';
import { explorer } from '../../src/simulation/weaknesses/explorer.js';
import { forgetter } from '../../src/simulation/weaknesses/forgetter.js';
import { optimist } from '../../src/simulation/weaknesses/optimist.js';
import { retrier } from '../../src/simulation/weaknesses/retrier.js';
import type { Weakness } from '../../src/simulation/weaknesses/types.js';
import { downloader, tagger, unprepared } from '../../src/simulation/weaknesses/unprepared.js';
import { always, Stage } from './play.js';
import { tinySuite } from './suite.js';

type Edit = Omit<HarnessInput, 'name'>;
type When = 'before-model' | 'before-tool' | 'after-tool' | 'before-finish';

const told = (text: string): Edit => ({ instructions: { added: { text } } });
const rule = (
  on: When,
  when: string,
  action: 'inject' | 'block' | 'refuse-finish',
  message: string,
): Edit => ({
  rules: { added: { on, when, do: [{ action, message }], limit: 5 } },
});

interface Case {
  weakness: Weakness;
  /** What its trace shows under the seed harness. */
  shows: (commands: string[]) => boolean;
  mends: Record<string, Edit>;
  /** Other changes of the same kind, sound in themselves. */
  leaves: Record<string, Edit>;
}

const cases: Case[] = [
  {
    weakness: explorer,
    shows: (commands) => commands.length >= 50 && commands.every((command) => !/>/.test(command)),
    mends: {
      'a word after many calls': rule(
        'before-model',
        'toolCalls == 20',
        'inject',
        'You have looked long enough. Write the output file now.',
      ),
      'a standing instruction': told(
        'Always put a first version of the result in place early, then refine it.',
      ),
      'a phase': {
        orchestration: {
          phases: { make: { afterToolCalls: 20, text: 'Now move from reading to building.' } },
        },
      },
      'a limit with time to deliver': {
        runtime: { toolCalls: { max: 40, onLimit: 'wrap-up' }, wrapUp: { turns: 10 } },
      },
      'a finish refused': rule(
        'before-finish',
        'artifacts.missing.size() > 0',
        'refuse-finish',
        'A required file is missing: create it before you end.',
      ),
    },
    leaves: {
      'no duplicates': rule('before-tool', 'call.identicalBefore > 0', 'block', 'That was run already.'),
      'a lasting environment': { tools: { builtin: { shell: { persistEnvironment: true } } } },
      'kind words': told('Take care with each step.'),
    },
  },
  {
    weakness: retrier,
    shows: (commands) =>
      new Set(commands).size <= commands.length - 3 && commands.at(-1)!.startsWith('rm -f'),
    mends: {
      'the duplicate blocked': rule(
        'before-tool',
        'call.identicalFailuresBefore > 0',
        'block',
        'An identical command failed before; do something else.',
      ),
      'told to make it again': rule(
        'after-tool',
        'artifacts.deleted.size() > 0',
        'inject',
        'You removed a required file. Restore it at once.',
      ),
      'a finish refused': rule(
        'before-finish',
        'artifacts.missing.size() > 0',
        'refuse-finish',
        'The output file is missing. Create it first.',
      ),
      'a standing instruction': told('When a command fails, never run the same command again unchanged.'),
    },
    leaves: {
      'a word on checks': rule('after-tool', '!result.ok', 'inject', 'Verify your results with a test.'),
      'a lasting environment': { tools: { builtin: { shell: { persistEnvironment: true } } } },
    },
  },
  {
    weakness: forgetter,
    shows: (commands) => commands.some((command) => /^export /.test(command)) && commands.length >= 6,
    mends: {
      'a lasting environment': { tools: { builtin: { shell: { persistEnvironment: true } } } },
      'a standing instruction': told(
        'Exported variables are gone in the next call: set PATH in the same call that needs it.',
      ),
      'a word after the error': rule(
        'after-tool',
        'result.exitCode == 127',
        'inject',
        'The environment of earlier calls is lost. Put the export into each command.',
      ),
    },
    leaves: {
      'a finish refused': rule(
        'before-finish',
        'artifacts.missing.size() > 0',
        'refuse-finish',
        'The output file is missing. Create it first.',
      ),
      'no duplicates': rule(
        'before-tool',
        'call.identicalFailuresBefore > 0',
        'block',
        'An identical command failed before.',
      ),
    },
  },
  {
    weakness: optimist,
    shows: (commands) => /check/.test(commands.at(-1)!),
    mends: {
      'a finish refused': rule(
        'before-finish',
        'consecutiveErrors > 0',
        'refuse-finish',
        'Your check fails. Repair it before you end.',
      ),
      'a standing instruction': told('Repair what a failing check finds, and finish only when it passes.'),
    },
    leaves: {
      'missing files': rule(
        'before-finish',
        'artifacts.missing.size() > 0',
        'refuse-finish',
        'The output file is missing. Create it first.',
      ),
      'a limit on exploring': told('Stop reading and start building after ten calls.'),
    },
  },
  {
    weakness: unprepared,
    shows: (commands) => commands.filter((command) => /^(mlr|xsv|datamash|csvtk) /.test(command)).length >= 3,
    mends: {
      'a standing instruction': told('Make sure that each program is installed before you use it.'),
      'a word after the error': rule(
        'after-tool',
        'result.exitCode == 127',
        'inject',
        'It is not installed. Use another tool that is available.',
      ),
    },
    leaves: {
      'no duplicates': rule(
        'before-tool',
        'call.identicalFailuresBefore > 0',
        'block',
        'An identical command failed before.',
      ),
    },
  },
  {
    weakness: downloader,
    shows: (commands) => commands.filter((command) => /^curl/.test(command)).length >= 3,
    mends: {
      'a call blocked': rule(
        'before-tool',
        'call.command.contains("curl")',
        'block',
        'Do not download anything; work with local tools instead.',
      ),
      'a standing instruction': told('Avoid downloads: there is no network.'),
    },
    leaves: { 'a word on artifacts': told('Create the required output file first.') },
  },
  {
    weakness: tagger,
    shows: (commands) => commands.filter((command) => command.startsWith('<')).length >= 3,
    mends: {
      'other words for the tool': {
        tools: {
          builtin: { shell: { description: 'Runs a bash command. Never wrap the command in tags.' } },
        },
      },
      'a word after the error': rule(
        'after-tool',
        '!result.ok',
        'inject',
        'That is malformed. Send the plain command without markup.',
      ),
    },
    leaves: { 'a lasting environment': { tools: { builtin: { shell: { persistEnvironment: true } } } } },
  },
];

const suite = tinySuite(5);
let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open(suite.dir, [...profiles, ...cases.map(({ weakness }) => always(weakness))]);
});
afterAll(async () => {
  await stage.close();
  suite.remove();
});

describe.each(cases)('$weakness.name', ({ weakness, shows, mends, leaves }) => {
  const play = (edit?: Edit) => stage.play(`sim-${weakness.name}`, 'count-files-4', 3, edit);

  test('fails in its own way under the seed harness', async () => {
    const { passed, commands } = await play();
    expect({ passed, shows: shows(commands) }).toEqual({ passed: false, shows: true });
  });
  test.each(Object.entries(mends))('mended by: %s', async (_name, edit) => {
    expect((await play(edit)).passed).toBe(true);
  });
  test.each(Object.entries(leaves))('not by: %s', async (_name, edit) => {
    expect((await play(edit)).passed).toBe(false);
  });
});

test('sim-steady passes what it can do and fails the rest, under any harness', async () => {
  const everything: Edit = {
    ...told(
      'Create the output file first. Repair failing checks before you finish. Never repeat a failing command.',
    ),
    rules: {
      missing: {
        on: 'before-finish',
        when: 'artifacts.missing.size() > 0',
        do: [{ action: 'refuse-finish', message: 'The output file is missing: create it.' }],
        limit: 2,
      },
      push: {
        on: 'before-model',
        when: 'toolCalls == 2',
        do: [{ action: 'inject', message: 'Deliver the result now.' }],
      },
    },
    tools: { builtin: { shell: { persistEnvironment: true } } },
  };
  const verdicts = async (edit?: Edit) => {
    const passed: boolean[] = [];
    for (const { name } of stage.suite.tasks)
      for (const seed of [1, 2, 3]) passed.push((await stage.play('sim-steady', name, seed, edit)).passed);
    return passed;
  };
  const before = await verdicts();
  expect(new Set(before)).toEqual(new Set([true, false]));
  expect(await verdicts(everything)).toEqual(before);
});

test('the same seed is the same trial; the tool calls may come as text', async () => {
  const one = await stage.play('sim-steady', 'count-files-2', 9);
  const two = await stage.play('sim-steady', 'count-files-2', 9);
  expect(two.commands).toEqual(one.commands);
  const asText = await stage.play('sim-steady', 'count-files-2', 9, {}, { tools: 'text' });
  expect(asText.commands).toEqual(one.commands);
  expect(asText.passed).toBe(one.passed);
});
