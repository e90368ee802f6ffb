import { createHash } from 'node:crypto';
import { z } from 'zod';
import { problemsOf } from '../contract/parse.js';
import { splitTasks } from '../contract/tasks.js';
import { harnessDigest } from '../harness/digest.js';
import { RegistryError } from '../registry/error.js';
import type { SealOpening, UnsealInput } from '../workflows/types.js';
import { putCanonical } from './artifacts.js';
import type { WorkerContext } from './context.js';
import { badInput } from './failures.js';
import { trialSeconds } from './prepare.js';
import { runActivity } from './run.js';

const SOURCE = 'workflow input';
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits');
const inputSchema = z.strictObject({
  name: z.string().min(1).max(100),
  contract: digest,
  seedHarness: digest,
  champion: digest,
  registry: z.string().min(1).max(1000),
  attempts: z.number().int().min(1).max(20).default(2),
  concurrency: z.number().int().min(1).max(500).default(8),
  reason: z.string().trim().max(1000).default(''),
  actor: z.string().min(1).max(200).optional(),
});

/**
 * Writes to the ledger that the sealed split is opened, and only then tells its tasks. The same champion and reason are
 * the same opening, however often it is asked for.
 */
export function createOpenSealed(context: WorkerContext) {
  return (given: UnsealInput): Promise<SealOpening> =>
    runActivity(async () => {
      const parsed = inputSchema.safeParse(given);
      if (!parsed.success) throw badInput(problemsOf(parsed.error, given, SOURCE, inputSchema));
      const input = parsed.data;
      const { contract, suite } = await context.contract(input.contract);
      const { sealed } = contract.split;
      if (sealed.length === 0) return { refused: 'no task is sealed: `split.sealed` was 0' };
      try {
        const openings = await record(context, input, splitTasks(contract, sealed));
        const { attempts, concurrency } = input;
        return {
          tasks: sealed,
          openings,
          attempts,
          concurrency,
          trialSeconds: trialSeconds(contract.limits, suite),
        };
      } catch (error) {
        if (error instanceof RegistryError && error.code === 'needs-reason')
          return { refused: error.message };
        throw error;
      }
    });
}

async function record(
  context: WorkerContext,
  input: z.infer<typeof inputSchema>,
  tasks: { name: string; digest: string }[],
): Promise<number> {
  const { name, contract, reason } = input;
  const registry = context.registry(input.registry);
  const seed = await context.harness(input.seedHarness);
  const champion = await context.harness(input.champion);
  await registry.putVersion(seed);
  await registry.putVersion(champion);
  const said = reason === '' ? '' : `/${createHash('sha256').update(reason).digest('hex').slice(0, 16)}`;
  const entry = await registry.record({
    id: `seal/${name}/${contract}/${input.champion}${said}`,
    at: new Date().toISOString(),
    actor: input.actor ?? `evolution ${name}`,
    action: 'seal-opened',
    harness: harnessDigest(champion),
    parent: input.champion === input.seedHarness ? null : harnessDigest(seed),
    ref: null,
    reason,
    evidence: { contract },
    evolution: name,
    round: null,
    splitUse: {
      split: 'sealed',
      digest: await putCanonical(context.store, tasks),
      tasks: tasks.length,
    },
  });
  return entry.splitUse!.count;
}
