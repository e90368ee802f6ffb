/** What a proposer can write into a surface: from the harness schema and the table of rule variables, so never out of date. */
import { harnessJsonSchema } from '../harness/json-schema.js';
import { RULE_FUNCTIONS, RULE_VARIABLES } from '../harness/rule-variables.js';
import type { HarnessInput, Surface } from '../harness/schema.js';

/** Places in each surface, as JSON Pointers; `<...>` stands for a name. */
const PLACES: Record<Surface, string> = {
  instructions: '/instructions/<section>, /instructions/<section>/text',
  tools: '/tools/builtin/<tool>/<field>, /tools/custom/<tool>',
  memory: '/memory/notes/<note>, /memory/files/<file>',
  skills: '/skills/<skill>, /skills/<skill>/body',
  subagents: '/subagents/<subagent>, /subagents/<subagent>/instructions',
  orchestration:
    '/orchestration/plan, /orchestration/phases/<phase>, /orchestration/checks/<check>, /orchestration/artifacts/paths/<artifact>',
  runtime: '/runtime/<limit>/max, /runtime/<limit>/onLimit, /runtime/wrapUp/text',
  rules: '/rules/<rule>, /rules/<rule>/when',
  files: '/files/<path with each "/" written as "~1">',
};

/** Places, JSON Schema and, for rules, the language of conditions. */
export function surfaceReference(surface: Surface): string {
  const schema = harnessJsonSchema().properties?.[surface] ?? {};
  const parts = [
    `Surface "${surface}". ${schema.description ?? ''}`,
    `Places: ${PLACES[surface]}. Names are lower-case letters, digits and dashes.`,
    `JSON Schema: ${JSON.stringify(schema)}`,
  ];
  return (surface === 'rules' ? [...parts, ruleLanguage()] : parts).join('\n');
}

/** Shows the form only: a rule with this condition never acts. */
const RULE_FORM: HarnessInput['rules'] = {
  example: { on: 'after-tool', when: 'toolCalls < 0', limit: 1, do: [{ action: 'inject', message: 'text' }] },
};

function ruleLanguage(): string {
  const variables = Object.entries(RULE_VARIABLES).map(
    ([name, { type, meaning, events }]) =>
      `- ${name}: ${type}. ${meaning}${events === 'all' ? '' : ` Only at ${events.join(', ')}.`}`,
  );
  const functions = Object.entries(RULE_FUNCTIONS).map(([name, meaning]) => `- ${name}: ${meaning}`);
  return [
    'A rule acts on its event when `when`, a CEL expression of type bool, holds. Variables:',
    ...variables,
    'Operators: && || ! == != < <= > >= + - * / % in ?:. Functions:',
    ...functions,
    `The form of a rule: ${JSON.stringify(RULE_FORM)}`,
  ].join('\n');
}
