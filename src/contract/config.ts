/** Configuration of an evolution: one schema, from `evolution.yaml` and from the Temporal CLI's JSON alike. */
import { z } from 'zod';
import { quarantineSchema } from '../suite/quarantine.js';

export const nameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and dashes, at most 63');

const endpoint = z.strictObject({
  name: z
    .string()
    .max(64)
    .default('openai')
    .describe('Name of the endpoint; the worker resolves address and key by it.'),
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'expected an address such as http://127.0.0.1:8000/v1' })
    .optional()
    .describe('Address of the OpenAI-compatible API; else OPENAI_BASE_URL, else OpenAI itself.'),
  apiKeyEnv: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*API_KEY$/, 'expected the name of an environment variable that ends in API_KEY')
    .default('OPENAI_API_KEY')
    .describe('Environment variable of the worker that holds the key. Never the key itself.'),
  concurrency: z.number().int().min(1).max(512).default(16).describe('Requests at once.'),
  timeoutSeconds: z.number().positive().max(3600).default(600).describe('Longest wait for one answer.'),
  tools: z
    .enum(['native', 'text', 'auto'])
    .default('auto')
    .describe(
      'native: tool calling of the API; text: tools described in the prompt; auto: native until the endpoint refuses.',
    ),
});

const price = z.strictObject({
  inputPerMillion: z.number().nonnegative().describe('Dollars per million prompt tokens.'),
  cachedInputPerMillion: z
    .number()
    .nonnegative()
    .optional()
    .describe('Dollars per million cached prompt tokens.'),
  outputPerMillion: z.number().nonnegative().describe('Dollars per million completion tokens.'),
});

const model = z.strictObject({
  name: z.string().min(1).max(200).describe("The model's name, as the endpoint knows it."),
  endpoint: endpoint.prefault({}),
  sampling: z
    .strictObject({
      temperature: z.number().min(0).max(2).optional(),
      topP: z.number().min(0).max(1).optional(),
      maxTokens: z.number().int().min(16).max(1_000_000).optional().describe('Completion tokens per answer.'),
      reasoningEffort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
      seed: z.boolean().default(true).describe('Send a seed with each request, drawn from the trial.'),
    })
    .prefault({})
    .describe('Part of the contract: fixed during an evolution.'),
  contextTokens: z
    .number()
    .int()
    .min(4000)
    .max(10_000_000)
    .default(128_000)
    .describe(
      'Size of its context window: where it is larger, caps on money are not held. Trials in which the endpoint refuses less than half of it are invalid.',
    ),
  price: price.optional().describe('Without it, dollars are not counted.'),
});

const difference = z.number().min(-1).max(1);

const screen = z.strictObject({
  minDifferences: z
    .array(difference)
    .min(1)
    .max(20)
    .default([0, 0.05, 0.12])
    .describe(
      'Least gain on its targets that keeps a candidate in, after each attempt; one attempt per number.',
    ),
  maxTargets: z.number().int().min(1).max(500).default(64),
});

const targets = z.strictObject({
  extraAttempts: z
    .number()
    .int()
    .min(0)
    .max(20)
    .default(2)
    .describe('More attempts for them in the first look.'),
  weight: z.number().int().min(1).max(10).default(2).describe('How much one of them counts in the test.'),
  futility: difference.default(0.05).describe('Gain on them at or below which going on is futile.'),
});

const confirm = z
  .strictObject({
    looks: z.array(z.number().int().min(1).max(100)).min(1).max(20).default([1, 2, 3, 4, 6]),
    alphas: z.array(z.number().gt(0).lt(0.5)).min(1).max(20).default([0.02, 0.035, 0.05, 0.065, 0.08]),
    futility: difference.default(-0.01),
    targets: targets.prefault({}).describe('Tasks of the weaknesses that the edits under test are aimed at.'),
    margin: z.number().min(0).max(1).default(0.05),
    agreedShare: z.number().gt(0).max(1).default(0.3),
    fallbackFactor: z.number().min(0).max(1).default(0.6),
  })
  .refine((c) => c.looks.length === c.alphas.length, {
    path: ['alphas'],
    error: 'expected as many alphas as looks',
  })
  .refine((c) => c.looks.every((look, i) => i === 0 || look > c.looks[i - 1]!), {
    path: ['looks'],
    error: 'expected rising numbers',
  });

