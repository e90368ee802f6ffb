/** The surface `tools`: the built-in tools and those of the harness itself. */
import { z } from 'zod';
import { jsonObject, key, keyed, seconds, text } from './fields.js';

export const BUILTIN_TOOLS = ['shell', 'read', 'write', 'edit', 'list', 'search', 'finish'] as const;
export type BuiltinTool = (typeof BUILTIN_TOOLS)[number];

/** Names that a custom tool cannot have: the built-in ones, and those by which skills and subagents are called. */
const RESERVED_TOOL_NAMES: readonly string[] = [...BUILTIN_TOOLS, 'skill', 'subagent'];

const description = text(2000)
  .default('')
  .describe('What the model is told of the tool; empty: the built-in wording.');
const builtin = {
  enabled: z.boolean().default(true).describe('Whether the model is offered this tool.'),
  description,
};
const outputBytes = z
  .number()
  .int()
  .min(256)
  .max(200_000)
  .default(10_000)
  .describe('Bytes of output shown to the model; longer output keeps its head and tail.');

const shell = z.strictObject({
  ...builtin,
  timeoutSeconds: seconds(3600).default(120).describe('Seconds after which a command is killed.'),
  outputBytes,
  persistEnvironment: z
    .boolean()
    .default(false)
    .describe('Whether working directory, variables and PATH of one call are still there in the next.'),
});

const customTool = z
  .strictObject({
    description: text(2000).describe('What the model is told of the tool.'),
    parameters: jsonObject
      .refine((schema) => schema.type === 'object', 'a JSON Schema with type: object')
      .refine((schema) => isObject(schema.properties ?? {}), 'properties that are an object')
      .default({ type: 'object', properties: {} })
      .describe('JSON Schema (an object) of the arguments.'),
    command: text(4000)
      .min(1)
      .describe('Shell command; {{name}} is replaced by that argument, quoted for the shell.'),
    timeoutSeconds: seconds(3600).default(120).describe('Seconds after which the command is killed.'),
  })
  .superRefine((tool, context) => {
    const known = Object.keys(isObject(tool.parameters.properties) ? tool.parameters.properties : {});
    for (const [placeholder, name] of tool.command.matchAll(/\{\{([^{}]*)\}\}/g)) {
      if (known.includes(name!)) continue;
      context.addIssue({
        code: 'custom',
        path: ['command'],
        message: `only placeholders of declared parameters (${known.join(', ') || 'none'}), not ${placeholder}`,
      });
    }
  });

export const toolsSchema = z.strictObject({
  builtin: z
    .strictObject({
      shell: shell.prefault({}).describe('Runs a command in the sandbox with bash.'),
      read: z
        .strictObject({ ...builtin, outputBytes })
        .prefault({})
        .describe('Reads a text file, whole or a window of lines.'),
      write: z.strictObject(builtin).prefault({}).describe('Creates a file or replaces its whole content.'),
      edit: z.strictObject(builtin).prefault({}).describe('Replaces one exact piece of text in a file.'),
      list: z
        .strictObject({ ...builtin, outputBytes })
        .prefault({})
        .describe('Lists a directory.'),
      search: z
        .strictObject({ ...builtin, outputBytes })
        .prefault({})
        .describe('Finds lines in files by a regular expression.'),
      finish: z.strictObject({ description }).prefault({}).describe('Ends the task. Always offered.'),
    })
    .prefault({})
    .describe('The seven tools that every harness has.'),
  custom: keyed(
    key.refine((name) => !RESERVED_TOOL_NAMES.includes(name), 'a name that no other tool has'),
    customTool,
  )
    .default({})
    .describe('Tools of the harness: a command template run in the sandbox.'),
});

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
