/** Tools of the harness: a command template, its arguments checked by their schema and quoted for the shell. */
import type { Harness } from '../../harness/schema.js';
import { shellQuote } from '../text.js';
import { compileSchema } from './schema.js';
import { commandOutcome } from './shell.js';
import { type Arguments, malformed, type Tool } from './types.js';

const OUTPUT_BYTES = 10_000;
const MAX_COMMAND = 100_000;
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

type CustomTool = Harness['tools']['custom'][string];

/**
 * The command with every `{{name}}` replaced, in one pass, by that argument as one word of the shell: text as it is, numbers and
 * booleans in decimal or words, anything else as JSON, an absent argument as the empty word.
 */
export function renderCommand(template: string, args: Arguments): string {
  return template.replace(PLACEHOLDER, (_, name: string) => {
    const value = Object.hasOwn(args, name) ? args[name] : undefined;
    if (value === undefined || value === null) return "''";
    return shellQuote(typeof value === 'object' ? JSON.stringify(value) : String(value));
  });
}

export function customTool(name: string, tool: CustomTool): Tool {
  return {
    definition: { name, description: tool.description, parameters: tool.parameters },
    runsCommands: true,
    facts: (args) => ({ command: renderCommand(tool.command, args), path: '' }),
    async run(args, context) {
      const command = renderCommand(tool.command, args);
      if (command.includes('\0')) {
        return malformed('An argument holds a NUL character, which no command can.', 'NUL in argument');
      }
      if (command.length > MAX_COMMAND) {
        return malformed(
          `The command would have ${command.length} characters; expected at most ${MAX_COMMAND}.`,
          'arguments too long',
        );
      }
      const { timeoutSeconds } = tool;
      const result = await context.exec(command, { timeoutSeconds, outputBytes: OUTPUT_BYTES });
      return commandOutcome(result, timeoutSeconds);
    },
  };
}

/** Why a custom tool cannot be offered, with its place; null: it can. */
export function customToolProblem(name: string, tool: CustomTool): string | null {
  try {
    compileSchema(tool.parameters);
    return null;
  } catch (error) {
    return `tools.custom.${name}.parameters: ${(error as Error).message}`;
  }
}
