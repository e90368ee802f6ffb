/** The tools that a harness offers, as definitions for the model and as code that runs a call. */
import type { Harness } from '../harness/schema.js';
import type { ToolCall, ToolDefinition } from '../model/types.js';
import { SKILL } from './prompt.js';
import { clipEnd } from './text.js';
import { customTool, customToolProblem } from './tools/custom.js';
import { editTool, readTool, writeTool } from './tools/files.js';
import { listTool, searchTool } from './tools/find.js';
import { type ArgumentCheck, compileSchema } from './tools/schema.js';
import { shellTool } from './tools/shell.js';
import { type Arguments, malformed, succeeded, type Tool, type ToolOutcome } from './tools/types.js';

export const FINISH = 'finish';
const SUBAGENT = 'subagent';

export type Resolved =
  | { kind: 'tool'; tool: Tool; args: Arguments }
  | { kind: 'finish'; message: string }
  /** The call cannot be run; `outcome` says what was expected. */
  | { kind: 'malformed'; outcome: ToolOutcome };

export interface Toolset {
  definitions: ToolDefinition[];
  /** Custom tools that cannot be offered, and why. */
  problems: string[];
  resolve(call: ToolCall): Resolved;
}

/** Hands a task to a subagent of the harness. */
export type Delegate = (agent: string, task: string) => Promise<ToolOutcome>;

export function buildToolset(harness: Harness, delegate: Delegate): Toolset {
  const { builtin, custom } = harness.tools;
  const tools: Tool[] = [];
  if (builtin.shell.enabled) tools.push(shellTool(builtin.shell));
  if (builtin.read.enabled) tools.push(readTool(builtin.read));
  if (builtin.write.enabled) tools.push(writeTool(builtin.write));
  if (builtin.edit.enabled) tools.push(editTool(builtin.edit));
  if (builtin.list.enabled) tools.push(listTool(builtin.list));
  if (builtin.search.enabled) tools.push(searchTool(builtin.search));
  const problems: string[] = [];
  for (const [name, tool] of Object.entries(custom)) {
    const problem = customToolProblem(name, tool);
    if (problem === null) tools.push(customTool(name, tool));
    else problems.push(problem);
  }
  if (Object.keys(harness.skills).length > 0) tools.push(skillTool(harness.skills));
  if (Object.keys(harness.subagents).length > 0) tools.push(subagentTool(harness.subagents, delegate));

  const finish = finishDefinition(builtin.finish.description);
  const definitions = [...tools.map((tool) => tool.definition), finish];
  const byName = new Map(tools.map((tool) => [tool.definition.name, tool]));
  const checks = new Map<string, ArgumentCheck>();
  for (const { name, parameters } of definitions) checks.set(name, compileSchema(parameters));

  return {
    definitions,
    problems,
    resolve(call) {
      const check = checks.get(call.name);
      const definition = definitions.find(({ name }) => name === call.name);
      if (!check || !definition) return unknownTool(call.name, definitions);
      if (call.arguments === null) {
        return unusable(definition, call.problem ?? 'they are not a JSON object');
      }
      const args = { ...call.arguments };
      const problem = checkSafely(check, args);
      if (problem !== null) return unusable(definition, problem);
      const tool = byName.get(call.name);
      if (!tool) return { kind: 'finish', message: String(args.message ?? '') };
      return { kind: 'tool', tool, args };
    },
  };
}

/** Arguments nested deep enough to exhaust the stack are the model's mistake, not ours. */
function checkSafely(check: ArgumentCheck, args: Arguments): string | null {
  try {
    return check(args);
  } catch (error) {
    return clipEnd(`they could not be checked (${(error as Error).message})`, 300);
  }
}

function unknownTool(name: string, definitions: ToolDefinition[]): Resolved {
  const known = definitions.map((definition) => definition.name).join(', ');
  const content = `There is no tool "${clipEnd(name, 100)}". The tools are: ${known}.`;
  return { kind: 'malformed', outcome: malformed(content, `unknown tool ${clipEnd(name, 100)}`) };
}

function unusable(definition: ToolDefinition, problem: string): Resolved {
  const content = `The arguments of ${definition.name} cannot be used: ${problem}. Expected a JSON object with ${signature(definition)}.`;
  return { kind: 'malformed', outcome: malformed(content, clipEnd(problem, 500)) };
}

function signature({ parameters }: ToolDefinition): string {
  const required = Array.isArray(parameters.required) ? parameters.required : [];
  const properties = Object.entries((parameters.properties ?? {}) as Record<string, { type?: unknown }>);
  const fields = properties.map(([name, property]) => {
    const type = typeof property?.type === 'string' ? property.type : 'any';
    return `${name} (${type}${required.includes(name) ? '' : ', optional'})`;
  });
  return clipEnd(fields.join(', ') || 'no fields', 1000);
}

function finishDefinition(description: string): ToolDefinition {
  return {
    name: FINISH,
    description: description || 'Ends the task. Call it when everything that was asked for is done.',
    parameters: {
      type: 'object',
      properties: { message: { type: 'string', description: 'What was done, in a few words.' } },
    },
  };
}

function skillTool(skills: Harness['skills']): Tool {
  return {
    definition: {
      name: SKILL,
      description: 'Shows a skill in full.',
      parameters: {
        type: 'object',
        properties: { name: { type: 'string', enum: Object.keys(skills), description: 'The skill.' } },
        required: ['name'],
        additionalProperties: false,
      },
    },
    runsCommands: false,
    facts: () => ({ command: '', path: '' }),
    run: async (args) => succeeded(skills[args.name as string]!.body),
  };
}

function subagentTool(subagents: Harness['subagents'], delegate: Delegate): Tool {
  const list = Object.entries(subagents).map(([name, agent]) => `- ${name}: ${agent.description}`);
  return {
    definition: {
      name: SUBAGENT,
      description: `Hands a task to a helper, which works in the same sandbox and answers with what it found or did. It knows nothing of this conversation. Helpers:\n${list.join('\n')}`,
      parameters: {
        type: 'object',
        properties: {
          name: { type: 'string', enum: Object.keys(subagents), description: 'The helper.' },
          task: { type: 'string', minLength: 1, description: 'Everything that it has to know.' },
        },
        required: ['name', 'task'],
        additionalProperties: false,
      },
    },
    runsCommands: true,
    facts: () => ({ command: '', path: '' }),
    run: (args) => delegate(args.name as string, args.task as string),
  };
}
