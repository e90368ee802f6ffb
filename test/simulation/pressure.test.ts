import { type Pressure, pressuresIn } from '../../src/simulation/pressure.js';

const said = (text: string, standing = false) => [...pressuresIn(text, standing)];

test.each<[Pressure, string[]]>([
  [
    'deliver',
    [
      'Create the required artifact first, then improve it.',
      'You have used many calls. Write the output file now!',
      'A declared file is missing: /app/x. Produce it before you finish.',
      'A limit of this run is reached. Deliver now what the task asks for, then finish.',
      'Always put a first version of the deliverable in place early.',
    ],
  ],
  [
    'stop-exploring',
    [
      'Stop reading and start building.',
      'Move from exploration to implementation.',
      'Limit your exploration to ten calls.',
    ],
  ],
  [
    'no-repeat',
    [
      'Never run the same failing command twice.',
      'This call is blocked: an identical command failed before.',
      'Do not repeat a command that failed; change something.',
    ],
  ],
  [
    'recreate',
    [
      'If you delete a required file, restore it at once.',
      'The artifact /app/x was removed. Recreate it immediately.',
    ],
  ],
  [
    'environment',
    [
      'Set PATH again in every call that needs it.',
      'Variables do not persist between calls: export them in each command.',
      'Use absolute paths, since the working directory is not kept.',
    ],
  ],
  [
    'repair-check',
    [
      'Repair failed checks before you finish.',
      'Do not conclude while a test fails.',
      'Finish refused: your check did not pass, fix it first.',
    ],
  ],
  [
    'dependencies',
    [
      'Check that the programs you need are installed before you use them.',
      'Before you start, verify with command -v that each tool exists.',
    ],
  ],
  ['plain-content', ['Never put XML tags around a command.', 'Send the plain command.']],
  [
    'follow-references',
    [
      'If a document is superseded, read the one that replaces it.',
      'Look the rules up in the index of the documentation before you commit.',
      'This page is a stub: go to the place that it names.',
      'Always follow pointers to another page.',
    ],
  ],
  ['fixed-place', ['Take the conventions from CONTRIBUTING.md.', 'The rules must be read in README.md.']],
  [
    'bound-outside',
    ['Do not wait for downloads; use local tools instead.', 'Bound long computation with a timeout.'],
  ],
])('%s is understood in many wordings', (pressure, texts) => {
  for (const text of texts)
    expect({ text, said: said(text) }).toEqual({ text, said: expect.arrayContaining([pressure]) });
});

test('statements and the general advice of a minimal prompt press for nothing', () => {
  const minimal = [
    'You work on one task in a terminal environment.',
    'Inspect, edit and verify with the shell and file tools.',
    'Assume no file, tool or service that you have not found.',
    'Look at the working directory before you begin.',
    'Work in small steps, each based on what the last one showed.',
    'Check the result against the task before you finish.',
    'When a step fails, read its error and try another way.',
    'Each call starts in the working directory with a fresh environment; files and background processes stay.',
    'Ends the task. Call it when everything that was asked for is done.',
    'Runs a command with bash and returns its output and exit code. It is killed after 120 s.',
    'Creates a file or replaces its whole content.',
    'Replaces one piece of text in a file. old_text has to occur in it exactly once, character by character.',
  ].join('\n');
  expect(said(minimal, true)).toEqual([]);
  expect(said('Working directory: /app', true)).toEqual([]);
});

test('what is said at the moment counts where a standing instruction would be too vague', () => {
  const text = 'That failed. Try a different approach.';
  expect(said(text)).toContain('no-repeat');
  expect(said(text, true)).not.toContain('no-repeat');
});
