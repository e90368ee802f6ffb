/**
 * The harness document: everything that says how a fixed model is run. Data only, never code that has to be trusted.
 *
 * Keyed maps instead of lists, so that independent edits touch different JSON paths, merge, and diff line by line.
 * Published as JSON Schema by `npm run docs`; every `.describe` below is what editors and `docs/harness.md` show.
 * The message of a refinement says what was expected.
 */
import { z } from 'zod';
import { key, keyed, order, sandboxPath, text } from './fields.js';
import { RULE_EVENTS, type RuleAction, type RuleEvent, ruleSchema } from './rule-schema.js';
import { BUILTIN_TOOLS, type BuiltinTool, toolsSchema } from './tool-schema.js';

export { BUILTIN_TOOLS, type BuiltinTool, RULE_EVENTS, type RuleAction, type RuleEvent };

export const SURFACES = [
  'instructions',
  'tools',
  'memory',
  'skills',
  'subagents',
  'orchestration',
  'runtime',
  'rules',
  'files',
] as const;
/** One editable part of a harness: a top-level key of the document. */
export type Surface = (typeof SURFACES)[number];

const section = z.strictObject({
  order: order.describe('Place among the sections; lower comes first, equal orders go by name.'),
  text: text(8000).describe('The text, as the model reads it.'),
});

const memory = z.strictObject({
  files: keyed(
    key,
    z.strictObject({
      path: sandboxPath.describe('File in the sandbox, loaded at the start if it is there.'),
      maxBytes: z.number().int().min(256).max(64_000).default(16_000).describe('Bytes of it that are shown.'),
    }),
  )
    .default({})
    .describe('Workspace files that are put before the model at the start.'),
  notes: keyed(key, text(4000).describe('One note.'))
    .default({})
    .describe('Notes that the harness itself carries from task to task.'),
});

const skill = z.strictObject({
  description: text(500).describe('One sentence: when to use it. Always shown.'),
  body: text(16_000).describe('The whole text; read by the model on demand.'),
});

const subagent = z.strictObject({
  description: text(500).describe('One sentence: what to hand to it. Always shown.'),
  instructions: text(8000).describe('Its own system prompt.'),
  tools: z
    .partialRecord(z.enum(BUILTIN_TOOLS), z.literal(true).describe('It is offered; leave it out otherwise.'))
    .default({ shell: true, read: true, list: true, search: true })
    .describe('The built-in tools it is offered besides finish.'),
  turns: z.number().int().min(1).max(200).default(20).describe('Model answers it may take for one call.'),
});

const orchestration = z.strictObject({
  plan: z
    .enum(['off', 'first'])
    .default('off')
    .describe('first: the model is asked for a plan in words before it is offered tools.'),
  phases: keyed(
    key,
    z.strictObject({
      afterToolCalls: z
        .number()
        .int()
        .min(0)
        .max(10_000)
        .describe('Tool calls after which the phase begins.'),
      text: text(4000).describe('Message put before the model when the phase begins.'),
    }),
  )
    .default({})
    .describe('Phases of work, each announced once by a message.'),
  artifacts: z
    .strictObject({
      source: z
        .enum(['off', 'instruction'])
        .default('instruction')
        .describe(
          'instruction: absolute paths that the task names and that are not there at the start count as declared.',
        ),
      paths: keyed(key, sandboxPath.describe('One path.'))
        .default({})
        .describe('Paths that every task must leave behind.'),
    })
    .prefault({})
    .describe(
      'Which files count as declared artifacts: `artifacts.declared` and `artifacts.missing` in rules.',
    ),
  checks: keyed(
    key,
    z.strictObject({
      match: text(300).describe('RE2 regular expression; a shell command that it matches counts as a check.'),
    }),
  )
    .default({})
    .describe('Which shell commands of the model count as checks: `check` in rules.'),
  compaction: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe('Whether old turns are summarised before the context overflows.'),
      triggerTokens: z
        .number()
        .int()
        .min(2000)
        .max(2_000_000)
        .default(100_000)
        .describe('Estimated prompt tokens from which older turns are condensed.'),
      keepTurns: z
        .number()
        .int()
        .min(1)
        .max(100)
        .default(8)
        .describe('Latest turns that are kept word for word.'),
    })
    .prefault({})
    .describe('What happens when the context fills up.'),
});

const limit = (max: number, what: string) =>
  z
    .strictObject({
      max: z
        .number()
        .int()
        .positive()
        .max(max)
        .nullable()
        .default(null)
        .describe(`${what}; null: only the contract's limit.`),
      onLimit: z
        .enum(['stop', 'wrap-up'])
        .default('stop')
        .describe('stop: end at once; wrap-up: one last message that says so, and a few turns to deliver.'),
    })
    .prefault({})
    .describe(`${what}, and what to do when they are used up.`);

const runtime = z.strictObject({
  turns: limit(10_000, 'Answers of the model'),
  toolCalls: limit(100_000, 'Tool calls'),
  tokens: limit(1_000_000_000, 'Tokens, prompt and completion together'),
  wallSeconds: limit(86_400, 'Seconds of wall time'),
  wrapUp: z
    .strictObject({
      turns: z
        .number()
        .int()
        .min(1)
        .max(50)
        .default(5)
        .describe('Turns that are left after a limit with wrap-up.'),
      text: text(2000)
        .default('A limit of this run is reached. Deliver now what the task asks for, then finish.')
        .describe('The message that announces it.'),
    })
    .prefault({})
    .describe('The end phase of a limit with onLimit: wrap-up.'),
});

export const harnessSchema = z.strictObject({
  schemaVersion: z.literal(1).default(1).describe('Version of this format.'),
  name: key.describe('Name for people; the digest is the identity.'),
  description: text(2000).default('').describe('What this harness is for.'),
  instructions: keyed(key, section).default({}).describe('The system prompt, as named sections in order.'),
  tools: toolsSchema.prefault({}).describe('What the model can call.'),
  memory: memory.prefault({}).describe('What the model knows before it starts.'),
  skills: keyed(key, skill).default({}).describe('Know-how shown as a list and read on demand.'),
  subagents: keyed(key, subagent)
    .default({})
    .describe('Helpers with their own context, called through a tool.'),
  orchestration: orchestration.prefault({}).describe('How the work is ordered.'),
  runtime: runtime
    .prefault({})
    .describe('Limits, and what to do at each. They only ever tighten the contract.'),
  rules: keyed(key, ruleSchema)
    .default({})
    .describe('Executable policies: on an event, when a condition holds, act.'),
  files: keyed(sandboxPath, z.strictObject({ content: text(64_000).describe('The content.') }))
    .default({})
    .describe(
      'Files written into the sandbox before the agent starts (configuration of agents that we do not run).',
    ),
});

/** A validated harness document with every default filled in. */
export type Harness = z.infer<typeof harnessSchema>;
/** A harness document as people write it: defaults may be left out. */
export type HarnessInput = z.input<typeof harnessSchema>;
export type Rule = Harness['rules'][string];
