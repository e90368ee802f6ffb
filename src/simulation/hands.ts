/** From a move to calls of the tools that a request offers, found by what their schemas take. */
import { type Dialogue, isObject, type OfferedTool } from './dialogue.js';
import type { Move } from './mind.js';

export interface Answer {
  text: string;
  calls: { id: string; name: string; arguments: string }[];
}

const shellNames =
  /^(shell|bash|sh|terminal|console|exec(ute)?(_?(command|bash|shell))?|run(_?(command|shell|bash))?|command|cmd)$/i;
const commandFields = /^(command|cmd|script|commands|code|input|bash)$/i;
const finishNames = /^(finish|done|submit|complete(_?task)?|final(_?answer)?|end|stop|exit|terminate)$/i;

/** The answer that makes this move; in words where no tool can. */
export function answerFor(move: Move, dialogue: Dialogue): Answer {
  const id = (n: number): string => `sim_${dialogue.base}_${dialogue.turns.length}_${n}`;
  if (move.kind === 'say') return { text: move.text, calls: [] };
  if (move.kind === 'finish') {
    const finish = dialogue.tools.find((tool) => finishNames.test(tool.name));
    if (!finish) return { text: move.message, calls: [] };
    return inMode(dialogue, '', [
      { id: id(0), name: finish.name, arguments: JSON.stringify(fill(finish, move.message)) },
    ]);
  }
  const shell = findShell(dialogue.tools);
  if (!shell) return { text: 'I have no tool that runs commands, so I cannot go on.', calls: [] };
  const calls = move.commands.map((command, n) => ({
    id: id(n),
    name: shell.name,
    arguments: JSON.stringify(fill(shell, command)),
  }));
  return inMode(dialogue, move.text ?? '', calls);
}

export function findShell(tools: OfferedTool[]): OfferedTool | undefined {
  const byField = (tool: OfferedTool): boolean => fields(tool).some(([name]) => commandFields.test(name));
  return tools.find((tool) => shellNames.test(tool.name)) ?? tools.find(byField);
}

/** Arguments with `main` in the field that is meant for it, and something harmless in whatever else is required. */
function fill(tool: OfferedTool, main: string): Record<string, unknown> {
  const all = fields(tool);
  const texts = all.filter(([, schema]) => schema.type === 'string' || schema.type === undefined);
  const field = (texts.find(([name]) => commandFields.test(name)) ?? texts[0])?.[0];
  const required = Array.isArray(tool.parameters.required) ? tool.parameters.required : [];
  const args: Record<string, unknown> = {};
  for (const [name, schema] of all) {
    if (name === field) args[name] = main;
    else if (required.includes(name)) args[name] = harmless(schema);
  }
  return args;
}

function harmless(schema: Record<string, unknown>): unknown {
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 30;
  if (schema.type === 'boolean') return false;
  if (schema.type === 'array') return [];
  return schema.type === 'object' ? {} : '';
}

function fields(tool: OfferedTool): [string, Record<string, unknown>][] {
  const properties = isObject(tool.parameters.properties) ? tool.parameters.properties : {};
  return Object.entries(properties).filter((entry): entry is [string, Record<string, unknown>] =>
    isObject(entry[1]),
  );
}

function inMode(dialogue: Dialogue, text: string, calls: Answer['calls']): Answer {
  if (dialogue.toolMode !== 'text') return { text, calls };
  const blocks = calls.map(
    (call) => `\`\`\`tool\n{"name": "${call.name}", "arguments": ${call.arguments}}\n\`\`\``,
  );
  return { text: [text, ...blocks].filter(Boolean).join('\n\n'), calls: [] };
}
