/** What a proposer is asked. Templates only: everything that varies comes in as an argument, already bounded and cleaned. */
import { DATA_NOTICE, dataBlock } from '../mining/text.js';

export interface ProposalMaterial {
  /** self: the model that the agent runs on; meta: another one. */
  role: 'self' | 'meta';
  /** The harness's instructions, as JSON. */
  instructions: string;
  /** All weaknesses of the round in short, as JSON. */
  weaknesses: string;
  /** The assigned one in full, as JSON. */
  assigned: string;
  protect: string[];
  /** Earlier attempts, as JSON. */
  earlier: string;
  /** The surfaces that may be edited. */
  surfaces: { name: string; content: string; reference: string }[];
  /** Settings outside of them that they depend on, as JSON; '': none. */
  beside: string;
}

const WHO = {
  self: 'You are the model that the agent runs on: you improve your own harness, from your own failures.',
  meta: 'The agent runs on another model than you: you improve its harness, from its failures.',
};

export function proposalSystem(role: ProposalMaterial['role']): string {
  return `You improve the harness of a tool-using agent: its prompts, tools, memory, rules and limits. The model, the tasks and their verification stay as they are. ${WHO[role]}
${DATA_NOTICE}
You propose one small edit that acts on one weakness and would help on tasks that nobody has seen yet. Do not name or describe particular tasks, files or answers: an edit that is fitted to a task is refused. The edit is measured on fresh runs; it is kept only if it helps and breaks nothing. Where no edit of the given surfaces is likely to help, decline: that is a good answer too.`;
}

export function proposalPrompt(material: ProposalMaterial): string {
  const names = material.surfaces.map(({ name }) => name);
  return `How the agent is instructed now:
${dataBlock('instructions', material.instructions)}

Weaknesses found in this round's failed runs:
${dataBlock('weaknesses', material.weaknesses)}

Your weakness, with excerpts of what the agent did ("$" a command, "=>" how it ended):
${dataBlock('assigned-weakness', material.assigned)}

What passing runs do, and the edit must not break:
${material.protect.length > 0 ? material.protect.map((line) => `- ${line}`).join('\n') : '- nothing is known'}

What was tried before, with the mean change of its tasks' pass rate where it was measured:
${dataBlock('earlier-attempts', material.earlier)}

You may edit ${names.length === 1 ? `the surface "${names[0]}"` : `one of these surfaces, preferably the first: ${names.join(', ')}`}. What ${names.length === 1 ? 'it holds' : 'they hold'} now, and what can be written there:
${material.surfaces.map((surface) => `${dataBlock(`surface-${surface.name}`, surface.content)}\n${surface.reference}`).join('\n\n')}
${material.beside === '' ? '' : `\nNot yours to edit, but rules depend on it: what counts as declared artifact and as check now.\n${dataBlock('orchestration', material.beside)}\n`}
Answer with one JSON object and nothing else:
- decision: "propose" or "decline".
- reason: why this edit, or why none; one or two sentences.
- surface: the one surface that you edit${names.length === 1 ? `: "${names[0]}"` : ''}.
- operations: JSON Patch operations (RFC 6902), each {"op": "add" | "replace" | "remove", "path": JSON Pointer, "value_json": the value as JSON text}. For "remove" value_json is "". As few as possible; [] when you decline. A value that is an object is written like {"op": "add", "path": "/${names[0]}/example", "value_json": "{\\"field\\": \\"text\\"}"}.
- summary: the edit in one line.
- mechanism: how it acts on the weakness.
- expected_effect: what should change in runs.
- regression_risk: what it could break.`;
}

export function repairPrompt(problem: string): string {
  return `That answer cannot be used:
${problem}
Answer again with the whole JSON object, mended; or decline.`;
}
