/** The reference of the harness format (`docs/harness.md`), written from the schema and the table of rule variables. */
import { harnessJsonSchema, type JsonSchema } from './json-schema.js';
import { MAX_LIST, MAX_STRING, RULE_FUNCTIONS, RULE_VARIABLES } from './rule-variables.js';
import { RULE_EVENTS, type RuleEvent, SURFACES } from './schema.js';

const EVENTS: Record<RuleEvent, string> = {
  start: 'Once, before the model is asked for the first time.',
  'before-model': 'Before each request to the model.',
  'before-tool': 'Before each tool call: it can be blocked.',
  'after-tool': 'After each tool call that was run.',
  'before-finish': 'When the model wants to end the task: it can be refused.',
};

/** Rules that the reference shows, as a part of a document; a test holds that they validate. */
export const WORKED_RULES = `rules:
  # Explores on and on: after 50 calls, say once that it is time to deliver.
  loop-breaker:
    on: before-model
    when: toolCalls >= 50 && size(artifacts.missing) > 0
    do:
      - action: inject
        message: 50 calls are used and a required file is missing. Write it now, from what you know.
    limit: 1

  # Repeats what has just failed: refuse the exact repeat, until some other call has succeeded.
  no-duplicates:
    on: before-tool
    when: call.tool == 'shell' && call.repeatsLastFailure && consecutiveErrors > 0
    do:
      - action: block
        message: This command has just failed and nothing has changed since. Read its error and change something.

  # Finishes although its own check failed: refuse, at most three times.
  repair-first:
    on: before-finish
    when: check.ran && !check.passed
    do:
      - action: refuse-finish
        message: Your latest check failed. Repair what it reports and run it again.
    limit: 3

# What counts as a check for the last one.
orchestration:
  checks:
    scripts:
      match: (^|/)check[a-z-]*[.]sh
`;

/** The whole page, in Markdown. */
export function harnessReference(): string {
  const schema = harnessJsonSchema();
  const fields = schema.properties ?? {};
  return [
    INTRODUCTION,
    '## The document',
    table(
      ['field', 'type', 'default', 'meaning'],
      ['schemaVersion', 'name', 'description'].map((name) => fieldRow(name, fields[name]!)),
    ),
    ...SURFACES.flatMap((surface) => [`## ${surface}`, ...surfaceSection(surface, fields[surface]!)]),
    EDITS,
  ].join('\n\n');
}

function surfaceSection(surface: string, node: JsonSchema): string[] {
  const section = [
    node.description ?? '',
    table(['field', 'type', 'default', 'meaning'], fieldRows(surface, node)),
  ];
  return surface === 'rules' ? [...section, ...ruleSection(node)] : section;
}

function ruleSection(rules: JsonSchema): string[] {
  const rule = rules.additionalProperties as JsonSchema;
  const actions = rule.properties?.do?.items?.oneOf ?? [];
  return [
    '### Events',
    table(
      ['event', 'when'],
      RULE_EVENTS.map((event) => [code(event), EVENTS[event]]),
    ),
    '### Actions',
    table(
      ['action', 'does', 'fields'],
      actions.map((action) => {
        const { action: name, ...fields } = action.properties ?? {};
        const described = Object.entries(fields).map(
          ([field, node]) => `${code(field)}: ${node.description}`,
        );
        return [code(String(name?.const)), action.description ?? '', described.join(' ')];
      }),
    ),
    RULES,
    '### Variables',
    table(
      ['variable', 'type', 'meaning', 'events'],
      Object.entries(RULE_VARIABLES).map(([path, { type, meaning, events }]) => [
        code(path),
        code(type),
        meaning,
        events === 'all' ? 'all' : events.map(code).join(', '),
      ]),
    ),
    '### Functions',
    'Besides the operators of CEL (`&&`, `||`, `!`, `==`, `<`, `+`, `in`, `? :`, ...):',
    table(
      ['function', 'gives'],
      Object.entries(RULE_FUNCTIONS).map(([name, meaning]) => [code(name), meaning]),
    ),
    '### Worked rules',
    `\`\`\`yaml\n${WORKED_RULES}\`\`\``,
  ];
}

/** A row for each field under a node, groups before what is in them. */
function fieldRows(path: string, node: JsonSchema): string[][] {
  const inner = Object.entries(node.properties ?? {}).map(
    ([name, field]) => [`${path}.${name}`, field] as const,
  );
  const named = typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined;
  if (named !== undefined && !isFreeJson(node)) inner.push([`${path}.<${keyName(node)}>`, named]);
  return inner.flatMap(([name, field]) => [
    ...(isPlainGroup(name, field) ? [] : [fieldRow(name, field)]),
    ...fieldRows(name, field),
  ]);
}

