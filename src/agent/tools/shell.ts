import type { Harness } from '../../harness/schema.js';
import type { ExecResult } from '../../sandbox/types.js';
import { failed, malformed, succeeded, type Tool, type ToolOutcome } from './types.js';

/** The outcome of a command: its output, and how it ended in the last line. */
export function commandOutcome(result: ExecResult, timeoutSeconds: number): ToolOutcome {
  const ending = result.timedOut
    ? `[killed after the time limit of ${timeoutSeconds} s; exit code ${result.exitCode}]`
    : `[exit code ${result.exitCode}]`;
  const output = result.output === '' || result.output.endsWith('\n') ? result.output : `${result.output}\n`;
  const details = {
    exitCode: result.exitCode,
    timedOut: result.timedOut,
    omittedBytes: result.omittedBytes,
  };
  const ok = result.exitCode === 0 && !result.timedOut;
  return (ok ? succeeded : failed)(`${output}${ending}`, details);
}

export function shellTool(settings: Harness['tools']['builtin']['shell']): Tool {
  const { timeoutSeconds, outputBytes, persistEnvironment } = settings;
  const memory = persistEnvironment
    ? 'Working directory and variables are kept from call to call.'
    : 'Each call starts in the working directory with a fresh environment; files and background processes stay.';
  return {
    definition: {
      name: 'shell',
      description:
        settings.description ||
        `Runs a command with bash and returns its output and exit code. It is killed after ${timeoutSeconds} s. ${memory}`,
      parameters: {
        type: 'object',
        properties: { command: { type: 'string', minLength: 1, description: 'The command.' } },
        required: ['command'],
        additionalProperties: false,
      },
    },
    runsCommands: true,
    facts: (args) => ({ command: String(args.command ?? ''), path: '' }),
    async run(args, context) {
      const command = args.command as string;
      if (command.includes('\0')) {
        return malformed('The command holds a NUL character, which no command can.', 'NUL in command');
      }
      const result = await context.exec(command, {
        timeoutSeconds,
        outputBytes,
        ...(persistEnvironment ? { persist: true } : {}),
      });
      return commandOutcome(result, timeoutSeconds);
    },
  };
}