export const evolutionSchema = z.strictObject({
  name: nameSchema.default('evolution').describe('Names the evolution; its workflow is `evolve/<name>`.'),
  suite: z
    .string()
    .min(1)
    .max(1000)
    .describe('Folder of tasks, or the name of a bundled suite such as terminal-basics.'),
  split: z
    .union([
      z.strictObject({
        file: z
          .string()
          .min(1)
          .max(1000)
          .describe('JSON or YAML: {heldIn: [names], heldOut: [names], sealed?, reserve?}.'),
      }),
      z.strictObject({
        heldIn: z.number().int().min(1).max(10_000).default(43),
        heldOut: z.number().int().min(1).max(10_000).default(21),
        sealed: z
          .number()
          .int()
          .min(0)
          .max(10_000)
          .optional()
          .describe(
            'Tasks that stay sealed until the end; default: up to 20 of what is left over, less what `heldOutUses.past: renew` needs of it.',
          ),
        seed: z.number().int().min(0).default(1),
      }),
    ])
    .prefault({})
    .describe('A file with the names, or sizes drawn by seed and stratified by category.'),
  quarantine: z
    .union([z.string().min(1).max(1000), quarantineSchema])
    .prefault({})
    .describe(
      'Tasks that no split may hold, each with its reason: {task: reason}, or the file that `suite check --write` wrote.',
    ),
  harness: z
    .string()
    .min(1)
    .max(1000)
    .default('seed')
    .describe('Where to start: a YAML file, or a ref or digest of the registry.'),
  registry: z
    .string()
    .max(1000)
    .optional()
    .describe('Folder of the registry; default: `registry` in the state folder.'),
  model: model.describe('The model that is run, and that mines and proposes.'),
  proposer: model
    .optional()
    .describe('Another model for mining and proposing; the evolution is then labelled meta.'),
  rounds: z.number().int().min(1).max(100).default(3).describe('Rounds at most.'),
  width: z.number().int().min(1).max(16).default(4).describe('Proposals per round (K).'),
  gate: z
    .strictObject({
      kind: z.enum(['confirmed', 'paper']).default('confirmed'),
      attempts: z.number().int().min(1).max(20).default(2).describe('paper: attempts per task and arm.'),
      screen: screen.prefault({}),
      confirm: confirm.prefault({}),
      minValidShare: z.number().min(0).max(1).default(0.8),
      permutations: z.number().int().min(200).max(100_000).default(4000),
    })
    .prefault({}),
  sandbox: z
    .strictObject({
      kind: z
        .enum(['auto', 'bubblewrap', 'host'])
        .default('auto')
        .describe('host runs model-written commands unprotected.'),
      allowHost: z.boolean().default(false).describe('Has to be true for kind host.'),
      baseRoot: z
        .string()
        .max(1000)
        .optional()
        .describe("Folder with the sandbox's root system; default: this machine's /usr."),
    })
    .prefault({}),
  limits: z
    .strictObject({
      turns: z.number().int().min(1).max(10_000).default(100),
      toolCalls: z.number().int().min(1).max(100_000).default(200),
      tokens: z.number().int().min(1000).max(1_000_000_000).default(2_000_000),
      agentSeconds: z
        .number()
        .positive()
        .max(86_400)
        .default(900)
        .describe('Where a task names less, that holds.'),
      memoryMb: z.number().int().min(64).max(1_048_576).default(2048),
      processes: z.number().int().min(16).max(100_000).default(512),
      storageMb: z.number().int().min(16).max(1_048_576).default(1024),
    })
    .prefault({})
    .describe('Limits of one trial; part of the contract.'),
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(500)
    .default(8)
    .describe("Trials in flight at once; how many really run is also bounded by the workers' slots."),
  calibration: z
    .strictObject({
      enabled: z.boolean().default(true),
      attempts: z.number().int().min(1).max(20).default(2).describe('Per task and arm; there are two arms.'),
      wantedGain: z
        .number()
        .gt(0)
        .max(1)
        .default(0.15)
        .describe('Gain in the pass rate (0-1) that a round has to be able to see.'),
      onTooSmall: z
        .enum(['ask', 'go-on'])
        .default('ask')
        .describe('Where the wanted gain cannot be seen: pause and ask, or go on.'),
    })
    .prefault({})
    .describe('Before the first round, the incumbent is measured against itself.'),
  finalAttempts: z
    .number()
    .int()
    .min(0)
    .max(20)
    .default(2)
    .describe('Fresh attempts per task for the seed and the champion at the end; 0: no final measurement.'),
  unseal: z
    .enum(['at-end', 'on-request'])
    .default('at-end')
    .describe(
      'When seed and champion run on the sealed split, finalAttempts each: after the final measurement, or on a word (`self-harness unseal NAME`).',
    ),
  heldOutUses: z
    .strictObject({
      max: z.number().int().min(1).max(10_000).default(10).describe('Decisions that may use one heldOut.'),
      past: z
        .enum(['warn', 'renew'])
        .default('warn')
        .describe(
          'Past it: say so (warn), or draw as many tasks of the reserve in its place (renew); the reserve has to have them.',
        ),
    })
    .prefault({})
    .describe('Counted in the ledger, over all evolutions of a registry.'),
  ablation: z
    .enum(['off', 'report', 'prune'])
    .default('off')
    .describe(
      'After the last round: leave each promoted edit out in turn and report which no longer help; prune: remove those.',
    ),
  controls: z
    .array(z.enum(['no-op', 'best-of-n', 'random-edit']))
    .refine((kinds) => new Set(kinds).size === kinds.length, 'expected each control once')
    .default([])
    .describe(
      'After the final measurement, what the evolution spent is spent again on nothing (no-op), on attempts of the seed (best-of-n), on random valid edits under the same gate (random-edit).',
    ),
  budget: z
    .strictObject({
      usd: z.number().positive().optional(),
      tokens: z.number().int().positive().optional(),
      trials: z.number().int().positive().optional(),
      hours: z.number().positive().optional(),
    })
    .prefault({})
    .describe(
      'Caps, counted from the start; earlier runs of the same name and contract are in them, but for hours. The total passes one by the cost of one trial at most, and there the evolution stands until a budget is set. usd needs prices.',
    ),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1)
    .describe('Base of all randomness of ours.'),
});

/** A validated configuration with every default filled in. */
export type EvolutionConfig = z.infer<typeof evolutionSchema>;
export type EvolutionConfigInput = z.input<typeof evolutionSchema>;
export type ModelConfig = EvolutionConfig['model'];