/** The fields of `rules.<name>` say all there is; a row for the name itself would be empty. */
function isPlainGroup(path: string, node: JsonSchema): boolean {
  return path.endsWith('>') && node.properties !== undefined;
}

function fieldRow(path: string, node: JsonSchema): string[] {
  return [code(path), typeName(node), defaultText(node), node.description ?? ''];
}

function defaultText(node: JsonSchema): string {
  if (!('default' in node))
    return node.properties === undefined && node.additionalProperties === undefined ? 'required' : '';
  const text = JSON.stringify(node.default);
  return text === '{}' ? '' : code(text);
}

function typeName(node: JsonSchema): string {
  if ('const' in node) return code(JSON.stringify(node.const));
  if (Array.isArray(node.enum)) return node.enum.map((value) => code(String(value))).join(', ');
  const choices = node.anyOf as JsonSchema[] | undefined;
  if (choices !== undefined) return choices.map(typeName).join(' or ');
  switch (node.type) {
    case 'string':
      return `text${node.maxLength === undefined ? '' : `, at most ${node.maxLength}`}`;
    case 'integer':
    case 'number':
      return `${node.type === 'integer' ? 'whole number' : 'number'}, ${range(node)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `list of ${node.minItems} to ${node.maxItems}`;
    case 'null':
      return 'null';
    default:
      return isFreeJson(node) ? 'JSON object' : node.properties === undefined ? 'map by name' : 'group';
  }
}

function range({ type, minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  if (exclusiveMinimum === undefined) return `${minimum} to ${maximum}`;
  return type === 'integer'
    ? `${Number(exclusiveMinimum) + 1} to ${maximum}`
    : `above ${exclusiveMinimum}, at most ${maximum}`;
}

/** A map whose values are any JSON, such as a tool's parameters. */
function isFreeJson(node: JsonSchema): boolean {
  return typeof node.additionalProperties === 'object' && '$ref' in node.additionalProperties;
}

function keyName(node: JsonSchema): string {
  const names = node.propertyNames as { pattern?: string } | undefined;
  return names?.pattern?.startsWith('^\\/') ? 'path' : 'name';
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const INTRODUCTION = `# The harness document

<!-- Written by scripts/docs.mjs from the schema in src/harness. Change it there, then run \`npm run docs\`. -->

A harness is everything that says how a fixed model is run, as one YAML (or JSON) document. It is data: nothing in it is
executed outside the sandbox, and every limit in it can only tighten those of the run.

Every field but \`name\` has a default. Fields that are not listed here are refused, and so is a document with an alias, with
control characters in a text, or of more than 500,000 bytes. Maps by name hold at most 64 entries, each named by lower-case
letters, digits and dashes. \`harness.schema.json\` beside this page is the same format as JSON Schema; with

\`\`\`yaml
# yaml-language-server: $schema=docs/harness.schema.json
\`\`\`

at the top of a file, editors complete and check it.

A harness is named by its digest: the SHA-256 of the RFC 8785 canonical JSON of the validated document, with all defaults
filled in. The order of keys does not matter, and comments do not count.`;

const RULES = `### How rules act

At an event, the rules \`on\` it are asked in their order, all about the same moment: none sees what another one did. Where
\`when\` holds and neither \`limit\` nor \`cooldown\` forbids it, the rule acts.

\`when\` is an expression in [CEL](https://cel.dev) of type bool. It is parsed and type-checked when the harness is loaded, and
refused with its place if it is wrong. What fails while running, such as a division by zero, is recorded in the trace and
skipped; it never ends a run. \`int\` and \`double\` compare with each other but do not mix in arithmetic.

Cost is bounded: at most 300 nodes, no comprehension inside another one, no joined lists, no maps, patterns in RE2 syntax and
literal. Of a text longer than ${MAX_STRING} characters, and of a list of more than ${MAX_LIST} entries, rules see the first and the last half.`;

const EDITS = `## Edits, diffs and merges

An edit is an RFC 6902 JSON Patch (\`add\`, \`replace\`, \`remove\`, \`test\`; at most 16 operations and 16 KB) whose paths all lie in
one surface. It is applied wholly or not at all, and the result must validate. It is refused when it changes nothing, leads to
a harness that was tried already, names a task of the suite or quotes its texts.

Edits merge when the places that they change are disjoint or they agree on them. Of two that conflict, the one with less
evidence is dropped, with the reason.
`;
